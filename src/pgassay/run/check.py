"""`pgassay check`: the structural checks of a system or of any database, as a stream of events."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import pgassay
from pgassay.core.check import Need
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
from pgassay.postgres.looking import looking_at
from pgassay.run.checking import Checking, Selection, select
from pgassay.run.grounds import (
    ground_of_database,
    ground_of_stand,
    offers_of_database,
    offers_of_stand,
)
from pgassay.run.populate import filled
from pgassay.run.populated import PopulatedStand
from pgassay.run.stand import Stand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from pgassay.core.config import Config, System
    from pgassay.run.stand import Request


def check_system(
    request: Request,
    selection: Selection,
    fail_on: Severity = Severity.WARNING,
    populate: str | None = None,
) -> Iterator[Event]:
    """Check what the migrations of a system build.

    Args:
        request: which system, where.
        selection: which checks.
        fail_on: the mildest severity that fails the run.
        populate: the profile of the rows that it is to have; none by default.
    """
    started = perf_counter()
    models = any(one.check.need is Need.MODELS for one in selection.chosen)
    with _stand(replace(request, models=models), populate) as stand:
        yield RunStarted(
            command="check",
            system=stand.name,
            server=stand.server.why,
            postgres=stand.server.version,
            seed=request.seed,
            version=pgassay.__version__,
        )
        if isinstance(stand, PopulatedStand):
            yield from filled(stand)
        yield from _checked(checking_of(stand, selection), fail_on, started)


def _stand(request: Request, populate: str | None) -> Stand:
    if populate is None:
        return Stand(request)
    from pgassay.run.volume_order import order_of  # noqa: PLC0415 - only where asked for

    return PopulatedStand(request, order_of(request, profile=populate))


def check_database(
    conninfo: str,
    choose: Callable[[str], Selection],
    today: date,
    *,
    system: System | None = None,
    config: Config | None = None,
    fail_on: Severity = Severity.WARNING,
) -> Iterator[Event]:
    """Check a database that exists. Nothing is written there, and only the catalog is read.

    Args:
        conninfo: a URL, or libpq's words.
        choose: returns the selection, given the name of the database.
        today: the date by which partitions and acceptances are judged.
        system: the system whose database it is, if it is one of the configuration.
        config: that configuration, for the system's models.
        fail_on: the mildest severity that fails the run.

    Raises:
        ConfigError, MachineError: the database cannot be named or reached.
    """
    started = perf_counter()
    ask = "name a role that may CONNECT there; reading pg_catalog takes no other right"
    with looking_at(conninfo, "pgassay check", ask) as connection:
        info = connection.info
        name = system.name if system else info.dbname
        selection, offers = choose(name), offers_of_database(system)
        checking = Checking(
            system=name,
            selection=selection,
            today=today,
            configured=system is not None,
            offers=offers,
            make_ground=partial(
                ground_of_database,
                connection,
                today,
                _needs(selection) & offers,
                system=system,
                config=config,
            ),
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
    selection = selection or select(request.system.checks, request.config.root, request.system.name)
    offers = offers_of_stand(stand)
    return Checking(
        system=stand.name,
        selection=selection,
        today=request.today,
        offers=offers,
        make_ground=partial(ground_of_stand, stand, _needs(selection) & offers),
    )


def _needs(selection: Selection) -> frozenset[Need]:
    return frozenset(chosen.check.need for chosen in selection.chosen)


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
