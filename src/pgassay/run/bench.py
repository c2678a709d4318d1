"""The bench: hot queries on a populated database, their plans judged, as a stream of events."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import pgassay
from pgassay.core.case import Outcome, Status, Subject, Trial
from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    Progressed,
    QueryMeasured,
    RunFinished,
    RunStarted,
    Told,
)
from pgassay.core.finding import Severity
from pgassay.plans.judgement import judge
from pgassay.plans.places import Places
from pgassay.postgres.explain import QueryRefusedError
from pgassay.run.bench_baseline import BaselineFile
from pgassay.run.bench_clients import throughput
from pgassay.run.bench_growth import grown, key_of, point_of
from pgassay.run.bench_history import Night, nights, remembered, trend
from pgassay.run.bench_indexes import ablation
from pgassay.run.exhibits import plan_seen
from pgassay.run.populate import filled
from pgassay.run.populated import PopulatedStand
from pgassay.run.query_bench import QueryBench, figures_of, refused
from pgassay.run.query_files import check_names, read_queries
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pgassay.core.finding import Finding
    from pgassay.plans.ground import Measured
    from pgassay.plans.query import HotQuery, QueryParameter
    from pgassay.run.query_bench import Question
    from pgassay.run.stand import Request

PHASES = ("plans", "indexes", "growth")


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchOrder:
    """What a bench is asked for.

    Args:
        profile: how many rows.
        queries: only these, by name; all if empty.
        tables: only queries whose plans read one of these; all if empty.
        phases: plans, indexes, growth.
        growth: the profiles over which growth is judged.
        accept: write the plans as the new baseline.
        history: the file of earlier nights; what moved since the last one is told.
        clients: how many sessions ask at once, through pgbench; none if 0.
        seconds: for how long they do.
    """

    profile: str = "small"
    queries: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    phases: tuple[str, ...] = ("plans",)
    growth: tuple[str, ...] = ("smoke", "small", "medium")
    accept: bool = False
    history: Path | None = None
    clients: int = 0
    seconds: int = 10


@dataclass(slots=True)
class Asked:
    """What was asked and measured on one database, kept for the phases that follow."""

    bench: QueryBench
    plans: list[tuple[Question, Measured]] = field(default_factory=list)
    bad: int = 0


def queries_of(request: Request) -> tuple[HotQuery, ...]:
    """Return the hot queries of a system.

    Raises:
        ConfigError: it has none, or a file is damaged.
    """
    folder = request.system.benchmarks
    root = request.system.root or request.config.root
    found = read_queries(folder / "queries", request.config.root, compiler(root)) if folder else ()
    if not found:
        name = request.system.name
        raise ConfigError(
            "there is no hot query",
            where=str(folder / "queries" if folder else request.config.root / "pyproject.toml"),
            expected=f"benchmarks/{name}/queries/*.sql",
            fix=f'[tool.pgassay.systems.{name}]\nbenchmarks = "benchmarks/{name}"',
        )
    return found


def compiler(root: Path) -> Compiler:
    """Return what compiles SQLAlchemy statements of a project."""
    return Compiler(root)


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles `module:attribute`; SQLAlchemy is imported where a file names one."""

    root: Path

    def __call__(self, path: str) -> tuple[str, tuple[QueryParameter, ...]]:
        """Return the SQL and its parameters."""
        from pgassay.sqla.statements import compiled, statement_at  # noqa: PLC0415 - as said above

        return compiled(statement_at(path, self.root), where=path)


