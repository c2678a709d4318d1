"""Routing: which partition that exists takes a row, and what a constraint is called there.

An error in a partitioned table names the partition's own constraint or index. Which partition it
is follows from the bounds of what the migrations built; the server compares, in one round trip
(CREATE TABLE, PARTITION BY).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from pgassay.core.catalog import PartitionStrategy
from pgassay.core.names import QualifiedName, literal
from pgassay.core.statement import Statement
from pgassay.rows.partitions import bounds, members

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Catalog, Constraint, Partition, PartitionKey, Table
    from pgassay.core.statement import Value
    from pgassay.rows.maker import RowMaker

_HASH = re.compile(r"modulus (?P<modulus>\d+), remainder (?P<remainder>\d+)")
_known: WeakKeyDictionary[RowMaker, dict[tuple[object, ...], Table | None]] = WeakKeyDictionary()


def leaf(
    source: Source,
    table: Table,
    values: Mapping[str, Value],
    *,
    catalog: Catalog | None = None,
) -> Table | None:
    """Return the partition that takes a row; None if none does or nobody can tell.

    A table that is not partitioned is its own leaf. The partitions are those of `catalog`, or
    those that were built.
    """
    catalog = catalog or source.built
    current = built_table(catalog, table.name)
    while current is not None and current.partition_key is not None:
        current = _child(source, catalog, current, current.partition_key, values)
    return current


def child_of(source: Source, table: Table, values: Mapping[str, Value]) -> Table | None:
    """Return the direct partition that takes a row, as built."""
    current = built_table(source.built, table.name)
    if current is None or current.partition_key is None:
        return None
    return _child(source, source.built, current, current.partition_key, values)


def chain(catalog: Catalog, part: Table, table: QualifiedName) -> list[Table]:
    """Return a partition and what it is part of, from the one below `table` downward."""
    found: list[Table] = []
    above: Table | None = part
    while above is not None and above.name != table:
        found.insert(0, above)
        above = built_table(catalog, above.partition.parent) if above.partition else None
    return found


def leaves(catalog: Catalog, table: QualifiedName) -> Iterator[Table]:
    """Yield the partitions of a table that hold rows, all the way down."""
    for child in catalog.partitions_of(table):
        if child.partition_key is None:
            yield child
        else:
            yield from leaves(catalog, child.name)


def built_table(catalog: Catalog, name: QualifiedName) -> Table | None:
    """Return a table, or None where there is none of that name."""
    try:
        return catalog.table(name)
    except KeyError:
        return None


def name_there(
    source: Source, table: Table, values: Mapping[str, Value], constraint: Constraint
) -> str | None:
    """Return what an error calls a constraint of `table` for a row of these values.

    None where the partition cannot be told.
    """
    if table.partition_key is None:
        return constraint.name
    there = leaf(source, table, values)
    if there is None:
        return None
    if constraint.index is not None:
        return index_there(source.built, there, table, constraint.index)
    return name_on(there, constraint)


def name_on(there: Table, constraint: Constraint) -> str:
    """Return the name of a partition's copy of a foreign key or a CHECK, as built."""
    for other in there.constraints:
        same = (other.kind, other.columns, other.references) == (
            constraint.kind,
            constraint.columns,
            constraint.references,
        )
        if same and other.expression == constraint.expression:
            return other.name
    return constraint.name


def index_there(built: Catalog, there: Table, table: Table, index: str) -> str:
    """Return the name of a partition's part of a partitioned index, as built."""
    wanted = {QualifiedName(table.name.schema, index)}
    found = index
    for level in chain(built, there, table.name):
        parts = [i for i in level.indexes if i.parent in wanted]
        if not parts:
            return index
        found = parts[0].name
        wanted = {QualifiedName(level.name.schema, found)}
    return found


def _child(
    source: Source,
    catalog: Catalog,
    table: Table,
    key: PartitionKey,
    values: Mapping[str, Value],
) -> Table | None:
    columns = [column for column in key.columns if column is not None]
    if len(columns) != len(key.columns):
        # Nobody can tell what an expression gives, but a lone default partition takes all of it.
        children = catalog.partitions_of(table.name)
        alone = len(children) == 1 and children[0].partition and children[0].partition.is_default
        return children[0] if alone else None
    given = tuple(values.get(column) for column in columns)
    cache = _known.setdefault(source.rows, {})
    mark = (catalog is source.built, table.name, given)
    if mark not in cache:
        children = catalog.partitions_of(table.name)
        cache[mark] = _chosen(source, table, key, children, given)
    return cache[mark]


def _chosen(
    source: Source,
    table: Table,
    key: PartitionKey,
    children: Sequence[Table],
    given: Sequence[Value],
) -> Table | None:
    columns = [column for column in key.columns if column is not None]
    asked = _Asked([table.column(column).type.sql for column in columns], given)
    tests, default = [], None
    for at, child in enumerate(children):
        if child.partition is None:
            continue
        if child.partition.is_default:
            default = child
        elif test := asked.inside(key.strategy, child.partition, table.name):
            tests.append(f"when {test} then {at}")
    if not tests:
        return default
    sql = f"select case {' '.join(tests)} end from (select {asked.keys}) as keys"
    reply = source.ask.run(Statement(sql, tuple(asked.values)))
    if reply.refusal:
        return None
    found = reply.rows[0][0]
    return default if found is None else children[int(found)]


class _Asked:
    """Conditions on `k0`, `k1`, ... and the parameters that they need."""

    def __init__(self, types: Sequence[str], given: Sequence[Value]) -> None:
        self._types = types
        self._null = None in given
        self.values: list[Value] = []
        self.keys = ", ".join(f"{self._mark(value, at)} as k{at}" for at, value in enumerate(given))

    def inside(
        self, strategy: PartitionStrategy, partition: Partition, parent: QualifiedName
    ) -> str:
        """Return the condition that a partition takes the key; empty where it cannot."""
        if strategy is PartitionStrategy.LIST:
            marks = [self._mark(value, 0) for value in members(partition)]
            return " or ".join(f"k0 is not distinct from {mark}" for mark in marks)
        if strategy is PartitionStrategy.HASH:
            hashed = _HASH.search(partition.bound)
            keys = ", ".join(f"k{at}" for at in range(len(self._types)))
            above = f"{literal(parent.sql)}::regclass"
            parts = (hashed["modulus"], hashed["remainder"]) if hashed else ()
            return f"satisfies_hash_partition({', '.join((above, *parts, keys))})"
        ends = bounds(partition)
        if ends is None or self._null:  # NULL goes to the default (CREATE TABLE, RANGE)
            return ""
        return f"({self._beyond(ends[0], '>', '>=')}) and ({self._beyond(ends[1], '<', '<')})"

    def _beyond(self, end: Sequence[Value], sign: str, last: str) -> str:
        """Compare the key with a bound, column by column; None is MINVALUE or MAXVALUE."""
        test = ""
        for at in reversed(range(len(end))):
            if end[at] is None:
                test = "true"
                continue
            mark = self._mark(end[at], at)
            final = not test
            test = (
                f"k{at} {last} {mark}"
                if final
                else f"k{at} {sign} {mark} or (k{at} = {mark} and ({test}))"
            )
        return test or "true"

    def _mark(self, value: Value, at: int) -> str:
        self.values.append(value)
        return f"${len(self.values)}::{self._types[at]}"
