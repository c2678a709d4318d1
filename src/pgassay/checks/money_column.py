"""An amount is stored in the type money.

What it finds: a column of type money.

Why it hurts: the currency and the number of digits are those of lc_monetary, which a restore on
another server changes: the same rows then read in another currency. Fractions of a cent are lost.

Bad:
    create table invoice (total money not null);

Good:
    create table invoice (total numeric(12, 2) not null, currency text not null);

Fix: numeric, with the currency in a column beside it.

When to ignore: never.

Reference: PostgreSQL documentation, chapter Data Types, Monetary Types.
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
        if column.type.base == "money" and column.generated is None:
            kind = "numeric[]" if column.type.array else "numeric"
            yield Problem(
                subject=Subject(object=str(table.name), part=column.name),
                found=f"{quote(column.name)} of {table.name} is {column.type.sql}",
                expected="numeric, and the currency beside it",
                fix=altered(table, column.name, f"type {kind}"),
            )
