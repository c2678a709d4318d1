"""What plans cost at smaller sizes, and where each becomes another one."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.event import (
    Event,
    PhaseFinished,
    PhaseStarted,
    Progressed,
    QueryMeasured,
    Told,
)
from pgassay.core.snapshot import Held
from pgassay.plans.flips import Flip, Seen, changed_lines, find_flips, ladder, times
from pgassay.postgres.explain import QueryRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgassay.core.names import QualifiedName
    from pgassay.plans.query import HotQuery
    from pgassay.run.production import ProductionStand
    from pgassay.run.query_bench import Question

Key = tuple[str, str]


def sizes(stand: ProductionStand, queries: tuple[HotQuery, ...], scale: float) -> Iterator[Event]:
    """Ask the queries at sizes up to a scale, and yield where plans flip and what they cost."""
    started = perf_counter()
    system = stand.name
    yield PhaseStarted(system=system, phase="sizes")
    steps = ladder(scale)
    questions = list(stand.bench().questions(queries))  # what they are asked with stays
    curves: dict[Key, list[Seen]] = {}
    for number, step in enumerate(steps):
        yield Progressed(system=system, phase="sizes", done=number, total=len(steps))
        for key, seen in _look(stand, questions, step).items():
            curves.setdefault(key, []).append(seen)
    looks = len(steps)

    def look(at: float, keys: Iterable[Key]) -> Mapping[Key, Seen]:
        nonlocal looks
        looks += 1
        wanted = set(keys)
        return _look(stand, [q for q in questions if (q.query.name, q.asked) in wanted], at)

    flips = find_flips(curves, look)
    for (name, asked), curve in curves.items():
        for seen in curve:
            yield QueryMeasured(
                system=system,
                query=name,
                asked=f"{asked}, {seen.scale:g}x",
                figures={"cost": seen.cost, "rows": seen.rows},
            )
    for (name, asked), some in flips.items():
        for flip in some:
            yield Told(system=system, text=f"{name} ({asked}): {_flip(flip)}")
    marks = " · ".join(times(step) for step in steps)
    yield Told(system=system, text=f"the steepest by cost at {marks}:")
    steep = sorted(curves.items(), key=lambda item: -_steepness(item[1]))
    for (name, asked), curve in steep[:10]:
        costs = " · ".join(f"{seen.cost:,.0f}" for seen in curve)
        yield Told(system=system, text=f"  {name} ({asked}): {costs}")
    stand.production.set_scale(scale)
    yield PhaseFinished(
        system=system,
        phase="sizes",
        seconds=perf_counter() - started,
        counts={"sizes": looks, "plans": len(curves), "flips": sum(map(len, flips.values()))},
    )


def _look(stand: ProductionStand, questions: list[Question], scale: float) -> dict[Key, Seen]:
    if stand.production.scale != scale:
        stand.production.set_scale(scale)
    bench = stand.bench()
    rows = _rows(stand)
    found: dict[Key, Seen] = {}
    for question, plan in zip(questions, bench.plans(questions), strict=True):
        if isinstance(plan, QueryRefusedError):
            continue  # told by the plans themselves
        roots = {bench.places.root(n.relation) for n in plan.nodes() if n.relation}
        found[question.query.name, question.asked] = Seen(
            scale=scale,
            shape=bench.shape_of(plan),
            cost=plan.root.estimate.total_cost if plan.root.estimate else 0.0,
            rows=max((rows.get(root, 0.0) for root in roots), default=0.0),
        )
    return found


def _rows(stand: ProductionStand) -> dict[QualifiedName, float]:
    """Return how many rows each table has, those of its partitions together."""
    found: dict[QualifiedName, float] = {}
    for relation in stand.production.snapshot.relations:
        if relation.kind is not Held.PARTITIONED:
            root = stand.places.root(relation.name)
            found[root] = found.get(root, 0.0) + max(relation.rows, 0.0)
    return found


def _flip(flip: Flip) -> str:
    was, is_ = changed_lines(flip.before.shape, flip.after.shape)
    if is_.startswith("Gather"):
        was, is_ = "none", "parallel workers"
    return (
        f"flips at {times(flip.scale)} ({flip.after.rows:,.0f} rows): {is_} instead of {was}, "
        f"cost {flip.after.cost:,.0f}"
    )


def _steepness(curve: list[Seen]) -> float:
    return curve[-1].cost / max(curve[0].cost, 0.01) if curve else 0.0
