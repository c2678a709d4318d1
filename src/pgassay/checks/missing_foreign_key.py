"""A column is called as if it referred to a table, and no foreign key holds it to that.

What it finds: a column `thing_id` or `thingId` without a foreign key, where a table `thing` or
`things` of the same schema has a primary key of one column of the same type.

Why it hurts: rows can refer to what is not there and nobody notices; a delete leaves orphans
behind.

Bad:
    create table author (id bigint primary key);
    create table book (id bigint primary key, author_id bigint);

Good:
    create table author (id bigint primary key);
    create table book (id bigint primary key, author_id bigint references author);
    create index on book (author_id);

Fix: add the foreign key, NOT VALID at first where the table is big, and an index for it.

When to ignore: the rows referred to may be gone, as in a log or an archive; or the name means
something else.

Reference: PostgreSQL documentation, chapter Constraints, Foreign Keys.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT
_STEM = re.compile(r"(?P<stem>.+?)(?:_id|Id|_ID|ID)")


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns that a key seems to be missing from."""
    known = {table.name: table for table in ground.tables}
    for table, column in ground.columns():
        match = _STEM.fullmatch(column.name)
        if match is None or column.type.array or column.generated is not None:
            continue
        held = {name for key in table.foreign_keys for name in key.columns}
        if column.name in held:
            continue
        other = _called(table.name.schema, match["stem"], known)
        key = other.primary_key if other else None
        if other is None or key is None or len(key.columns) != 1:
            continue
        referenced = other.column(key.columns[0])
        if referenced.type.base != column.type.base or (other is table and key.columns[0] in held):
            continue
        if other is table and column.name in key.columns:
            continue
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} refers to {other.name} by its name alone",
            expected="a foreign key",
            fix=f"alter table {table.name.sql} add foreign key ({quote(column.name)}) "
            f"references {other.name.sql} ({quote(referenced.name)});",
        )


def _called(schema: str, stem: str, known: Mapping[QualifiedName, Table]) -> Table | None:
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", stem).lower()
    plural = snake[:-1] + "ies" if snake.endswith("y") else snake + "s"
    wanted = {snake, plural, snake + "es"}
    for name, table in known.items():
        own = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.name).lower()
        if name.schema == schema and own in wanted:
            return table
    return None
