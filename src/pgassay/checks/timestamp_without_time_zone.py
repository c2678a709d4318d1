"""A point in time is stored without its time zone.

What it finds: a column of type timestamp, or an array of it.

Why it hurts: the value says what a clock showed, and not where. Which moment it was depends on who
wrote it, and an hour each autumn comes twice; comparing with now() uses the session's time zone.

Bad:
    create table visit (at timestamp not null);

Good:
    create table visit (at timestamptz not null);

Fix: change the type, and say in which zone the values are. The statement given takes UTC for it.

When to ignore: the value is a time on the wall: an opening hour, a date of birth with its hour; or
all that write agree on UTC, and the schema says so.

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
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns; those of a partition key cannot be changed, and get no fix."""
    for table, column in ground.columns():
        if column.type.base != "timestamp" or column.generated is not None:
            continue
        divided = table.partition_key is not None and column.name in table.partition_key.columns
        digits = "" if column.type.precision is None else f"({column.type.precision})"
        using = "" if column.type.array else f" using {quote(column.name)} at time zone 'UTC'"
        brackets = "[]" if column.type.array else ""
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} is {column.type.sql}",
            expected="timestamp with time zone",
            fix=""
            if divided
            else altered(table, column.name, f"type timestamptz{digits}{brackets}{using}"),
        )
