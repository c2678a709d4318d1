"""The models have an index that the database has not.

What it finds:
    index=True or Index() in the models, and no usable index on the same columns in the same order.

Why it hurts:
    Whoever reads the models thinks that the query is served; the database reads the whole table.

Bad:
    email: Mapped[str] = mapped_column(index=True)  # no migration creates it

Good:
    op.create_index("ix_users_email", "users", ["email"])

Fix:
    Create it by a migration, CONCURRENTLY where the table is large.

When to ignore:
    When another index of another kind serves the same queries.

Reference:
    PostgreSQL documentation, CREATE INDEX.
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
    """Yield the indexes that are only in the models."""
    for model, table in tables(ground):
        named = {index.name for index in table.indexes if index.valid}
        for index in model.indexes:
            columns = tuple(column for column in index.columns if column is not None)
            if index.unique or index.name in named or len(columns) < len(index.columns):
                continue
            if any(_same(other, columns, partial=index.partial) for other in table.indexes):
                continue
            yield Problem(
                subject=Subject(object=str(model.name), part=index.name or ", ".join(columns)),
                found=f"no index of {model.name} begins with {', '.join(columns)}",
                expected=f"{index.name or 'an index'} on ({', '.join(columns)}), as in the models",
                fix=""
                if index.partial
                else f"CREATE INDEX ON {model.name.sql} ({quote_all(columns)});",
                source=model.source,
            )


def _same(index: Index, columns: tuple[str, ...], *, partial: bool) -> bool:
    whole = index.predicate is None or partial
    return (
        index.valid and whole and tuple(key.column for key in index.keys[: len(columns)]) == columns
    )
