"""Databases in fixtures: lent to a test, rolled back after it, told of and kept when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import PgassayError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.testbed.database import Database
    from pgassay.run.testbed.lending import Loan

LOANS = pytest.StashKey[list["Loan"]]()
"""What a test has borrowed."""
FAILED = pytest.StashKey[bool]()
"""Whether a test has failed."""
KEPT = pytest.StashKey[list[tuple[str, str]]]()
"""Tests that failed and where their databases are, on the configuration."""


def lent(request: pytest.FixtureRequest, system: str) -> Iterator[Database]:
    """Lend a database to a test and take it back."""
    from pgassay.pytest_stands import Stands  # noqa: PLC0415 - heavy, only where a test asks

    try:
        lending = Stands.of(request.config).lending(system, request.path.parent)
        loan = lending.lend()
    except PgassayError as failure:
        raise pytest.fail.Exception(str(failure), pytrace=False) from None
    node: pytest.Item = request.node
    node.stash.setdefault(LOANS, []).append(loan)
    yield loan.database
    if node.stash.get(FAILED, False) and request.config.getoption("pgassay_keep"):
        kept = request.config.stash.setdefault(KEPT, [])
        kept.append((node.nodeid, loan.keep()))
        return
    try:
        loan.end()
    except PgassayError as failure:
        raise pytest.fail.Exception(str(failure), pytrace=False) from None


def tell(item: pytest.Item, report: pytest.TestReport) -> None:
    """Add to the report of a test that failed what its rows were made by."""
    loans = item.stash.get(LOANS, [])
    if not loans or not report.failed:
        return
    item.stash[FAILED] = True
    if report.when == "call":
        for loan in loans:
            script = loan.script()
            if script:
                report.sections.append((f"rows of {loan.database!r}", script))