def bench(request: Request, order: BenchOrder) -> Iterator[Event]:
    """Ask the hot queries of one system and yield what happens."""
    started = perf_counter()
    system = request.system.name
    chosen = chosen_queries(queries_of(request), order.queries)
    bad = 0
    yield PhaseStarted(system=system, phase="routes")
    with PopulatedStand(request, order_of(request, profile=order.profile)) as stand:
        yield RunStarted(
            command="bench",
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
        places = Places(stand.catalogs[stand.proven])
        for query in chosen:
            check_names(query, places)
        yield from filled(stand)
        session = stand.session(stand.clone())
        asked = Asked(QueryBench(session, places, kept=request.system.settings))
        yield from _plans(stand, chosen, asked, order)
        if "indexes" in order.phases:
            yield from _counted(ablation(system, asked.bench, asked.plans), asked)
        if "growth" in order.phases:
            here = {key_of(q): point_of(measured, asked.bench) for q, measured in asked.plans}
            known = {order.profile: here}
            yield from _counted(grown(request, chosen, order.growth, known), asked)
        if order.clients:
            questions = [question for question, _ in asked.plans]
            yield from throughput(stand, questions, clients=order.clients, seconds=order.seconds)
        if order.history is not None:
            yield from _trend(stand, order, order.history, asked)
        bad = asked.bad
    yield RunFinished(system=system, passed=bad == 0, seconds=perf_counter() - started)


def plan_outcomes(stand: PopulatedStand) -> Iterator[Outcome]:
    """Yield what becomes of every hot query's plans on a stand that is filled: the gate's share."""
    queries = queries_of(stand.request)
    places = Places(stand.catalogs[stand.proven])
    for query in queries:
        check_names(query, places)
    session = stand.session(stand.clone())
    asked = Asked(QueryBench(session, places, kept=stand.request.system.settings))
    baseline, order = BaselineFile.of(stand), BenchOrder(profile=stand.order.name)
    for question in asked.bench.questions(queries):
        outcome, _ = _asked(question, asked, baseline, {}, order)
        if outcome is not None:
            yield outcome


def _trend(
    stand: PopulatedStand, order: BenchOrder, history: Path, asked: Asked
) -> Iterator[Event]:
    """Tell what moved since the last night that is comparable."""
    night = Night(
        system=stand.name,
        postgres=stand.server.version,
        profile=order.profile,
        seed=stand.request.seed,
    )
    now = {(q.query.name, q.asked): figures_of(measured) for q, measured in asked.plans}
    known = nights(history, night)
    for text in trend(known[-1] if known else None, now):
        yield Told(system=stand.name, text=text)
    yield from remembered(known, now)


def _counted(events: Iterable[Event], asked: Asked) -> Iterator[Event]:
    for event in events:
        if isinstance(event, FindingMade):
            asked.bad += event.finding.severity is Severity.ERROR
        yield event


def chosen_queries(queries: tuple[HotQuery, ...], names: tuple[str, ...]) -> tuple[HotQuery, ...]:
    """Return the queries of these names, or all. Raises ConfigError for a name that is none."""
    known = [query.name for query in queries]
    for name in names:
        if name not in known:
            raise ConfigError(
                f'there is no query "{name}"', where="--query", expected=suggestion(name, known)
            )
    return tuple(query for query in queries if not names or query.name in names)


def _plans(
    stand: PopulatedStand, queries: tuple[HotQuery, ...], asked: Asked, order: BenchOrder
) -> Iterator[Event]:
    """Ask every question, judge its plan against expectations and baseline."""
    system, started = stand.name, perf_counter()
    baseline = BaselineFile.of(stand)
    yield PhaseStarted(system=system, phase="plans")
    if baseline.told:
        yield Told(system=system, text=baseline.told)
    passed = failed = 0
    told: dict[str, None] = {}
    questions = list(asked.bench.questions(queries))
    for number, question in enumerate(questions, 1):
        yield Progressed(system=system, phase="plans", done=number, total=len(questions))
        outcome, measured = _asked(question, asked, baseline, told, order)
        if outcome is None:
            continue  # it reads none of the tables asked for
        passed += outcome.status is Status.PASSED
        failed += outcome.status is not Status.PASSED
        if measured is not None:
            yield QueryMeasured(
                system=system,
                query=question.query.name,
                asked=question.asked,
                figures=figures_of(measured),
            )
            yield plan_seen(system, question.query.name, question.asked, measured.plan)
        yield CaseFinished(system=system, outcome=outcome)
        for finding in outcome.findings:
            asked.bad += finding.severity is Severity.ERROR
            yield FindingMade(system=system, finding=finding)
    for text in told:
        yield Told(system=system, text=text)
    if order.accept:
        yield Told(system=system, text=baseline.accept(whole=not (order.queries or order.tables)))
    yield PhaseFinished(
        system=system,
        phase="plans",
        seconds=perf_counter() - started,
        counts={"queries": len(queries), "plans passed": passed, "failed": failed},
    )


def _asked(
    question: Question,
    asked: Asked,
    baseline: BaselineFile,
    told: dict[str, None],
    order: BenchOrder,
) -> tuple[Outcome | None, Measured | None]:
    """Ask one question; return what became of it and what was measured."""
    bench, query = asked.bench, question.query
    began = perf_counter()
    findings: list[Finding] = []
    measured: Measured | None = None
    try:
        measured = bench.measured(question)
    except QueryRefusedError as error:
        findings.append(refused(question, error))
    else:
        if order.tables and not _reads(measured, bench.places, order.tables):
            return None, None
        asked.plans.append((question, measured))
        verdict = judge(query, measured, bench.places, bench.sizes)
        findings += verdict.findings
        told.update(dict.fromkeys(verdict.told))
        found, note = baseline.compared(query, measured, bench.places)
        findings += found if not order.accept else []
        told.update({note: None} if note else {})
    bad = [f for f in findings if f.severity is Severity.ERROR]
    outcome = Outcome(
        case=Trial(kind="plan", subject=Subject(object=query.name), title=question.asked),
        status=Status.FAILED if bad else Status.PASSED,
        reason="; ".join(finding.title for finding in bad),
        findings=tuple(findings),
        seconds=perf_counter() - began,
    )
    return outcome, measured


def _reads(measured: Measured, places: Places, tables: tuple[str, ...]) -> bool:
    wanted = set()
    for name in tables:
        table = places.table_named(name)
        if table is None:
            raise ConfigError(
                f'there is no table "{name}"',
                where="--table",
                expected=suggestion(name, places.table_names()),
            )
        wanted.add(table.name)
    read = {places.root(n.relation) for n in measured.plan.nodes() if n.relation}
    return bool(wanted & read)
