"""The bench at production's size: the hot queries' plans on a stage, as a stream of events."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING

import pgassay
from pgassay.core.case import Outcome, Status, Subject, Trial, Unproven
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    QueryMeasured,
    RunFinished,
    RunStarted,
    Told,
)
from pgassay.core.finding import Severity
from pgassay.plans.assumed import BY_SHAPE
from pgassay.plans.flips import changed_lines, times
from pgassay.plans.shape import shape
from pgassay.postgres.explain import QueryRefusedError
from pgassay.run.bench import chosen_queries, queries_of
from pgassay.run.production import ProductionStand
from pgassay.run.query_bench import refused
from pgassay.run.query_files import check_names
from pgassay.run.snapshotting import missing_in
from pgassay.run.stage_values import Elsewhere  # noqa: TC001 - a field of a dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.core.finding import Finding
    from pgassay.core.plan import Plan
    from pgassay.core.snapshot import Snapshot
    from pgassay.plans.query import HotQuery
    from pgassay.run.production import StageBench
    from pgassay.run.query_bench import Question
    from pgassay.run.stand import Request

Key = tuple[str, str]
"""A query, and how it was asked."""
PHASE = "production"
_FEW = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOrder:
    """What is asked for.

    Args:
        name: what the snapshot is called.
        snapshot: whose size is shown.
        scale: so many times its rows.
        profile: the volume that stands for today's size; empty to compare with none.
        queries: only these, by name; all if empty.
        curve: see what plans cost at smaller sizes, and where they flip.
        indexes: see what dropping each index would do, and what another one would.
        strict: refuse a schema that differs from the snapshot's.
    """

    name: str
    snapshot: Snapshot
    scale: float = 1.0
    profile: str = ""
    queries: tuple[str, ...] = ()
    curve: bool = False
    indexes: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one question, and its plan, if it has one."""

    outcome: Outcome
    question: Question | None = None
    plan: Plan | None = None
    told: tuple[str, ...] = ()


def bench_at(request: Request, order: AtOrder) -> Iterator[Event]:
    """Ask the hot queries of one system at the size of a snapshot, and yield what happens."""
    started = perf_counter()
    system = request.system.name
    chosen = chosen_queries(queries_of(request), order.queries)
    yield PhaseStarted(system=system, phase="routes")
    today = _today(request, order, chosen) if order.profile else Today()
    began = perf_counter()
    bad = 0
    with ProductionStand(request, order.snapshot, scale=order.scale, strict=order.strict) as stand:
        yield RunStarted(
            command="bench",
            system=system,
            server=stand.server.why,
            postgres=stand.server.version,
            seed=request.seed,
            version=pgassay.__version__,
        )
        for query in chosen:
            check_names(query, stand.places)
        seconds = perf_counter() - began
        relations = {"relations staged": len(order.snapshot.relations)}
        yield PhaseFinished(system=system, phase="stage", seconds=seconds, counts=relations)
        for text in (*_about(stand, order), *missing_in(order.snapshot)):
            yield Told(system=system, text=text)
        yield PhaseStarted(system=system, phase=PHASE)
        began = perf_counter()
        bench = stand.bench(today.values)
        plans: list[tuple[Question, Plan]] = []
        told: dict[str, None] = {}
        failed = passed = 0
        for answer in answers(bench, chosen, order.scale):
            told |= dict.fromkeys(answer.told)
            yield CaseFinished(system=system, outcome=answer.outcome)
            failed += answer.outcome.status is Status.FAILED
            passed += answer.outcome.status is Status.PASSED
            for finding in answer.outcome.findings:
                bad += finding.severity is Severity.ERROR
                yield FindingMade(system=system, finding=finding)
            if answer.plan is not None and answer.question is not None:
                plans.append((answer.question, answer.plan))
                yield _measured(system, answer.question, answer.plan, order.scale)
        told |= dict.fromkeys(_other_plans(bench, plans, today.shapes, order))
        told |= dict.fromkeys(_not_judged(chosen))
        for text in told:
            yield Told(system=system, text=text)
        counts = {"queries": len(chosen), "plans passed": passed, "failed": failed}
        seconds = perf_counter() - began
        yield PhaseFinished(system=system, phase=PHASE, seconds=seconds, counts=counts)
        if order.curve:
            from pgassay.run.bench_sizes import sizes  # noqa: PLC0415 - only where asked for

            yield from sizes(stand, chosen, order.scale)
        if order.indexes:
            from pgassay.run.bench_what_if import what_if  # noqa: PLC0415 - as above

            yield from what_if(stand, chosen)
    yield RunFinished(system=system, passed=bad == 0, seconds=perf_counter() - started)


