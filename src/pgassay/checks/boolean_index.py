"""An index has a boolean as its only key.

What it finds: a B-tree or hash index without a predicate whose only key is a boolean column.

Why it hurts: one of two values is most of the table, for which the planner reads the table itself.
The index is kept up for the rare value alone, and holds all the others.

Bad:
    create table message (id bigint primary key, sent boolean not null);
    create index message_sent on message (sent);

Good:
    create table message (id bigint primary key, sent boolean not null);
    create index message_unsent on message (id) where not sent;

Fix: a partial index for the value that is looked for. The statement given takes true for it.

When to ignore: never; a partial index is smaller and says what it is for.

Reference: PostgreSQL documentation, chapter Indexes, Partial Indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import key_columns
from pgassay.checks.mending import index_on, without_index
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the indexes on one boolean."""
    for table, index in ground.indexes():
        columns = key_columns(index)
        if columns is None or len(columns) != 1 or index.predicate or index.unique:
            continue
        column = table.column(columns[0])
        if column.type.base != "bool" or column.type.array:
            continue
        key = table.primary_key
        keys = key.columns if key else columns
        yield Problem(
            subject=Subject(object=str(table.name), part=index.name),
            found=f"{quote(index.name)} has no key but the boolean {quote(column.name)}",
            expected="a partial index for the value that is rare",
            fix=f"{without_index(table, index)}\n"
            + index_on(table, keys, tail=f" where {quote(column.name)}"),
            evidence=(index.definition,),
        )
