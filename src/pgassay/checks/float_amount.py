"""An amount of money is stored as a floating point number.

What it finds: a column of type real or double precision whose name speaks of money: a word of it is
among those of the option `words`.

Why it hurts: 0.10 has no exact form in binary. Sums drift by cents, equal amounts are not equal,
and books do not balance.

Bad:
    create table invoice (price float8 not null);

Good:
    create table invoice (price numeric(12, 2) not null);

Fix: numeric.

When to ignore: the number is an estimate, a rate or a quantity that is not counted in money.

Reference: PostgreSQL documentation, chapter Data Types, Floating-Point Types.
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
PROFILE = Profile.STRICT
OPTIONS = {
    "words": (
        "amount",
        "balance",
        "cost",
        "costs",
        "discount",
        "fee",
        "fees",
        "income",
        "invoice",
        "payment",
        "payout",
        "price",
        "refund",
        "revenue",
        "salary",
        "tax",
        "vat",
    )
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FLOATS = frozenset({"float4", "float8"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the amounts that are not exact."""
    words = set(ground.options["words"])
    for table, column in ground.columns():
        if column.type.base not in _FLOATS or column.generated is not None:
            continue
        if not {word.lower() for word in _WORD.findall(column.name)} & words:
            continue
        kind = "numeric[]" if column.type.array else "numeric"
        yield Problem(
            subject=Subject(object=str(table.name), part=column.name),
            found=f"{quote(column.name)} of {table.name} is {column.type.sql}",
            expected="numeric",
            fix=altered(table, column.name, f"type {kind}"),
        )
