"""A text column has a length that may be arbitrary.

What it finds: a column of type varchar(n).

Why it hurts: a value that is one character longer fails (22001). Where n was picked because a type
asked for one, that is an error for nothing, and a longer n is a migration.

Bad:
    create table author (name varchar(255));

Good:
    create table author (name text);

Fix: text; a CHECK of the length where there is a reason for one.

When to ignore: the length is a rule: a code, a standard, a layout.

Reference: PostgreSQL documentation, chapter Data Types, Character Types.
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
SEVERITY = Severity.INFO
PROFILE = Profile.ALL


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns with a length."""
    for table, column in ground.columns():
        if column.type.base != "varchar" or column.type.length is None or column.generated:
            continue
        if column.type.kind is TypeKind.DOMAIN:
            continue  # the domain's own, which has a name and a reason
        kind = "text[]" if column.type.array else "text"
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} is {column.type.sql}",
            expected="text",
            fix=altered(table, column.name, f"type {kind}"),
        )
