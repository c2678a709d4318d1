"""A sequence ends long before its column does.

What it finds: a sequence of type integer or smallint behind a bigint column, or of type smallint
behind an integer one.

Why it hurts: somebody widened the column and forgot the sequence. Inserts fail at the old limit all
the same (2200H), on the day that the change was to prevent.

Bad:
    create table event (id serial primary key);
    alter table event alter column id type bigint;

Good:
    create table event (id serial primary key);
    alter table event alter column id type bigint;
    alter sequence event_id_seq as bigint;

Fix: widen the sequence.

When to ignore: never.

Reference: PostgreSQL documentation, ALTER SEQUENCE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED
_BITS = {"smallint": 16, "integer": 32, "bigint": 64, "int2": 16, "int4": 32, "int8": 64}
_WORDS = {"int2": "smallint", "int4": "integer", "int8": "bigint"}


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the sequences that are narrower than the column they go with."""
    for sequence in ground.catalog.sequences:
        table = ground.relations.by_name.get(sequence.owned_by) if sequence.owned_by else None
        if table is None or sequence.owned_column is None or sequence.cycle:
            continue
        column = table.column(sequence.owned_column)
        if _BITS.get(column.type.base, 0) <= _BITS[sequence.type]:
            continue
        wide = _WORDS[column.type.base]
        yield Problem(
            subject=Subject(object=str(sequence.name)),
            found=f"{sequence.name} counts in {sequence.type}, and {quote(column.name)} of "
            f"{table.name} is {wide}",
            expected=f"a sequence as {wide}",
            fix=f"alter sequence {sequence.name.sql} as {wide};",
        )
