"""What dropping an index would do at production's size, and what another one would, for nothing."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.event import Event, PhaseFinished, PhaseStarted, Told
from pgassay.core.statement import Statement
from pgassay.plans.assumed import as_expected
from pgassay.plans.flips import times
from pgassay.plans.remedy import Candidate, Remedy
from pgassay.plans.shape import indexes_of
from pgassay.postgres.explain import QueryRefusedError, hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.core.plan import Plan
    from pgassay.plans.query import HotQuery
    from pgassay.run.production import ProductionStand, StageBench
    from pgassay.run.query_bench import Question

_MATTERS = 1.5  # times the cost
_MOST = 40  # indexes that are tried at once
_PAGE = 8192


def what_if(stand: ProductionStand, queries: tuple[HotQuery, ...]) -> Iterator[Event]:
    """Hide each index that a plan uses, try those that plans ask for, and yield what that shows."""
    started = perf_counter()
    system = stand.name
    yield PhaseStarted(system=system, phase="indexes")
    bench = stand.bench()
    plans = list(_plans(bench, queries))
    lost = [line for line in _without(bench, plans) if line]
    for text in lost:
        yield Told(system=system, text=text)
    candidates = list(dict.fromkeys(c for _, plan in plans for c in _candidates(bench, plan)))
    gained = list(_with(stand, plans, candidates[:_MOST]))
    for text in gained:
        yield Told(system=system, text=text)
    yield PhaseFinished(
        system=system,
        phase="indexes",
        seconds=perf_counter() - started,
        counts={"used": len(lost), "tried": len(candidates[:_MOST]), "would help": len(gained)},
    )


def _plans(bench: StageBench, queries: tuple[HotQuery, ...]) -> Iterator[tuple[Question, Plan]]:
    questions = list(bench.questions(queries))
    for question, plan in zip(questions, bench.plans(questions), strict=True):
        if not isinstance(plan, QueryRefusedError):  # told by the plans themselves
            yield question, plan


def _without(bench: StageBench, plans: list[tuple[Question, Plan]]) -> Iterator[str]:
    """Yield what becomes of the plans that use an index, without it."""
    users: dict[QualifiedName, list[tuple[Question, Plan]]] = {}
    for question, plan in plans:
        for label in indexes_of(plan, bench.places):
            name = bench.places.index_named(label)
            if name is not None:
                users.setdefault(name, []).append((question, plan))
    for name, some in sorted(users.items()):
        worst: dict[str, tuple[float, float]] = {}
        for question, plan in some:
            try:
                without = _cost(bench.planned(question, hidden(name)))
            except QueryRefusedError:
                continue
            pair = (_cost(plan), without)
            query = question.query.name
            if query not in worst or _ratio(pair) > _ratio(worst[query]):
                worst[query] = pair
        told = sorted(worst.items(), key=lambda item: -_ratio(item[1]))
        matter = [
            f"{query} {times(_ratio(pair))}" for query, pair in told if _ratio(pair) >= _MATTERS
        ]
        yield f"without {name.name}: {', '.join(matter) or 'no plan costs much more'}"


def _candidates(bench: StageBench, plan: Plan) -> Iterator[Candidate]:
    """Yield the indexes that the conditions of a plan ask for and no index begins with."""
    expected = as_expected(plan)
    remedy = Remedy(expected, bench.places, bench.sizes)
    for node in expected.nodes():
        thrown_away = node.relation is not None and "Filter" in node.conditions
        candidate = remedy.candidate(node) if thrown_away else None
        if candidate is None:
            continue
        table = bench.places.tables[candidate.table]
        there = {tuple(k.column for k in i.keys)[: len(candidate.columns)] for i in table.indexes}
        if candidate.columns not in there:
            yield candidate


def _with(
    stand: ProductionStand, plans: list[tuple[Question, Plan]], candidates: list[Candidate]
) -> Iterator[str]:
    """Make the indexes on the stage, show each alone, and yield which of them would help."""
    by_statement = {Statement(candidate.plain_sql): candidate for candidate in candidates}
    made = stand.production.make_indexes(list(by_statement)) if candidates else {}
    if not made:
        return
    bench = stand.bench()
    for statement, name in made.items():
        candidate = by_statement[statement]
        others = [hidden(other) for other in made.values() if other != name]
        helped: dict[str, tuple[float, float]] = {}
        for question, plan in plans:
            if candidate.table not in _read(bench, plan):
                continue
            try:
                then = _cost(bench.planned(question, *others))
            except QueryRefusedError:
                continue
            if _ratio((then, _cost(plan))) >= _MATTERS:
                helped.setdefault(question.query.name, (_cost(plan), then))
        if helped:
            size = stand.production.pages_of(name) * _PAGE / 2**20
            told = ", ".join(
                f"{query} {now:,.0f} → {then:,.0f}" for query, (now, then) in helped.items()
            )
            yield f"with {candidate.sql} (about {size:,.0f} MiB): cost of {told}"


def _read(bench: StageBench, plan: Plan) -> set[QualifiedName]:
    return {bench.places.root(node.relation) for node in plan.nodes() if node.relation}


def _cost(plan: Plan) -> float:
    return plan.root.estimate.total_cost if plan.root.estimate else 0.0


def _ratio(pair: tuple[float, float]) -> float:
    return pair[1] / max(pair[0], 0.01)
