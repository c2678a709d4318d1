"""Indexes: each one is there, valid, and usable for the condition it was made for.

What it finds
    An index that is missing or invalid; with other columns, another order, direction, operator
    class, expression or predicate; that has lost its INCLUDE columns; that is unique and should
    not be, or the other way round. Sequential scans are off and the table's other indexes are
    hidden for the length of the case, so that the question is not what is cheaper on a small
    table, but whether the index can serve at all.

Why it hurts
    The query that relied on it reads the whole table, from one deployment to the next, and the
    larger the table the later it shows. An invalid index (left by a failed CONCURRENTLY) is
    maintained by every write and used by no query.

Bad example
    CREATE INDEX ON orders (created_at, customer_id), for WHERE customer_id = ... ORDER BY
    created_at.

Good example
    CREATE INDEX ON orders (customer_id, created_at)

How to fix
    CREATE INDEX CONCURRENTLY ... under another name, then DROP INDEX CONCURRENTLY of the old one;
    REINDEX INDEX CONCURRENTLY for an invalid one.

When to ignore
    Never: if the index is not wanted, the models are wrong.

Reference
    PostgreSQL documentation: Indexes; Operator Classes and Operator Families; Index-Only Scans;
    pg_index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.cases.collision import Collision
from pgassay.cases.index_condition import Conditions, Operators, Query, explained, operators
from pgassay.cases.routing import index_there, leaves
from pgassay.cases.unique_key import UniqueKey, unique_keys
from pgassay.core.case import Accepted, Case, Planned, Step, Subject, Unproven
from pgassay.core.names import QualifiedName
from pgassay.core.statement import Statement
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Index, Table

_KIND = "index"
_WHY = "a query that relied on the index reads the whole table, and shows it only when it is large"
_SORTS = frozenset(["Sort", "Incremental Sort"])
_NO_SCAN = Statement("set local enable_seqscan = off")
_NO_BITMAP = Statement("set local enable_bitmapscan = off")
_HIDE = (
    "update pg_catalog.pg_index set indisvalid = false"
    " where indrelid = $1::regclass and indexrelid <> $2::regclass"
)
_HIDE_ALL = (
    "update pg_catalog.pg_index set indisvalid = false"
    " where indrelid in (select relid from pg_catalog.pg_partition_tree($1::regclass))"
    " and indexrelid not in (select relid from pg_catalog.pg_partition_tree($2::regclass))"
)
_STATE = "select indisunique, indisvalid from pg_catalog.pg_index where indexrelid = $1::regclass"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield for every index that it serves its condition, and that equal keys are no error."""
    served = operators(source.ask)
    for table in source.contract.roots():
        for index in table.indexes:
            relation = _Relation(name=table.name, table=table)
            yield _usable(source, relation, index, served)
    for view in source.contract.views:
        for index in view.indexes:
            yield _usable(source, _Relation(name=view.name), index, served)
    for table in source.contract.roots():
        for index in table.indexes:
            yield from _repeatable(source, table, index)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Relation:
    """A table, or a materialised view, which has no `table`."""

    name: QualifiedName
    table: Table | None = None

    @property
    def is_partitioned(self) -> bool:
        return self.table is not None and self.table.partition_key is not None


def _usable(
    source: Source, relation: _Relation, index: Index, served: Operators
) -> Case | Unproven:
    name = QualifiedName(relation.name.schema, index.name)
    parts = _parts(source, relation, index)
    if not parts:
        return Unproven(
            kind=_KIND,
            subject=Subject(object=str(relation.name), part=index.name),
            title="usable for what it was made for",
            reason="the table has no partition",
        )
    inherited = any(relation.name in table.inherits for table in source.contract.tables)
    read = f"only {relation.name.sql}" if inherited else relation.name.sql
    conditions = Conditions(read, index, served.get(name, ()))
    hide = _HIDE_ALL if relation.is_partitioned else _HIDE
    unique = "t" if index.unique else "f"
    steps = [
        Step(
            statement=Statement(_STATE, (name.sql,)),
            expect=Accepted(returns=((unique, "t"),)),
        ),
        Step(statement=Statement(hide, (relation.name.sql, name.sql)), expect=Accepted()),
    ]
    for query in conditions.queries():
        if query.index_only:  # a bitmap scan is no Index Only Scan, and might look cheaper
            steps.append(Step(statement=_NO_BITMAP, expect=Accepted()))
        steps.append(Step(statement=explained(query), expect=_planned(query, parts)))
    return Case(
        kind=_KIND,
        subject=Subject(object=str(relation.name), part=index.name),
        title="usable for what it was made for",
        needs=(_NO_SCAN,),
        steps=tuple(steps),
        why=_WHY,
        promise=index.definition,
    )


def _planned(query: Query, parts: frozenset[str]) -> Planned:
    one = next(iter(parts)) if len(parts) == 1 else None
    if query.unused:
        return Planned(unused=min(parts, default=None))
    return Planned(
        index=one,
        indexes=frozenset() if one else parts,
        index_only=query.index_only,
        conditioned=not query.sorted,
        without=_SORTS if query.sorted else frozenset(),
    )


def _parts(source: Source, relation: _Relation, index: Index) -> frozenset[str]:
    """Return the names a plan may show: those of the partitions' indexes, as built."""
    if not relation.is_partitioned or relation.table is None:
        return frozenset([index.name])
    table = relation.table
    return frozenset(
        index_there(source.built, leaf, table, index.name)
        for leaf in leaves(source.built, table.name)
    )


def _repeatable(source: Source, table: Table, index: Index) -> Iterator[Case | Unproven]:
    """Yield for an index that is not unique the case of two rows with the same key."""
    if index.unique or any(key.index is index for key in unique_keys(table)):
        return
    if any(c.index == index.name for c in table.constraints):
        return
    key = UniqueKey(table=table, index=index, constraint=None)
    if any(set(unique.columns) <= set(key.columns) for unique in unique_keys(table)):
        return  # a unique key within it refuses such rows, and rightly
    try:
        yield Collision(source, _KIND, key, _WHY).equal()
    except Unsatisfiable as failure:
        yield Unproven(
            kind=_KIND,
            subject=Subject(object=str(table.name), part=index.name),
            title="equal keys accepted",
            reason=str(failure),
        )
