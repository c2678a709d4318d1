r"""Pruning: a query on the partition key reads the partitions that can match, and no others.

What it finds
    A partition whose bound is so wide, or a key so wrapped, that queries by the key read more
    than they need.

Why it hurts
    Without pruning a partitioned table is slower than a plain one: every query opens every
    partition, and locks it.

Bad example
    PARTITION BY RANGE (date_trunc('month', created_at)): a condition on created_at prunes nothing.

Good example
    PARTITION BY RANGE (created_at)

How to fix
    Partition by the plain column that the queries compare; see the bounds with \d+.

When to ignore
    A key that is an expression, where all queries use that very expression.

Reference
    PostgreSQL documentation: Table Partitioning, Partition Pruning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.routing import child_of, leaves
from pgassay.core.case import Case, Planned, Step, Subject, Unproven
from pgassay.core.catalog import PartitionStrategy
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.partitions import bounds, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Table
    from pgassay.core.statement import Value

_KIND = "partition_pruning"
_WHY = "a query that opens every partition is slower than the same on a plain table"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield for each partition that was built the queries that must read it alone."""
    for table in source.contract.roots():
        if table.partition_key is None:
            continue
        if None in table.partition_key.columns:
            yield Unproven(
                kind=_KIND,
                subject=Subject(object=str(table.name)),
                title="queries on the key prune",
                reason="the key is an expression",
            )
            continue
        for part in source.built.partitions_of(table.name):
            steps = tuple(_steps(source, table, part))
            if steps:
                yield Case(
                    kind=_KIND,
                    subject=Subject(object=str(table.name), part=part.name.name),
                    title="is read alone",
                    steps=steps,
                    why=_WHY,
                    promise=f"partition by {table.partition_key.definition}",
                )


def _steps(source: Source, table: Table, part: Table) -> Iterator[Step]:
    key, partition = table.partition_key, part.partition
    if key is None or partition is None:
        return
    columns = [column for column in key.columns if column is not None]
    if key.strategy is PartitionStrategy.LIST:
        for value in members(partition):
            yield from _equal(source, table, part, {columns[0]: value})
    elif key.strategy is PartitionStrategy.HASH:
        for number in range(8):
            draft = source.rows.draft(table, number, {}, optional=False)
            there = child_of(source, table, draft)
            if there is not None and there.name == part.name:
                yield from _equal(source, table, part, {c: draft[c] for c in columns})
                return
    elif ends := bounds(partition):
        low, high = ends
        if None not in low:
            yield from _equal(source, table, part, dict(zip(columns, low, strict=True)))
        if len(columns) == 1 and low[0] is not None and high[0] is not None:
            yield _between(source, table, part, columns[0], (low[0], high[0]))


def _equal(source: Source, table: Table, part: Table, keys: dict[str, Value]) -> Iterator[Step]:
    if None not in keys.values():
        terms = [f"{quote(column)} = ${i}" for i, column in enumerate(keys, 1)]
        yield _explained(source, table, part, " and ".join(terms), tuple(keys.values()))


def _between(
    source: Source, table: Table, part: Table, column: str, ends: tuple[Value, Value]
) -> Step:
    name = quote(column)
    return _explained(source, table, part, f"{name} >= $1 and {name} < $2", ends)


def _explained(
    source: Source, table: Table, part: Table, condition: str, values: tuple[Value, ...]
) -> Step:
    """Ask for the plan; a partition that is divided itself is read by its own partitions."""
    sql = f"explain (verbose, format json) select * from {table.name.sql} where {condition}"
    below = [part] if part.partition_key is None else list(leaves(source.built, part.name))
    relations = frozenset(f"{there.name.schema}.{there.name.name}" for there in below)
    return Step(statement=Statement(sql, values), expect=Planned(relations=relations))
