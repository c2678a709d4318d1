"""Twins: two rows that differ in nothing but their keys are both accepted.

What it finds
    A unique constraint, a unique index or an exclusion that nobody promised: on a column that
    most rows share, or on a time that two rows of one transaction have in common.

Why it hurts
    The first row is stored, the second one refused, and no test that stores one row of a kind
    ever sees it.

Bad example
    ALTER TABLE orders ADD UNIQUE (customer_id)

Good example
    CREATE INDEX ON orders (customer_id)

How to fix
    Drop the key that was not promised, or promise it in the models.

When to ignore
    Never: if the migration is right, the models are wrong.

Reference
    PostgreSQL documentation: Constraints, Unique Constraints.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pgassay.cases.confirmation import over_tables
from pgassay.cases.ground import Ground, accepted
from pgassay.cases.predicate import mentioned, values_where
from pgassay.cases.unique_key import UniqueKey, unique_keys
from pgassay.cases.variation import variations
from pgassay.core.case import Accepted, Case, Unproven
from pgassay.core.catalog import ConstraintKind, Match
from pgassay.core.names import quote_all
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Constraint
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

KIND = "twin"
_DEEP = 4  # generations of parents that are given a twin
_WHY = "the first row of a kind is stored, and the second one refused for a key nobody promised"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield for each table a row, and a second one that differs in its keys alone."""
    return over_tables(KIND, source, _of_table)


def _of_table(ground: Ground) -> Iterator[Case | Unproven]:
    with suppress(Unsatisfiable):  # with fewer references in common there may be a second row
        yield _twins(ground, _optional(ground))
        return
    try:
        yield _twins(ground, {})
    except Unsatisfiable as failure:
        yield Unproven(
            kind=KIND, subject=ground.subject(), title="a second row", reason=str(failure)
        )


def _twins(ground: Ground, shared: Mapping[str, Value]) -> Case:
    """Return the case of two rows that share these values, beside those of any valid row."""
    around = ground.source.rows.surroundings(ground.table)[0]
    more, change = apart(ground, {**ground.row.values, **shared}, around)
    title = "a second row like the first accepted"
    if change:
        title = f"a second row that differs in {quote_all(tuple(change))} alone accepted"
    # two references to one table ask for the same twin of the parent
    parents = [row for place, row in enumerate(more) if row not in more[:place]]
    rows = (ground.having(shared), *parents, ground.having({**shared, **change}))
    return Case(
        kind=KIND,
        subject=ground.subject(),
        title=title,
        needs=ground.needs,
        steps=tuple(accepted(row.insert()) for row in rows),
        why=_WHY,
    )


def _optional(ground: Ground) -> dict[str, Value]:
    """Return the references that a row can do without; none where a CHECK minds them.

    A NULL is no duplicate, so a key on such a column shows only where both rows refer.
    """
    missing = {c: v for c, v in ground.references.items() if ground.row.values.get(c) is None}
    (verdict,) = ground.expectations([missing])
    return missing if isinstance(verdict, Accepted) else {}


def apart(
    ground: Ground, values: Mapping[str, Value], around: Sequence[Row], depth: int = 0
) -> tuple[list[Row], dict[str, Value]]:
    """Return what must differ in a second row, and the parents it needs beside those around.

    Raises `Unsatisfiable` where no other value was found for a key.
    """
    more: list[Row] = []
    change: dict[str, Value] = {}
    single = _single(ground)
    divided = set(ground.table.partition_key.columns if ground.table.partition_key else ())

    def late(column: str) -> tuple[bool, ...]:
        return column in single, column in ground.keys, column in divided

    left: set[Sequence[str]] = set()
    for partial in unique_keys(ground.table):
        outside = _beside(ground, partial, {**values, **change})
        if outside is not None:
            change |= outside
            left.add(partial.columns)
    for key in _keys(ground):
        if key in left or change.keys() & set(key) or any(values.get(c) is None for c in key):
            continue  # it differs already, or the server gives the value, or NULL is no duplicate
        divided = set(ground.table.partition_key.columns if ground.table.partition_key else ())
        for column in sorted(
            key, key=lambda c: (c in _single(ground), c in ground.keys, c in divided)
        ):
            rows, found = _other(ground, values, column, around, depth)
            if found:
                more += rows
                change |= found
                break
        else:
            names = quote_all(tuple(key))
            where = str(ground.table.name)
            raise Unsatisfiable("a second row", f"another value for any of {names}", where=where)
    return more, change


def _beside(ground: Ground, key: UniqueKey, values: Mapping[str, Value]) -> dict[str, Value] | None:
    """Return what takes a row out of the predicate of a key, its key left as it is.

    Nothing where the row is outside of it; None where there is no predicate, or no way out.
    """
    predicate = key.index.predicate
    if predicate is None:
        return None
    columns = mentioned(ground.table, predicate)
    free = [c for c in columns if c not in key.columns and c not in ground.keys]
    fixed = {name: value for name, value in values.items() if name not in free}
    if not free and set(columns) - set(key.columns):
        return None
    with suppress(Unsatisfiable):
        found = values_where(
            ground.source, ground.table, predicate, holds=False, number=0, fixed=fixed
        )
        return {c: found[c] for c in free if found.get(c) != values.get(c)}
    return None


def _keys(ground: Ground) -> Iterator[Sequence[str]]:
    """Yield the columns of everything that keeps two rows apart, the shortest first."""
    table = ground.table
    exclusions = [c.columns for c in table.of_kind(ConstraintKind.EXCLUSION)]
    yield from sorted([key.columns for key in unique_keys(table)] + exclusions, key=len)


def _single(ground: Ground) -> Mapping[str, Constraint]:
    """Return the references of one column, by that column."""
    return {key.columns[0]: key for key in ground.table.foreign_keys if len(key.columns) == 1}


def _other(
    ground: Ground, values: Mapping[str, Value], column: str, around: Sequence[Row], depth: int
) -> tuple[list[Row], dict[str, Value]]:
    """Return another value for one column, with the parents and the companions it needs."""
    reference = _single(ground).get(column)
    if reference is not None:
        return _other_parent(ground, reference, values[column], around, depth)
    value = next(variations(ground.source, ground.table, values, column), None)
    if value is None:
        return [], {}
    companions: dict[str, Value] = {}
    for key in ground.table.foreign_keys:
        if column in key.columns:  # of several columns: one that is NULL lets go of it
            free = [c for c in key.columns if c != column and c in ground.nullable]
            if not free or key.match is Match.FULL:
                return [], {}
            companions[free[0]] = None
    return [], {column: value, **companions}


def _other_parent(
    ground: Ground, key: Constraint, value: Value, around: Sequence[Row], depth: int
) -> tuple[list[Row], dict[str, Value]]:
    """Return a twin of the parent, and its key."""
    column, there = key.columns[0], key.referenced_columns[0]
    same = (r for r in around if r.table.name == key.references and r.values.get(there) == value)
    parent = next(same, None)
    if parent is None or depth >= _DEEP:
        return [], {}
    beside = Ground(ground.source, parent.table)
    more, change = apart(beside, parent.values, around, depth + 1)
    if there not in change:
        other = next(variations(ground.source, parent.table, parent.values, there), None)
        if other is None:
            return [], {}
        change[there] = other
    return [*more, parent.with_values(change)], {column: change[there]}
