"""The models promise that a value is there once, and the database does not keep it.

What it finds:
    unique=True, UniqueConstraint or a unique Index in the models, and no unique index on the same
    columns in the database.

Why it hurts:
    Two requests at once write the same value twice, whatever the application looked up before.

Bad:
    email: Mapped[str] = mapped_column(unique=True)  # no migration creates the constraint

Good:
    op.create_unique_constraint("uq_users_email", "users", ["email"])

Fix:
    Remove the duplicates, then add the constraint by a migration.

When to ignore:
    Never: take it out of the models instead.

Reference:
    PostgreSQL documentation, Constraints, Unique Constraints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.promised import tables
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Index

NEED = Need.DEPLOYED
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the unique keys that are only in the models."""
    for model, table in tables(ground):
        named = {index.name for index in table.indexes if index.valid and index.unique}
        for key in model.indexes:
            columns = tuple(column for column in key.columns if column is not None)
            if not key.unique or key.name in named or len(columns) < len(key.columns):
                continue
            if any(_keeps(index, set(columns), partial=key.partial) for index in table.indexes):
                continue
            yield Problem(
                subject=Subject(object=str(model.name), part=", ".join(columns)),
                found=f"nothing keeps {', '.join(columns)} of {model.name} unique",
                expected="a unique key, as in the models",
                fix=""
                if key.partial
                else f"ALTER TABLE {model.name.sql} ADD UNIQUE ({quote_all(columns)});",
                source=model.source,
            )


def _keeps(index: Index, columns: set[str], *, partial: bool) -> bool:
    found = {key.column for key in index.keys}
    whole = index.predicate is None or partial
    return index.unique and index.valid and whole and found <= columns
