"""A boolean has a third value.

What it finds: a boolean column that takes NULL, alone and without a CHECK that speaks of it.

Why it hurts: neither `where flag` nor `where not flag` finds the rows with NULL. Whoever counts
both misses them.

Bad:
    create table account (active boolean default true);

Good:
    create table account (active boolean not null default true);

Fix: NOT NULL, after the rows with NULL have been given a value.

When to ignore: unknown is an answer of its own here.

Reference: PostgreSQL documentation, chapter Data Types, Boolean Type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import altered
from pgassay.core.case import Subject
from pgassay.core.catalog import ConstraintKind
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
    """Yield the booleans that take NULL."""
    for table, column in ground.columns():
        if column.type.base != "bool" or column.type.array or ground.relations.not_null(column):
            continue
        if column.generated is not None:
            continue
        checks = table.of_kind(ConstraintKind.CHECK)
        if any(column.name in check.columns for check in checks):
            continue
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} takes NULL beside true and false",
            expected="NOT NULL",
            fix=altered(table, column.name, "set not null"),
        )
