"""Indexes that say the same as others, and what else hangs on an index than queries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Index, IndexKey, Table


def key_columns(index: Index) -> tuple[str, ...] | None:
    """Return the key columns of an index; None where one of its keys is an expression."""
    names = tuple(key.column for key in index.keys if key.column is not None)
    return names if len(names) == len(index.keys) else None


def sorted_alike(one: Iterable[IndexKey], other: Iterable[IndexKey]) -> bool:
    """Whether keys sort alike: statistics targets aside, they are equal."""
    return [replace(key, statistics_target=None) for key in one] == [
        replace(key, statistics_target=None) for key in other
    ]


def is_referred_to(ground: Ground, table: Table, columns: Iterable[str]) -> bool:
    """Whether a foreign key refers to exactly these columns, and so needs their uniqueness."""
    wanted = set(columns)
    return any(
        set(key.referenced_columns) == wanted
        for _, key in ground.relations.referring_to(table.name)
    )


def is_identity(table: Table, index: Index) -> bool:
    """Whether logical replication tells rows apart by an index."""
    if table.replica_identity is not None:
        return table.replica_identity == index.name
    key = table.primary_key
    return key is not None and key.index == index.name


def is_key(table: Table, index: Index) -> bool:
    """Whether an index is the primary key's."""
    return any(
        constraint.kind is ConstraintKind.PRIMARY_KEY and constraint.name == index.constraint
        for constraint in table.constraints
    )


def tells_apart(ground: Ground, table: Table, index: Index) -> bool:
    """Whether an index tells every row from every other: unique, whole, and never NULL."""
    columns = key_columns(index)
    return (
        index.unique
        and index.valid
        and index.predicate is None
        and columns is not None
        and (
            index.nulls_not_distinct
            or all(ground.relations.not_null(table.column(name)) for name in columns)
        )
    )
