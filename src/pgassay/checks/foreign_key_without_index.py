"""A foreign key has no index that finds the rows which refer.

What it finds: a foreign key whose columns do not lead any usable index of its table. Counted are
B-tree and GiST indexes whose first keys are those columns in any order, a hash index on the one
column, a unique index on some of them, and an index on some of them that alone tell a row of the
other table. Not counted are an index that is invalid, one that has
the columns only in INCLUDE, one behind other columns, and one whose predicate leaves rows out; a
predicate that only says the columns are not null leaves none out.

Why it hurts: for each row of the other table that is deleted or gets another key, the server reads
this table from end to end to look for rows that refer, while the deleted row stays locked.

Bad:
    create table author (id bigint primary key);
    create table book (
        id bigint primary key,
        author_id bigint not null references author on delete cascade
    );

Good:
    create table author (id bigint primary key);
    create table book (
        id bigint primary key,
        author_id bigint not null references author on delete cascade
    );
    create index on book (author_id);

Fix: create the index; concurrently, where the table is in use.

When to ignore: rows of the other table are never deleted and their keys never change, and no
query goes from there to here; or this table is small and stays so.

Reference: PostgreSQL documentation, chapter Constraints, Foreign Keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import index_on
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote, quote_all
from pgassay.rows.finding_rows import finds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the foreign keys without an index; not enforced, or of periods, they ask otherwise."""
    for table, key in ground.relations.foreign_keys:
        if not key.enforced or key.without_overlaps or finds(ground.catalog, table, key):
            continue
        near = [i for i in table.indexes if {k.column for k in i.keys} & set(key.columns)]
        yield Problem(
            subject=Subject(object=str(table.name), part=key.name),
            found=f"no index of {table.name} begins with ({quote_all(key.columns)})",
            expected=f"an index that finds the rows of {table.name} by {quote(key.name)}",
            fix=index_on(table, key.columns),
            evidence=(
                f"{quote(key.name)} {key.definition}",
                *(f"does not do: {index.definition}" for index in near),
            ),
        )
