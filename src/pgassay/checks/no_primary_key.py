"""A table has a unique key, and none that is called primary.

What it finds: a table without a primary key that has a unique index of NOT NULL columns which could
be one.

Why it hurts: tools look for the primary key: ORMs refuse to map the table, logical replication
takes no UPDATE and DELETE, foreign keys and GROUP BY have to name the columns.

Bad:
    create table country (code text not null unique, name text not null);

Good:
    create table country (code text primary key, name text not null);

Fix: make the unique key the primary one.

When to ignore: the replica identity is set to that index, and no tool asks for more.

Reference: PostgreSQL documentation, chapter Constraints, Primary Keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import key_columns, tells_apart
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote, quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables whose unique key could be their primary one."""
    for table in ground.tables:
        if table.inherits or table.primary_key is not None:
            continue
        keys = [index for index in table.indexes if tells_apart(ground, table, index)]
        if not keys:
            continue
        shortest = min(keys, key=lambda index: (len(index.keys), index.name))
        columns = quote_all(key_columns(shortest) or ())
        yield Problem(
            subject=Subject(object=str(table.name)),
            found=f"{table.name} has the unique key {quote(shortest.name)} ({columns}) and no "
            "primary key",
            expected=f"a primary key, for instance ({columns})",
            fix=f"alter table {table.name.sql} add primary key ({columns});",
        )
