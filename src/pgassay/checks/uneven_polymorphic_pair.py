"""Of a pair of columns that refers to rows of several tables, one half takes NULL.

What it finds: columns `thing_id` and `thing_type` (`thingId`, `thingType`) of one table of which
one is NOT NULL and the other is not, and which no CHECK speaks of together.

Why it hurts: a number without a type refers to nothing, and nobody can tell to what it once did.

Bad:
    create table comment (
        id bigint primary key,
        subject_id bigint not null,
        subject_type text
    );

Good:
    create table comment (
        id bigint primary key,
        subject_id bigint not null,
        subject_type text not null
    );

Fix: make both NOT NULL, or both not and add a CHECK that they are NULL together.

When to ignore: the type has a meaning of its own, without a row.

Reference: PostgreSQL documentation, chapter Constraints, Not-Null Constraints.
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
    """Yield the pairs of which one half may be missing."""
    for table in ground.tables:
        by_name = {column.name: column for column in table.columns}
        held = {name for key in table.foreign_keys for name in key.columns}
        for name, column in by_name.items():
            other = by_name.get(_type_of(name))
            if other is None or name in held or other.name in held:
                continue
            known = ground.relations
            if known.not_null(column) is known.not_null(other):
                continue
            if any(
                {name, other.name} <= set(check.columns)
                for check in table.of_kind(ConstraintKind.CHECK)
            ):
                continue
            open_ = other if known.not_null(column) else column
            yield Problem(
                subject=Subject(object=str(table.name), part=name),
                found=f"{quote(open_.name)} of {table.name} takes NULL, and "
                f"{quote(column.name if open_ is other else other.name)} does not",
                expected="both NOT NULL, or both not",
                fix=altered(table, open_.name, "set not null"),
            )


def _type_of(name: str) -> str:
    """Return what the other half of a pair is called; nothing where this is no half."""
    for ending, other in (("_id", "_type"), ("Id", "Type")):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending) + other
    return ""
