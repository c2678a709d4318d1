"""A default was meant to be now, and is the moment at which it was written down.

What it finds: a column of a date or time type whose default is a constant with a fraction of a
second, which is what 'now' becomes where it is not a function.

Why it hurts: `default 'now'` and `default now()::text` of a migration tool are evaluated once.
Every row gets the time of the migration.

Bad:
    create table visit (at timestamptz not null default timestamptz 'now');

Good:
    create table visit (at timestamptz not null default now());

Fix: the function.

When to ignore: the moment is meant, to the microsecond.

Reference: PostgreSQL documentation, chapter Functions and Operators, Current Date/Time.
"""

from __future__ import annotations

import re
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
_MOMENT = re.compile(r"'[^']*\d\d:\d\d:\d\d\.\d{3,6}[^']*'::time.*")
_NOW = {
    "timestamptz": "current_timestamp",
    "timestamp": "localtimestamp",
    "time": "localtime",
    "timetz": "current_time",
}


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the defaults that stand still."""
    for table, column in ground.columns():
        now = _NOW.get(column.type.base)
        if now is None or column.type.array or column.default is None:
            continue
        if not _MOMENT.fullmatch(column.default):
            continue
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} has the default {column.default}",
            expected=f"a function such as {now}",
            fix=altered(table, column.name, f"set default {now}"),
        )
