"""A constraint was added NOT VALID and never validated.

What it finds: a foreign key, a CHECK, a NOT NULL or a domain's CHECK that is enforced and is not
marked as valid.

Why it hurts: rows from before may break it, and whoever reads the schema takes it for true. The
planner does not use it, and the next UPDATE of such a row fails for a reason that has nothing to do
with what it changes.

Bad:
    create table item (price numeric);
    alter table item add constraint price_is_positive check (price > 0) not valid;

Good:
    create table item (price numeric);
    alter table item add constraint price_is_positive check (price > 0) not valid;
    alter table item validate constraint price_is_positive;

Fix: validate it; that takes a SHARE UPDATE EXCLUSIVE lock, beside which rows are written. Where it
fails, mend the rows first.

When to ignore: in the time between two migrations of which the second validates.

Reference: PostgreSQL documentation, ALTER TABLE, VALIDATE CONSTRAINT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Constraint

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield what was never validated, of tables and of domains."""
    for table in ground.catalog.tables:
        for constraint in table.constraints:
            if constraint.validated or not constraint.enforced or constraint.inherited:
                continue
            yield _problem(str(table.name), f"table {table.name.sql}", constraint)
    for domain in ground.catalog.domains:
        for constraint in domain.constraints:
            if not constraint.validated:
                yield _problem(str(domain.name), f"domain {domain.name.sql}", constraint)


def _problem(holder: str, sql: str, constraint: Constraint) -> Problem:
    return Problem(
        subject=Subject(object=holder, part=constraint.name),
        found=f"the {constraint.kind} {quote(constraint.name)} is NOT VALID",
        expected="a constraint that holds for every row",
        fix=f"alter {sql} validate constraint {quote(constraint.name)};",
        evidence=(constraint.definition,),
    )
