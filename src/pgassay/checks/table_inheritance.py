"""A table inherits from another one.

What it finds: a table that INHERITS, partitions aside.

Why it hurts: keys, unique constraints and foreign keys of the parent do not hold across its
children: an id can be there twice, and a reference to a child's row is refused.

Bad:
    create table place (id bigint primary key, name text);
    create table town (mayor text) inherits (place);

Good:
    create table place (id bigint primary key, name text);
    create table town (place_id bigint primary key references place, mayor text);

Fix: two tables with a foreign key, or partitions. The statement given lets the child stand alone.

When to ignore: partitions by inheritance from before PostgreSQL 10 that are about to go.

Reference: PostgreSQL documentation, chapter Data Definition, Inheritance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield each child with each of its parents."""
    for table in ground.tables:
        for parent in table.inherits:
            yield Problem(
                subject=Subject(object=str(table.name)),
                found=f"{table.name} inherits from {parent}",
                expected="a foreign key, or partitions",
                fix=f"alter table {table.name.sql} no inherit {parent.sql};",
                discriminator=str(parent),
            )
