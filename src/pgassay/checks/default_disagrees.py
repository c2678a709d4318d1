"""The default of the ORM is another than that of the database.

What it finds:
    A column whose default= is a plain value, and whose default in the database is another one.

Why it hurts:
    A row made by the ORM differs from the same row made by hand, by COPY or by another service.
    Often one of the two was changed and the other forgotten.

Bad:
    active: Mapped[bool] = mapped_column(default=True, server_default="false")

Good:
    active: Mapped[bool] = mapped_column(default=True, server_default="true")

Fix:
    Decide, and give both the same value.

When to ignore:
    When the database's default only was to fill the rows that were there; better drop it then.

Reference:
    SQLAlchemy documentation, Column INSERT/UPDATE Defaults.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.promised import columns
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.MODELS
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT

_QUOTED = re.compile(r"\(?'((?:[^']|'')*)'::[\w. \"\[\]()]+\)?\Z")
_PLAIN = re.compile(r"\(?(true|false|-?\d+(?:\.\d+)?)\)?(?:::[\w. ]+)?\Z")


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns with two defaults."""
    for model, promised, _, column in columns(ground):
        if promised.constant is None or promised.array:
            continue
        default = ground.relations.default_of(column)
        value = _value(default)
        if value is not None and not _equal(value, promised.constant):
            yield Problem(
                subject=Subject(object=str(model.name), part=column.name),
                found=f"default={promised.default} in the models, DEFAULT {default} in the table",
                expected="one default",
                fix=f"ALTER TABLE {model.name.sql} ALTER COLUMN {quote(column.name)} "
                f"SET DEFAULT {literal(promised.constant)};",
                source=model.source,
            )


def _value(default: str | None) -> str | None:
    """Return the constant that a deparsed default is, None for any other expression."""
    if default is None:
        return None
    quoted = _QUOTED.match(default)
    if quoted:
        return quoted[1].replace("''", "'")
    plain = _PLAIN.match(default)
    return plain[1] if plain else None


def _equal(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False
