"""Two CHECKs of a table say the same.

What it finds: two CHECK constraints of one table with the same expression.

Why it hurts: each row is checked twice, and the rule stays when somebody drops one of them.

Bad:
    create table item (
        price numeric constraint price_positive check (price > 0),
        constraint item_price_check check (price > 0)
    );

Good:
    create table item (price numeric constraint price_positive check (price > 0));

Fix: drop one of them. The statement given drops the one that is not validated, or else the one that
is later by name.

When to ignore: never.

Reference: PostgreSQL documentation, chapter Constraints, Check Constraints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import without_constraint
from pgassay.core.case import Subject
from pgassay.core.catalog import ConstraintKind
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
    """Yield each CHECK that another one says as well."""
    for table in ground.catalog.tables:
        kept: dict[str | None, Constraint] = {}
        own = [c for c in table.of_kind(ConstraintKind.CHECK) if not c.inherited and c.enforced]
        for check in sorted(own, key=lambda c: (not c.validated, c.no_inherit, c.name)):
            same = kept.setdefault(check.expression, check)
            if same is check:
                continue
            yield Problem(
                subject=Subject(object=str(table.name), part=check.name),
                found=f"{quote(check.name)} says what {quote(same.name)} says",
                expected="one CHECK",
                fix=without_constraint(table, check),
                evidence=(check.definition,),
            )
