"""A table has nothing that tells one row from another.

What it finds: a table without a primary key and without any unique index that holds every row and
takes no NULL. Partitions and tables that inherit are left to their parents.

Why it hurts: a row that is there twice can be neither addressed nor repaired, and logical
replication refuses its UPDATE and DELETE, as long as the replica identity is the default.

Bad:
    create table reading (taken timestamptz not null, value float8 not null);

Good:
    create table reading (
        id bigint generated always as identity primary key,
        taken timestamptz not null,
        value float8 not null
    );

Fix: add a primary key. The statement given makes a new one; if columns that are there tell rows
apart, make the key of those.

When to ignore: the table is a place where rows only pass through, and is never replicated.

Reference: PostgreSQL documentation, chapter Constraints, Primary Keys; Logical Replication, Replica
Identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import tells_apart
from pgassay.core.case import Subject
from pgassay.core.catalog import TableKind
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables without any key, in which one can be made."""
    parents = {parent for table in ground.tables for parent in table.inherits}
    for table in ground.tables:
        if table.inherits or table.of_type or table.primary_key is not None:
            continue
        if any(tells_apart(ground, table, index) for index in table.indexes):
            continue
        divided = table.partition_key.columns if table.partition_key else ()
        if None in divided:
            continue  # a key of a partitioned table has to hold all of the partition key
        yield Problem(
            subject=Subject(object=str(table.name)),
            found=f"{table.name} has no primary key, and no unique index of columns that are "
            "NOT NULL",
            expected="a primary key",
            fix=_key(
                table,
                tuple(name for name in divided if name is not None),
                alone=table.kind is not TableKind.PARTITIONED and table.name not in parents,
            ),
        )


def _key(table: Table, divided: tuple[str, ...], *, alone: bool) -> str:
    taken = {column.name for column in table.columns}
    name = next(n for n in ("id", "row_id", *(f"id_{i}" for i in range(1600))) if n not in taken)
    # Tables that inherit cannot get an identity that way, before 17 partitions neither.
    kind = (
        "bigint generated always as identity"
        if alone
        else "uuid not null default gen_random_uuid()"
    )
    return (
        f"alter table {table.name.sql} add column {name} {kind}, "
        f"add primary key ({quote_all((name, *divided))});"
    )
