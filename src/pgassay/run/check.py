"""`pgassay check`: the structural checks of a system or of any database, as a stream of events."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import pgassay
from pgassay.checks.ground import Ground, Relations
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    Told,
)
from pgassay.core.finding import Severity
from pgassay.drift.policy import BOOKKEEPING
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.looking import keep_to_looking, looking_at
from pgassay.postgres.session import PipelineSession
from pgassay.run.checking import Checking, Selection, select
from pgassay.run.stand import Stand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    import psycopg

    from pgassay.core.catalog import Catalog
    from pgassay.core.config import System
    from pgassay.run.stand import Request


def check_system(
    request: Request, selection: Selection, fail_on: Severity = Severity.WARNING
) -> Iterator[Event]:
    """Check what the migrations of a system build.

    Args:
        request: which system, where.
        selection: which checks.
        fail_on: the mildest severity that fails the run.
    """
    started = perf_counter()
    with Stand(request) as stand:
        yield RunStarted(
            command="check",
            system=stand.name,
            server=stand.server.why,
            postgres=stand.server.version,
            seed=request.seed,
            version=pgassay.__version__,
        )
        yield from _checked(checking_of(stand, selection), fail_on, started)


def check_database(
    conninfo: str,
    choose: Callable[[str], Selection],
    today: date,
    system: System | None = None,
    fail_on: Severity = Severity.WARNING,
) -> Iterator[Event]:
    """Check a database that exists. Nothing is written there, and only the catalog is read.

    Args:
        conninfo: a URL, or libpq's words.
        choose: returns the selection, given the name of the database.
        today: the date by which partitions and acceptances are judged.
        system: the system whose database it is, if it is one of the configuration.
        fail_on: the mildest severity that fails the run.

    Raises:
        ConfigError, MachineError: the database cannot be named or reached.
    """
    started = perf_counter()
    ask = "name a role that may CONNECT there; reading pg_catalog takes no other right"
    with looking_at(conninfo, "pgassay check", ask) as connection:
        keep_to_looking(connection)
        info = connection.info
        name = system.name if system else info.dbname
        selection = choose(name)
        checking = Checking(
            system=name,
            selection=selection,
            today=today,
            configured=system is not None,
            make_ground=partial(_ground_of, connection, today, system),
        )
        yield RunStarted(
            command="check",
            system=name,
            server=f'database "{info.dbname}" of {info.host or "this machine"}, only read, '
            f"as {info.user}",
            postgres=info.parameter_status("server_version") or "?",
            seed=0,
            version=pgassay.__version__,
        )
        yield from _checked(checking, fail_on, started)


def checking_of(stand: Stand, selection: Selection | None = None) -> Checking:
    """Return the checks of what the migrations of a stand's system built."""
    request = stand.request
    return Checking(
        system=stand.name,
        selection=selection
        or select(request.system.checks, request.config.root, request.system.name),
        today=request.today,
        make_ground=partial(_ground_on, stand),
    )


def _ground_on(stand: Stand) -> Ground:
    return Ground(
        relations=Relations(stand.catalogs[stand.proven]),
        today=stand.request.today,
        partitions=stand.request.system.partitions,
        session=stand.session(stand.lent(stand.proven)),
    )


def _ground_of(
    connection: psycopg.Connection[object], today: date, system: System | None
) -> Ground:
    return Ground(
        relations=Relations(without_books(read_catalog(connection), system)),
        today=today,
        partitions=system.partitions if system else (),
        session=PipelineSession(connection),
    )


def without_books(catalog: Catalog, system: System | None = None) -> Catalog:
    """Return a catalog without the tables in which migration tools keep their books."""
    declared = frozenset(system.bookkeeping if system else ())
    gone = {t.name for t in catalog.tables if t.name.name in BOOKKEEPING or t.name in declared}
    return replace(
        catalog,
        tables=tuple(t for t in catalog.tables if t.name not in gone),
        sequences=tuple(s for s in catalog.sequences if s.owned_by not in gone),
    )


def _checked(checking: Checking, fail_on: Severity, started: float) -> Iterator[Event]:
    system = checking.system
    yield PhaseStarted(system=system, phase="checks")
    begun = perf_counter()
    failing = 0
    tally: Counter[str] = Counter()
    for trial in checking.trials():
        outcome = trial.run(system)
        yield CaseFinished(system=system, outcome=outcome)
        for finding in outcome.findings:
            yield FindingMade(system=system, finding=finding)
            failing += finding.severity in fail_on.and_worse
        tally["with findings" if outcome.findings else "passed"] += 1
    counts = dict(tally) | checking.counts()
    yield PhaseFinished(
        system=system, phase="checks", seconds=perf_counter() - begun, counts=counts
    )
    for text in checking.told():
        yield Told(system=system, text=text)
    yield RunFinished(
        system=system, passed=failing == 0, seconds=perf_counter() - started, kept=None
    )
