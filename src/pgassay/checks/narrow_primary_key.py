"""A primary key that counts up will run out of numbers.

What it finds: a primary key of one column of type integer or smallint whose values come from an
identity or from a sequence.

Why it hurts: after number 2,147,483,647 (32,767) every insert fails, at the worst time. Changing
the type then rewrites the table and all that refer to it.

Bad:
    create table event (id integer generated always as identity primary key);

Good:
    create table event (id bigint generated always as identity primary key);

Fix: make it bigint, with the columns that refer to it and the sequence. On a big table, move over
to a new column instead: changing the type rewrites it under an ACCESS EXCLUSIVE lock.

When to ignore: the table is a list that people fill by hand.

Reference: PostgreSQL documentation, chapter Data Types, Numeric Types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import altered
from pgassay.core.case import Subject
from pgassay.core.catalog import TypeKind
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT
_NARROW = frozenset({"int2", "int4"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the keys that run out."""
    for table in ground.tables:
        key = table.primary_key
        if key is None or len(key.columns) != 1:
            continue
        column = table.column(key.columns[0])
        counts = column.identity or (column.default or "").startswith("nextval(")
        if column.type.base not in _NARROW or column.type.kind is not TypeKind.BASE or not counts:
            continue
        referring = [
            (t, t.column(k.columns[0]))
            for t, k in ground.relations.referring_to(table.name)
            if k.referenced_columns == key.columns
        ]
        statements = [altered(table, column.name, "type bigint")]
        statements += [
            f"alter sequence {sequence.name.sql} as bigint;"
            for sequence in ground.catalog.sequences
            if not sequence.identity
            and (sequence.owned_by, sequence.owned_column) == (table.name, column.name)
        ]
        statements += [
            altered(t, c.name, "type bigint") for t, c in referring if c.type.base in _NARROW
        ]
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} counts in {column.type.sql}",
            expected="bigint",
            fix="\n".join(dict.fromkeys(statements)),
        )
