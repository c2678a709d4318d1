"""What a run saw, as events that reports draw: tables, partitions, what a delete reaches, plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.blast_radius import blast_radius
from pgassay.core.exhibit import (
    DeleteReaches,
    PartitionSeen,
    PlanSeen,
    PlanStep,
    Reached,
    TableSeen,
)
from pgassay.drift.periods import span_of
from pgassay.plans.measure import own_buffers, rows_of, rows_read
from pgassay.plans.tree import details, headline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.cases.blast_radius import Reach
    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.plan import Buffers, Node, Plan


def tables_seen(
    system: str, catalog: Catalog, rows: Mapping[QualifiedName, int] | None = None
) -> Iterator[TableSeen | PartitionSeen]:
    """Yield the tables of a catalog, each with its partitions, those of partitions among them.

    Args:
        system: the system's name.
        catalog: the database under test.
        rows: how many rows the partitions have, where they were counted.
    """
    for table in catalog.roots():
        key = table.partition_key
        yield TableSeen(
            system=system,
            table=str(table.name),
            kind=table.kind.value,
            columns=len(table.columns),
            partition_key=key.definition if key else None,
        )
        for partition in _partitions(catalog, table.name):
            assert partition.partition is not None
            bound = partition.partition.bound
            span = span_of(bound)
            yield PartitionSeen(
                system=system,
                table=str(table.name),
                partition=str(partition.name),
                bound=bound,
                since=span.start.isoformat() if span else None,
                until=span.end.isoformat() if span else None,
                rows=None if rows is None else rows.get(partition.name, 0),
            )


def deletes_seen(system: str, catalog: Catalog) -> Iterator[DeleteReaches]:
    """Yield what a delete from each table reaches; nothing of tables that nothing refers to."""
    for table in catalog.roots():
        radius = blast_radius(catalog, table)
        if radius.reaches:
            yield DeleteReaches(
                system=system,
                table=str(table.name),
                reaches=tuple(_reached(reach) for reach in radius.reaches),
            )


def plan_seen(system: str, query: str, asked: str, plan: Plan) -> PlanSeen:
    """Return a plan as it is shown; the node that touched most shared buffers itself is hot."""
    own = own_buffers(plan)
    hottest = max(plan.nodes(), key=lambda node: (own[node.number].shared, rows_read(node)))
    return PlanSeen(
        system=system,
        query=query,
        asked=asked,
        root=_step(plan.root, own, hottest.number),
        settings=tuple(f"{name} = {value}" for name, value in plan.settings.items()),
    )


def _partitions(catalog: Catalog, name: QualifiedName) -> Iterator[Table]:
    for partition in catalog.partitions_of(name):
        yield partition
        yield from _partitions(catalog, partition.name)


def _reached(reach: Reach) -> Reached:
    last = reach.path[-1]
    return Reached(
        table=str(reach.table),
        fate=reach.fate.value,
        columns=reach.columns,
        key=last.key.name,
        via=str(last.parent),
    )


def _step(node: Node, own: Mapping[int, Buffers], hottest: int) -> PlanStep:
    aside = f"{node.subplan}: " if node.subplan else ""
    actual = node.actual if node.executed else None
    return PlanStep(
        text=f"{aside}{headline(node)}",
        estimated=node.estimate.rows if node.estimate else None,
        rows=rows_of(node) if actual else None,
        loops=actual.loops if actual else 0.0,
        read=rows_read(node) if actual else 0.0,
        buffers=own[node.number].shared,
        hot=node.number == hottest,
        details=tuple(details(node)),
        steps=tuple(_step(child, own, hottest) for child in node.children),
    )
