"""A primary key is filled with random UUIDs.

What it finds: a primary key of one uuid column whose default is gen_random_uuid() or
uuid_generate_v4(), on PostgreSQL 18 or newer, where uuidv7() is there.

Why it hurts: each insert goes to another page of the index. It no longer fits into memory long
before the table does, and every page that is touched is written to WAL whole after a checkpoint.

Bad:
    create table event (id uuid primary key default gen_random_uuid());

Good:
    create table event (id uuid primary key default uuidv7());

Fix: uuidv7(), whose values rise with the time; what is there stays.

When to ignore: the time of creation must not be read from the key.

Reference: PostgreSQL documentation, chapter Functions and Operators, UUID Functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import altered
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.INFO
PROFILE = Profile.ALL
_RANDOM = ("gen_random_uuid()", "uuid_generate_v4()")
_SINCE = 18


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the keys that are random."""
    if ground.catalog.major < _SINCE:
        return
    for table in ground.tables:
        key = table.primary_key
        if key is None or len(key.columns) != 1:
            continue
        column = table.column(key.columns[0])
        if column.type.base != "uuid" or not (column.default or "").endswith(_RANDOM):
            continue
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} is filled by {column.default}",
            expected="uuidv7()",
            fix=altered(table, column.name, "set default uuidv7()"),
        )
