"""The matrix of queries by indexes: each index hidden once, all queries explained again.

Hiding is done in the system catalogs and rolled back, which takes a superuser: on a throwaway that
is given. Costs are asked first; only where they differ is the query executed both ways.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.event import (
    Event,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    Progressed,
    Told,
)
from pgassay.core.exhibit import IndexTried, QueryWithout
from pgassay.core.statement import Statement
from pgassay.plans.ablation import Gain, Keep, Loss, keeps, missing, unneeded
from pgassay.plans.ground import SMALL
from pgassay.plans.measure import rows_of, rows_read, total_buffers
from pgassay.plans.query import UsesIndex
from pgassay.plans.remedy import Remedy
from pgassay.postgres.explain import QueryRefusedError, hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pgassay.core.names import QualifiedName
    from pgassay.core.plan import Node
    from pgassay.plans.ground import Measured
    from pgassay.plans.query import HotQuery
    from pgassay.plans.remedy import Candidate
    from pgassay.run.query_bench import QueryBench, Question

_DIFFERENT = 1.01  # costs that differ by less are the same plan over slightly other numbers
_WORTH = 32  # pages that a plan touches, from which another index is thought of


def ablation(
    system: str, bench: QueryBench, plans: Sequence[tuple[Question, Measured]]
) -> Iterator[Event]:
    """Hide each index once, try those that are not there, and yield what that shows."""
    started = perf_counter()
    yield PhaseStarted(system=system, phase="indexes")
    if not bench.explainer.can_hide:
        yield Told(system=system, text="indexes are not tried: hiding one takes a superuser")
        return
    names = [n for n, (_, index) in sorted(bench.places.indexes.items()) if index.parent is None]
    losses: list[Loss] = []
    for number, name in enumerate(names, 1):
        yield Progressed(system=system, phase="indexes", done=number, total=len(names))
        losses += _without(name, bench, plans)
    kept = keeps(
        bench.places, bench.sizes, losses, expected(dict.fromkeys(q.query for q, _ in plans), bench)
    )
    gains = list(_gains(bench, plans))
    for text in matrix(kept):
        yield Told(system=system, text=text)
    for keep in kept:
        yield _tried_index(system, keep, losses)
    findings = [unneeded(k, small=_small(k, bench)) for k in kept if not k.needed]
    findings += list(missing(gains))
    for finding in findings:
        yield FindingMade(system=system, finding=finding)
    yield PhaseFinished(
        system=system,
        phase="indexes",
        seconds=perf_counter() - started,
        counts={
            "indexes": len(kept),
            "of queries": sum(bool(k.queries) for k in kept),
            "of constraints": sum(not k.queries and bool(k.constraint) for k in kept),
            "of foreign keys alone": sum(
                not k.queries and not k.constraint and bool(k.foreign_keys) for k in kept
            ),
            "of nothing": sum(not k.needed for k in kept),
        },
    )


def expected(
    queries: Iterable[HotQuery], bench: QueryBench
) -> Mapping[QualifiedName, Sequence[str]]:
    """Return the queries whose expectations name an index, by index."""
    found: dict[QualifiedName, dict[str, None]] = {}
    for query in queries:
        for expectation in query.expectations:
            for written in expectation.names if isinstance(expectation, UsesIndex) else ():
                name = bench.places.index_named(written)
                if name is not None:
                    found.setdefault(name, {})[query.name] = None
    return {name: tuple(queries) for name, queries in found.items()}


def matrix(kept: Iterable[Keep]) -> Iterator[str]:
    """Yield a line for each index: what needs it."""
    for keep in kept:
        parts = [
            f"queries {', '.join(keep.queries)}" if keep.queries else "",
            f"constraint {keep.constraint}" if keep.constraint else "",
            f"foreign keys {', '.join(keep.foreign_keys)}" if keep.foreign_keys else "",
        ]
        why = "; ".join(part for part in parts if part) or "nothing"
        yield f"{keep.table}.{keep.index.name} ({keep.pages * 8:,} kB): {why}"


def _tried_index(system: str, keep: Keep, losses: Iterable[Loss]) -> IndexTried:
    return IndexTried(
        system=system,
        table=str(keep.table),
        index=keep.index.name,
        size=keep.pages * 8 * 1024,
        constraint=keep.constraint,
        foreign_keys=keep.foreign_keys,
        losses=tuple(
            QueryWithout(
                query=loss.query,
                asked=loss.asked,
                buffers=loss.buffers,
                without=loss.buffers_without,
                matters=loss.matters,
            )
            for loss in losses
            if loss.index == keep.index
            and loss.buffers is not None
            and loss.buffers_without is not None
        ),
    )


def _without(
    name: QualifiedName, bench: QueryBench, plans: Sequence[tuple[Question, Measured]]
) -> Iterator[Loss]:
    hide = hidden(name)
    table = bench.places.indexes[name][0].name
    for question, measured in plans:
        read = {bench.places.root(n.relation) for n in measured.plan.nodes() if n.relation}
        if table not in read:
            continue  # whatever its indexes are, it is not this query's
        estimate = measured.plan.root.estimate
        cost = estimate.total_cost if estimate else 0.0
        without = bench.cost(question, hide)
        ratio = max(without, cost) / max(min(without, cost), 0.01)
        buffers = buffers_without = None
        if ratio > _DIFFERENT:
            buffers = total_buffers(measured.plan).shared
            buffers_without = _buffers(bench, question, hide, buffers)
        yield Loss(
            query=question.query.name,
            asked=question.asked,
            index=name,
            cost=cost,
            cost_without=without,
            buffers=buffers,
            buffers_without=buffers_without,
        )


def _buffers(bench: QueryBench, question: Question, hide: Statement, before: int) -> int:
    """Return the buffers touched without an index; a query that is then cancelled is far worse."""
    try:
        return bench.buffers(question, hide)
    except QueryRefusedError:
        return before * 1000 + 1000


def _gains(bench: QueryBench, plans: Sequence[tuple[Question, Measured]]) -> Iterator[Gain]:
    """Try the indexes that plans ask for, each in a transaction that is rolled back."""
    for question, measured in plans:
        buffers = total_buffers(measured.plan).shared
        if buffers < _WORTH:
            continue
        remedy = Remedy(measured.plan, bench.places, bench.sizes)
        for candidate in dict.fromkeys(_candidates(remedy, measured, bench)):
            tried = _tried(bench, question, candidate)
            if tried is not None:
                yield Gain(
                    query=question.query.name,
                    asked=question.asked,
                    candidate=candidate,
                    buffers=buffers,
                    buffers_with=tried,
                    pages=bench.explainer.pages_of(Statement(candidate.plain_sql)),
                )


def _candidates(remedy: Remedy, measured: Measured, bench: QueryBench) -> Iterator[Candidate]:
    for node in measured.plan.nodes():
        if node.relation is None or not node.executed or not _wasteful(node):
            continue
        candidate = remedy.candidate(node)
        if candidate is None:
            continue
        table = bench.places.tables[candidate.table]
        there = {tuple(k.column for k in i.keys)[: len(candidate.columns)] for i in table.indexes}
        if candidate.columns not in there:
            yield candidate


def _wasteful(node: Node) -> bool:
    """Whether a scan reads much more than it returns, or feeds a sort that an index could spare."""
    return rows_read(node) > max(10.0, rows_of(node)) or node.type == "Seq Scan"


def _tried(bench: QueryBench, question: Question, candidate: Candidate) -> int | None:
    try:
        return bench.buffers(question, Statement(candidate.plain_sql))
    except QueryRefusedError:
        return None  # no operator class for the type, or it takes longer than the limit


def _small(keep: Keep, bench: QueryBench) -> bool:
    leaves = bench.places.leaves(keep.table) or (keep.table,)
    return sum(bench.sizes[leaf].pages for leaf in leaves if leaf in bench.sizes) <= SMALL
