"""Growth over volumes: the same queries on databases of several sizes."""

from __future__ import annotations

from dataclasses import asdict
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.event import Event, FindingMade, PhaseFinished, PhaseStarted, Progressed, Told
from pgassay.core.exhibit import GrowthFitted, VolumePoint
from pgassay.plans.growth import Point, fit, judge_growth
from pgassay.plans.places import Places
from pgassay.postgres.explain import QueryRefusedError
from pgassay.run.populated import PopulatedStand
from pgassay.run.query_bench import QueryBench, figures_of
from pgassay.run.volume_order import order_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.plans.ground import Measured
    from pgassay.plans.query import HotQuery
    from pgassay.run.query_bench import Question
    from pgassay.run.stand import Request

Points = dict[tuple[str, str, str], Point]
"""What was counted at one volume, by query, run, and how it was asked."""
_LEAST = 3


def grown(
    request: Request,
    queries: Sequence[HotQuery],
    profiles: Sequence[str],
    known: Mapping[str, Points] | None = None,
) -> Iterator[Event]:
    """Ask the queries at every profile, fit their counts, and yield what grows too fast.

    Args:
        request: which system.
        queries: the queries.
        profiles: the volumes.
        known: what was counted already, by profile.
    """
    system, started = request.system.name, perf_counter()
    yield PhaseStarted(system=system, phase="growth")
    points: dict[tuple[str, str, str], list[Point]] = {}
    for number, profile in enumerate(profiles):
        yield Progressed(system=system, phase="growth", done=number, total=len(profiles))
        if known and profile in known:
            for key, point in known[profile].items():
                points.setdefault(key, []).append(point)
            continue
        with PopulatedStand(request, order_of(request, profile=profile)) as stand:
            for _ in stand.fill():
                pass
            session = stand.session(stand.clone())
            places = Places(stand.catalogs[stand.proven])
            bench = QueryBench(session, places, kept=request.system.settings)
            for question in bench.questions(queries):
                try:
                    measured = bench.measured(question)
                except QueryRefusedError:
                    continue  # told by the plans themselves
                points.setdefault(key_of(question), []).append(point_of(measured, bench))
    named = {query.name: query for query in queries}
    fitted = 0
    for (name, run, asked), some in points.items():
        if len(some) < _LEAST or len({point.rows for point in some}) < _LEAST:
            yield Told(
                system=system, text=f"{name} ({asked}): no growth to see, its tables do not grow"
            )
            continue
        fitted += 1
        buffers = fit([(p.rows, p.buffers) for p in some])
        counts = " → ".join(f"{p.buffers:,.0f}" for p in some)
        yield Told(system=system, text=f"{name} ({asked}): buffers {counts}: {buffers}")
        yield GrowthFitted(
            system=system,
            query=name,
            asked=asked,
            growth=buffers.growth.value,
            a=buffers.a,
            b=buffers.b,
            error=buffers.error,
            points=tuple(VolumePoint(**asdict(point)) for point in some),
        )
        for finding in judge_growth(named[name], run, some, asked=asked):
            yield FindingMade(system=system, finding=finding)
    yield PhaseFinished(
        system=system,
        phase="growth",
        seconds=perf_counter() - started,
        counts={"volumes": len(profiles), "plans fitted": fitted},
    )


def key_of(question: Question) -> tuple[str, str, str]:
    """Return what the points of one plan are kept under: its query, run, and how it was asked."""
    return question.query.name, question.run, question.asked


def point_of(measured: Measured, bench: QueryBench) -> Point:
    """Return what one plan counted on its database, for a fit over several."""
    figures = figures_of(measured)
    roots = {bench.places.root(n.relation) for n in measured.plan.nodes() if n.relation}
    sizes = [
        sum(bench.sizes[leaf].rows for leaf in bench.places.leaves(root) or (root,))
        for root in roots
    ]
    return Point(
        rows=max(sizes, default=0.0),
        returned=figures["rows"],
        buffers=figures["buffers"],
        read=figures["rows_read"],
    )
