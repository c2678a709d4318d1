"""A time of day is stored with a time zone.

What it finds: a column of type time with time zone.

Why it hurts: without a date, an offset says nothing about summer time. The type is in the standard
and of no use; the documentation advises against it.

Bad:
    create table shop (opens timetz);

Good:
    create table shop (opens time, zone text);

Fix: a time, with the name of a time zone beside it where one is needed.

When to ignore: never.

Reference: PostgreSQL documentation, chapter Data Types, Date/Time Types.
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
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns of that type."""
    for table, column in ground.columns():
        if column.type.base == "timetz" and column.generated is None:
            kind = "time[]" if column.type.array else "time"
            yield Problem(
                subject=Subject(object=str(table.name), part=column.name),
                found=f"{quote(column.name)} of {table.name} is {column.type.sql}",
                expected="time, and a time zone by its name where one is needed",
                fix=altered(table, column.name, f"type {kind}"),
            )
