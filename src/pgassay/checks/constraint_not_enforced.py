"""A constraint is declared and not enforced.

What it finds: a foreign key or a CHECK that is NOT ENFORCED (PostgreSQL 18).

Why it hurts: the schema states a rule that no row has to keep. Nothing is checked, no action of a
foreign key is taken, and who reads the schema believes it.

Bad:
    create table item (price numeric check (price > 0) not enforced);

Good:
    create table item (price numeric check (price > 0));

Fix: enforce it; where rows break it, mend them first.

When to ignore: it was written for readers and tools alone, and its name says so.

Reference: PostgreSQL documentation, CREATE TABLE, NOT ENFORCED.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import instead
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
    """Yield what is not enforced."""
    for table in ground.catalog.tables:
        for constraint in table.constraints:
            if constraint.enforced or constraint.inherited:
                continue
            name = quote(constraint.name)
            if constraint.kind is ConstraintKind.FOREIGN_KEY:
                fix = f"alter table {table.name.sql} alter constraint {name} enforced;"
            else:
                fix = instead(table, constraint, replace(constraint, enforced=True, validated=True))
            yield Problem(
                subject=Subject(object=str(table.name), part=constraint.name),
                found=f"the {constraint.kind} {name} is NOT ENFORCED",
                expected="a constraint that is enforced, or none",
                fix=fix,
                evidence=(constraint.definition,),
            )
