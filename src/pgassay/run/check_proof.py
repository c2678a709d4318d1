"""A check proven both ways: it fires on the bad schema, not on the good one, not on the near miss.

For pgassay's own checks and for a team's: `pgassay.testing` hands these on.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgassay.checks.ground import Ground, Relations
from pgassay.checks.registry import built_in, choose
from pgassay.core.check import CheckSettings
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.run.day import day
from pgassay.run.grounds import without_books
from pgassay.run.own_checks import read_check

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import psycopg

    from pgassay.core.finding import Finding

_ONLINE = re.compile(r"\b(index) concurrently\b")


def check_findings(
    check: str | Path,
    connection: psycopg.Connection[Any],
    *,
    options: Mapping[str, Any] | None = None,
    today: date | None = None,
) -> tuple[Finding, ...]:
    """Return what a check finds in the database of a connection, as that sees it.

    Args:
        check: the slug of one of pgassay's checks, or the file of one of your own.
        connection: in autocommit mode, or inside a transaction.
        options: what the check is told.
        today: the date by which it judges.

    Raises:
        ConfigError: there is no such check, or it has no such option.
    """
    known = dict(built_in())
    slug = check
    if isinstance(check, Path):
        own = read_check(check)
        known[own.slug] = own
        slug = own.slug
    settings = CheckSettings(options={str(slug): options or {}}, where="options")
    (chosen,) = choose(settings, known, only=(str(slug),))
    session = PipelineSession(connection)
    ground = Ground(
        relations=Relations(without_books(read_catalog(connection))),
        options=chosen.options,
        today=today or day(None),
        session=session,
        rows=session,
    )
    return tuple(chosen.check.finding(problem) for problem in chosen.check.find(ground))


def prove_check(
    check: str | Path,
    connection: psycopg.Connection[Any],
    *,
    bad: str | None = None,
    good: str | None = None,
    near_miss: str | None = None,
    options: Mapping[str, Any] | None = None,
    today: date | None = None,
) -> tuple[Finding, ...]:
    """Prove a check both ways, and return what it finds in the bad schema.

    It must find something there; the fixes it suggests must run, and it must find nothing after
    them, nor in the good schema, nor in the near miss. All of it is rolled back.

    Args:
        check: the slug of one of pgassay's checks, or the file of one of your own.
        connection: to a database where the statements can run.
        bad: statements that build what it is to find; those of its page by default.
        good: statements that build the same repaired; those of its page by default.
        near_miss: statements that build what looks like it and is right.
        options: what the check is told.
        today: the date by which it judges.

    Raises:
        AssertionError: it is not proven, in words.
    """
    own = read_check(check) if isinstance(check, Path) else built_in()[check]

    def found(*scripts: str) -> tuple[Finding, ...]:
        with connection.transaction(force_rollback=True):
            for script in scripts:
                connection.execute(script.encode())
            return check_findings(check, connection, options=options, today=today)

    bad = own.page.bad if bad is None else bad
    findings = found(bad)
    assert findings, f"{own.slug} finds nothing in the bad schema"
    fixes = dict.fromkeys(finding.fix for finding in findings)
    if all(fixes):
        left = found(bad, *(in_transaction(fix) for fix in fixes))
        assert not left, f"after its own fix {own.slug} still finds {_told(left)}"
    for what, script in (
        ("the good schema", own.page.good if good is None else good),
        ("the near miss", near_miss or ""),
    ):
        false = found(script)
        assert not false, f"{own.slug} finds something in {what}: {_told(false)}"
    return findings


def in_transaction(fix: str) -> str:
    """Return a fix as it can be run within a transaction: without CONCURRENTLY."""
    return _ONLINE.sub(r"\1", fix)


def _told(findings: tuple[Finding, ...]) -> str:
    return "; ".join(f"{finding.fingerprint}: {finding.found}" for finding in findings)
