"""A text search vector is stored and has no index.

What it finds: a column of type tsvector that is a key of no GIN or GiST index.

Why it hurts: the vector is computed on every write so that a search need not; without the index
every search still reads the whole table.

Bad:
    create table page (id bigint primary key, words tsvector);

Good:
    create table page (id bigint primary key, words tsvector);
    create index page_words on page using gin (words);

Fix: a GIN index.

When to ignore: the table is small, or the column is only sent elsewhere.

Reference: PostgreSQL documentation, chapter Full Text Search, Preferred Index Types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.catalog import TableKind
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED
_METHODS = frozenset({"gin", "gist", "rum"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the vectors without an index, in a partitioned table's partitions as well."""
    for table, column in ground.columns():
        if column.type.base != "tsvector" or column.type.array:
            continue
        if _searched(ground, table, column.name):
            continue
        online = "" if table.kind is TableKind.PARTITIONED else " concurrently"
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"no GIN or GiST index has the tsvector {quote(column.name)}",
            expected="an index that a search can use",
            fix=f"create index{online} on {table.name.sql} using gin ({quote(column.name)});",
        )


def _searched(ground: Ground, table: Table, name: str) -> bool:
    if any(
        index.valid and index.method in _METHODS and name in (key.column for key in index.keys)
        for index in table.indexes
    ):
        return True
    partitions = ground.catalog.partitions_of(table.name)
    return bool(partitions) and all(_searched(ground, part, name) for part in partitions)