def answers(bench: StageBench, queries: tuple[HotQuery, ...], scale: float) -> Iterator[Answer]:
    """Yield what becomes of each question on a stage."""
    size = "at production's size" if scale == 1 else f"at {scale:,g} times production's size"
    questions = list(bench.questions(queries))
    for question, found in zip(questions, bench.plans(questions), strict=True):
        began = perf_counter()
        plan: Plan | None = None
        told: tuple[str, ...] = ()
        findings: tuple[Finding, ...]
        if isinstance(found, QueryRefusedError):
            findings = (refused(question, found),)
        else:
            verdict = bench.judged(question, found)
            plan, told = found, verdict.told
            findings = tuple(
                replace(
                    finding,
                    title=f"{finding.title} {size}",
                    discriminator=f"{finding.discriminator} {size}",
                )
                for finding in verdict.findings
            )
        bad = [f for f in findings if f.severity is Severity.ERROR]
        outcome = Outcome(
            case=Trial(
                kind=PHASE,
                subject=Subject(object=question.query.name),
                title=f"{question.asked} {size}",
            ),
            status=Status.FAILED if bad else Status.PASSED,
            reason="; ".join(finding.title for finding in bad),
            findings=findings,
            seconds=perf_counter() - began,
        )
        yield Answer(outcome=outcome, question=question, plan=plan, told=tuple(told))
    for name, parameter in bench.values.unknown.items():
        unproven = Unproven(
            kind=PHASE,
            subject=Subject(object=name),
            title=size,
            reason=f"the value of :{parameter} comes from a query, and there are no rows",
        )
        yield Answer(outcome=Outcome(case=unproven, status=Status.UNPROVEN, reason=unproven.reason))


def cost_of(plan: Plan) -> float:
    """Return what the planner expects a plan to cost."""
    return plan.root.estimate.total_cost if plan.root.estimate else 0.0


@dataclass(frozen=True, slots=True)
class Today:
    """The plans on the database that stands for today's size, and the values asked with there."""

    shapes: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    values: Elsewhere = field(default_factory=dict)


def _today(request: Request, order: AtOrder, queries: tuple[HotQuery, ...]) -> Today:
    from pgassay.plans.places import Places  # noqa: PLC0415 - only where it is compared
    from pgassay.run.populated import PopulatedStand  # noqa: PLC0415 - as above
    from pgassay.run.query_bench import QueryBench  # noqa: PLC0415 - as above
    from pgassay.run.volume_order import order_of  # noqa: PLC0415 - as above

    found = Today()
    with PopulatedStand(request, order_of(request, profile=order.profile)) as stand:
        for _ in stand.fill():
            pass
        places = Places(stand.catalogs[stand.proven])
        session = stand.session(stand.clone())
        bench = QueryBench(session, places, kept=request.system.settings)
        for question in bench.questions(queries):
            for parameter, value in zip(question.query.parameters, question.values, strict=True):
                found.values[question.query.name, question.run, parameter.name] = value
            try:
                how = replace(question.how, analyze=False, parallel=True)
                plan = bench.explainer.plan(question.statement, how)
            except QueryRefusedError:
                continue  # told on the stage
            found.shapes[question.query.name, question.asked] = shape(plan, places)
    return found


def _about(stand: ProductionStand, order: AtOrder) -> Iterator[str]:
    stage = stand.production
    size = "" if order.scale == 1 else f" {times(order.scale)}"
    yield (
        f"{order.name}{size}: {stage.snapshot.rows:,.0f} rows, {_size(stage.size)}; "
        f"{_size(stage.taken())} on disk"
    )
    yield from stage.told
    yield from stage.differences[:_FEW]
    if len(stage.differences) > _FEW:
        yield f"and {len(stage.differences) - _FEW} more differences of the schema"


def _other_plans(
    bench: StageBench,
    plans: list[tuple[Question, Plan]],
    today: Mapping[Key, tuple[str, ...]],
    order: AtOrder,
) -> Iterator[str]:
    """Yield which plans are other ones than today's."""
    other = 0
    for question, plan in plans:
        before = today.get((question.query.name, question.asked))
        now = bench.shape_of(plan)
        if before is None or before == now:
            continue
        other += 1
        was, is_ = changed_lines(before, now)
        yield f"{question.query.name} ({question.asked}): {is_} instead of {was} at {order.profile}"
    if today:
        yield f"{len(plans) - other} of {len(plans)} plans are as at {order.profile}"


def _not_judged(queries: tuple[HotQuery, ...]) -> Iterator[str]:
    left = sum(not isinstance(e, BY_SHAPE) for q in queries for e in q.expectations)
    if left:
        yield (
            f"{left} expectations about counts (buffers, rows read, spills, growth) are not judged "
            "here: nothing is executed"
        )


def _measured(system: str, question: Question, plan: Plan, scale: float) -> QueryMeasured:
    rows = plan.root.estimate.rows if plan.root.estimate else 0.0
    return QueryMeasured(
        system=system,
        query=question.query.name,
        asked=f"{question.asked}, {scale:g}x",
        figures={"cost": cost_of(plan), "rows": rows},
    )


def _size(number: int) -> str:
    for unit, size in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20)):
        if number >= size:
            return f"{number / size:,.1f} {unit}"
    return f"{number / 1024:,.0f} kiB"
