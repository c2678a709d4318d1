"""A closed set of words that only the ORM keeps.

What it finds:
    An Enum that is stored as a string (native_enum=False), on a column without a CHECK that names
    the words.

Why it hurts:
    The database takes any word. One that the ORM does not know makes every query that meets the
    row fail with a LookupError, not only the one that asks for it.

Bad:
    state: Mapped[State] = mapped_column(Enum(State, native_enum=False))

Good:
    state: Mapped[State] = mapped_column(
        Enum(State, native_enum=False, create_constraint=True, name="ck_orders_state")
    )

Fix:
    Add a CHECK with the words, or use an enum type or a table of words.

When to ignore:
    When the words change so often that a migration for each is too much.

Reference:
    SQLAlchemy documentation, Enum, create_constraint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.promised import columns
from pgassay.core.case import Subject
from pgassay.core.catalog import ConstraintKind, TypeKind
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table

NEED = Need.MODELS
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns of words that the database does not hold to."""
    for model, promised, table, column in columns(ground):
        if not promised.labels or promised.array or column.type.kind is not TypeKind.BASE:
            continue
        if _checked(table, column.name):
            continue
        words = ", ".join(literal(label) for label in promised.labels)
        yield Problem(
            subject=Subject(object=str(model.name), part=column.name),
            found=f"{column.name} is {column.type.sql} and takes any word; the models know "
            f"{len(promised.labels)}",
            expected=f"CHECK ({quote(column.name)} IN ({words}))",
            fix=f"ALTER TABLE {model.name.sql} ADD CHECK ({quote(column.name)} IN ({words}));",
            source=model.source,
        )


def _checked(table: Table, column: str) -> bool:
    """Whether a CHECK on the column lists values, or a foreign key to a table of words does."""
    return any(
        (c.kind is ConstraintKind.CHECK and c.columns == (column,) and "'" in c.definition)
        or (c.kind is ConstraintKind.FOREIGN_KEY and column in c.columns)
        for c in table.constraints
    )
