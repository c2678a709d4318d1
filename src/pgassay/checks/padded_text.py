"""A text column pads its values with blanks.

What it finds: a column of type character(n), n greater than 1.

Why it hurts: values are filled up with blanks to n, which take room and vanish or stay depending on
what is done with them: length, LIKE and concatenation each see them otherwise. It is no faster than
text.

Bad:
    create table account (iban char(34));

Good:
    create table account (iban text check (length(iban) <= 34));

Fix: text, with a CHECK of the length where there is one.

When to ignore: every value has exactly n characters, as a country code has.

Reference: PostgreSQL documentation, chapter Data Types, Character Types.
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
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns that pad."""
    for table, column in ground.columns():
        if column.type.base != "bpchar" or column.generated is not None:
            continue
        if column.type.length is None or column.type.length == 1:
            continue
        kind = "text[]" if column.type.array else "text"
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} is {column.type.sql}",
            expected="text, or varchar with a length",
            fix=altered(table, column.name, f"type {kind}"),
        )
