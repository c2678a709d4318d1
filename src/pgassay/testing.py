"""Public names for suites: adopt what is derived, in a few lines.

    from pgassay.testing import Suite

    creativeflow = Suite("creativeflow")

collects everything that `pgassay gate --system creativeflow` proves, as pytest items;

    from pgassay.testing import database_fixture

    creativeflow = database_fixture("creativeflow")

gives tests a migrated database in a transaction of their own, and rows for the asking;

    from pgassay.testing import Timings

    creativeflow = Timings("creativeflow", writes=("assets", "users"))

times the hot queries and some writes with pytest-benchmark;

    from pgassay.testing import prove_check

    def test_our_check(shop: Database) -> None:
        prove_check(Path("checks/audited.sql"), shop.connection)

proves a structural check of your own on the examples of its page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.errors import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from pgassay.run.check_proof import check_findings, prove_check
    from pgassay.run.testbed.database import Database

__all__ = [
    "PHASES",
    "Database",
    "Suite",
    "Timings",
    "check_findings",
    "database_fixture",
    "prove_check",
]

PHASES = ("drift", "checks", "cases", "rules", "properties", "schedules")
"""The phases of a gate, in the order in which they run."""
ASKED_FOR = ("history",)
"""Phases that a suite has where it names them."""


class Suite:
    """What one test module adopts of a system's derived tests.

    Args:
        system: a name under `[tool.pgassay.systems]`.
        phases: which phases of the gate, all by default; `history` where it is named.
        kinds: which kinds of cases; all by default.

    Raises:
        ValueError: a phase that there is none of.
    """

    def __init__(
        self,
        system: str,
        *,
        phases: tuple[str, ...] = PHASES,
        kinds: tuple[str, ...] | None = None,
    ) -> None:
        unknown = [phase for phase in phases if phase not in (*PHASES, *ASKED_FOR)]
        if unknown:
            valid = suggestion(unknown[0], (*PHASES, *ASKED_FOR))
            raise ValueError(f"no phase is called {unknown[0]!r}: {valid}")
        self.system = system
        self.phases = phases
        self.kinds = kinds

    def __repr__(self) -> str:
        return f"Suite({self.system!r}, phases={self.phases!r}, kinds={self.kinds!r})"


class Timings:
    """The hot queries and the writes of a system, as items that pytest-benchmark times.

    Each query is one group, its runs (typical, heaviest, absent) beside each other; so are the
    writes of a table: insert one, insert a thousand, update one, delete the heaviest with all
    that goes with it, each rolled back.

    Args:
        system: a name under `[tool.pgassay.systems]`.
        writes: tables whose writes are timed.
        rounds: of each write; how often a read is asked, pytest-benchmark's own options say.
    """

    def __init__(self, system: str, *, writes: tuple[str, ...] = (), rounds: int = 20) -> None:
        self.system = system
        self.writes = writes
        self.rounds = rounds

    def __repr__(self) -> str:
        return f"Timings({self.system!r}, writes={self.writes!r}, rounds={self.rounds!r})"


def database_fixture(system: str) -> Any:
    """Return a pytest fixture that lends a test a database of a system.

    Assign it in a conftest.py or a test module; the fixture is called what it is assigned to. It
    gives a `Database`: its rows come with their parents, its `session` and its `connection` are in
    one transaction, and that is rolled back after the test.

    Args:
        system: a name under `[tool.pgassay.systems]`.
    """
    import pytest  # noqa: PLC0415 - a Suite can be declared without it

    from pgassay.pytest_loans import lent  # noqa: PLC0415 - as said above

    def lend(request: pytest.FixtureRequest) -> Iterator[Database]:
        yield from lent(request, system)

    lend.__doc__ = f"A database of {system}, rolled back after the test."
    return pytest.fixture(lend)


def __getattr__(name: str) -> Any:
    """Import what is heavy when it is asked for: `Database`, for annotations, and the proofs."""
    if name == "Database":
        from pgassay.run.testbed.database import Database  # noqa: PLC0415 - as said above

        return Database
    if name in ("check_findings", "prove_check"):
        from pgassay.run import check_proof  # noqa: PLC0415 - as said above

        return getattr(check_proof, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
