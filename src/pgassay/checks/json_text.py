"""A document is stored as json instead of jsonb.

What it finds: a column of type json.

Why it hurts: the text is parsed anew for every access, no GIN index can be on it, and there is no
equality: DISTINCT, GROUP BY and UNION over the row fail.

Bad:
    create table event (payload json);

Good:
    create table event (payload jsonb);

Fix: jsonb.

When to ignore: the text has to come back as it was: blanks, the order of keys, keys that repeat.

Reference: PostgreSQL documentation, chapter Data Types, JSON Types.
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
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns of that type."""
    for table, column in ground.columns():
        if column.type.base == "json" and column.generated is None:
            kind = "jsonb[]" if column.type.array else "jsonb"
            yield Problem(
                subject=Subject(object=str(table.name), part=column.name),
                found=f"{quote(column.name)} of {table.name} is {column.type.sql}",
                expected="jsonb",
                fix=altered(table, column.name, f"type {kind} using {quote(column.name)}::{kind}"),
            )
