"""A unique key with a marker of deletion in it lets rows that live repeat.

What it finds: a unique index or constraint on columns and a marker such as `deleted_at` that is
NULL while a row lives, with NULLS DISTINCT and without a predicate that keeps those rows out.

Why it hurts: NULL is equal to no NULL. Of the rows that are not deleted, any number may have the
same values; only those that are gone are kept apart.

Bad:
    create table users (
        id bigint primary key,
        email text not null,
        deleted_at timestamptz,
        unique (email, deleted_at)
    );

Good:
    create table users (id bigint primary key, email text not null, deleted_at timestamptz);
    create unique index on users (email) where deleted_at is null;

Fix: a unique index on the other columns of the rows that live.

When to ignore: never, unless another unique key keeps the living apart.

Reference: PostgreSQL documentation, CREATE TABLE, UNIQUE, NULLS NOT DISTINCT; chapter Indexes,
Partial Indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import is_key, key_columns
from pgassay.checks.mending import index_on
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote, quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Index, Table

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED
OPTIONS = {
    "markers": (
        "deleted_at",
        "deletedAt",
        "deleted_on",
        "deletedOn",
        "removed_at",
        "removedAt",
        "archived_at",
        "archivedAt",
        "discarded_at",
        "discardedAt",
    )
}
_TIMES = frozenset({"timestamp", "timestamptz", "date"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the keys that do not hold for rows that live."""
    markers = set(ground.options["markers"])
    for table, index in ground.indexes():
        columns = key_columns(index)
        if not index.unique or index.nulls_not_distinct or index.predicate or columns is None:
            continue
        found = [name for name in columns if name in markers and _opens(ground, table, name)]
        rest = [name for name in columns if name not in found]
        if not found or not rest or is_key(table, index):
            continue
        if any(_keeps(other, set(rest)) for other in table.indexes):
            continue
        living = " and ".join(f"{quote(name)} is null" for name in found)
        yield Problem(
            subject=Subject(object=str(table.name), part=index.name),
            found=f"{quote(index.name)} lets rows with the same ({quote_all(tuple(rest))}) live "
            f"beside each other, as NULL in {quote_all(tuple(found))} equals no NULL",
            expected=f"({quote_all(tuple(rest))}) unique where {living}",
            fix=index_on(table, rest, unique=True, tail=f" where {living}"),
            evidence=(index.definition,),
        )


def _opens(ground: Ground, table: Table, name: str) -> bool:
    column = table.column(name)
    return column.type.base in _TIMES and not ground.relations.not_null(column)


def _keeps(other: Index, rest: set[str]) -> bool:
    """Whether another unique key keeps rows apart by those columns, for the living at least."""
    names = key_columns(other)
    return other.unique and names is not None and set(names) <= rest
