"""The gate: every phase of a system's promise, as a stream of events."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import pgassay
from pgassay.core.case import Case, Outcome, Status, Subject, Unproven
from pgassay.core.errors import ConfigError, MachineError
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
from pgassay.run.evidence import findings_of
from pgassay.run.exhibits import deletes_seen, tables_seen
from pgassay.run.phases import trials_of
from pgassay.run.stand import Request, Stand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgassay.run.populated import VolumeOrder

PHASES = ("drift", "checks", "cases", "rules", "properties", "schedules")
PRODUCTION = "production"
"""The phase that runs where a system names a snapshot of production."""
ASKED_FOR = ("history", "plans", PRODUCTION)
"""Phases that run only where they are named: they take longer than a gate may, or need rows or a
snapshot."""
_ROWS_OF_PLANS = "small"


@dataclass(slots=True)
class _Verdict:
    bad: int = 0


def gate(
    request: Request,
    *,
    phases: tuple[str, ...] = PHASES,
    kinds: tuple[str, ...] | None = None,
    hold: Callable[[Stand], str | None] | None = None,
    order: VolumeOrder | None = None,
) -> Iterator[Event]:
    """Prove one system and yield what happens.

    Args:
        request: which system, where.
        phases: which phases.
        kinds: which kinds of cases; all by default.
        hold: called with the stand after a red run, before the server ends, to keep the evidence;
            returns where it is.
        order: the rows that the database is to have meanwhile; none by default, `small` where
            plans are asked for.
    """
    started = perf_counter()
    if order is None and "plans" in phases:
        from pgassay.run.volume_order import order_of  # noqa: PLC0415 - only where asked for

        order = order_of(request, profile=_ROWS_OF_PLANS)
    if request.system.production is not None and phases == PHASES:
        phases = (*PHASES, PRODUCTION)
    if PRODUCTION in phases:
        _has_snapshot(request)
    system = request.system.name
    verdict = _Verdict()
    yield PhaseStarted(system=system, phase="routes")
    with _stand(request, order) as stand:
        yield RunStarted(
            command="gate",
            system=system,
            server=stand.server.why,
            postgres=stand.server.version,
            seed=request.seed,
            version=pgassay.__version__,
        )
        counts = {"built" if stand.built else "cloned": len(stand.routes)}
        yield PhaseFinished(
            system=system, phase="routes", seconds=perf_counter() - started, counts=counts
        )
        for lacking in stand.server.not_available:
            yield Told(system=system, text=f"not available on this server: {lacking}")
        yield from tables_seen(system, stand.catalogs[stand.proven])
        yield from deletes_seen(system, stand.catalogs[stand.proven])
        yield from _rows(stand)
        with ThreadPoolExecutor(1) as aside:
            ahead = _ahead(stand, phases, aside)
            for phase in phases:
                outcomes = ahead[phase]() if phase in ahead else _outcomes(stand, phase, kinds)
                yield from _phase(stand.name, phase, outcomes, verdict, ahead=phase in ahead)
        kept = hold(stand) if verdict.bad and hold else None
    yield RunFinished(
        system=system,
        passed=verdict.bad == 0,
        seconds=perf_counter() - started,
        kept=kept,
    )


def _stand(request: Request, order: VolumeOrder | None) -> Stand:
    if order is None:
        return Stand(request)
    from pgassay.run.populated import PopulatedStand  # noqa: PLC0415 - only where asked for

    return PopulatedStand(request, order)


def _rows(stand: Stand) -> Iterator[Event]:
    """Populate the database, if rows were ordered."""
    if stand.has_rows:
        from pgassay.run.populate import filled  # noqa: PLC0415 - only where asked for
        from pgassay.run.populated import PopulatedStand  # noqa: PLC0415 - as above

        assert isinstance(stand, PopulatedStand)
        yield from filled(stand)


def _ahead(
    stand: Stand, phases: tuple[str, ...], aside: ThreadPoolExecutor
) -> dict[str, Callable[[], list[Outcome]]]:
    """Start what mostly waits for the server beside what mostly computes."""
    if "schedules" not in phases or len(phases) == 1:
        return {}
    trials = list(trials_of(stand, "schedules"))  # derived here: the row maker is not shared
    return {"schedules": aside.submit(lambda: [trial.run(stand.name) for trial in trials]).result}


def _phase(
    system: str, phase: str, outcomes: Iterable[Outcome], verdict: _Verdict, *, ahead: bool
) -> Iterator[Event]:
    yield PhaseStarted(system=system, phase=phase)
    started = perf_counter()
    tally: Counter[str] = Counter()
    spent = 0.0
    for outcome in outcomes:
        spent += outcome.seconds
        yield CaseFinished(system=system, outcome=outcome)
        tally[_WORDS[outcome.status]] += 1
        for finding in findings_of(outcome, system):
            yield FindingMade(system=system, finding=finding)
            verdict.bad += finding.severity is Severity.ERROR
    counts = {word: tally[word] for word in _WORDS.values() if tally[word]}
    seconds = spent if ahead else perf_counter() - started
    yield PhaseFinished(system=system, phase=phase, seconds=seconds, counts=counts)


_WORDS = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.ERROR: "in error",
    Status.UNPROVEN: "unproven",
}


def _outcomes(stand: Stand, phase: str, kinds: tuple[str, ...] | None) -> Iterator[Outcome]:
    if phase == "plans":
        from pgassay.run.bench import plan_outcomes  # noqa: PLC0415 - only where asked for
        from pgassay.run.populated import PopulatedStand  # noqa: PLC0415 - as above

        assert isinstance(stand, PopulatedStand)
        yield from plan_outcomes(stand)
        return
    if phase == PRODUCTION:
        yield from _at_production(stand)
        return
    if phase != "cases":
        yield from (trial.run(stand.name) for trial in trials_of(stand, phase))
        return
    cases: list[Case] = []
    for case in stand.cases(kinds):
        if isinstance(case, Case):
            cases.append(case)
        else:
            yield Outcome(case=case, status=Status.UNPROVEN, reason=case.reason)
    yield from stand.run_cases(cases)


def _at_production(stand: Stand) -> Iterator[Outcome]:
    """Yield what becomes of the hot queries' plans at the size of the system's snapshot."""
    from pgassay.run.kept_stage import production_outcomes  # noqa: PLC0415 - only where asked for

    request = stand.request
    assert request.system.production is not None
    try:
        yield from production_outcomes(stand, request.system.production)
    except MachineError as error:
        case = Unproven(
            kind=PRODUCTION,
            subject=Subject(object=request.system.name),
            title="plans at production's size",
            reason=error.found,
        )
        yield Outcome(case=case, status=Status.UNPROVEN, reason=error.found)


def _has_snapshot(request: Request) -> None:
    """Refuse at once to judge at the size of a production that nobody has taken a snapshot of."""
    if request.system.production is None:
        name = request.system.name
        raise ConfigError(
            "there is no snapshot of production",
            where=f"[tool.pgassay.systems.{name}]",
            expected='production = "prod.json"',
            fix="pgassay snapshot URL > prod.json",
        )
