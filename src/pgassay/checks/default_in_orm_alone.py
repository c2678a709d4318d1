"""A default that only the ORM fills in.

What it finds:
    A NOT NULL column with default= and without a default in the database.

Why it hurts:
    INSERT by hand, by COPY, in a migration or by another service is refused unless it knows what
    the models know.

Bad:
    status: Mapped[str] = mapped_column(default="new")

Good:
    status: Mapped[str] = mapped_column(default="new", server_default="new")

Fix:
    Give the column the same server default, in the models and by a migration.

When to ignore:
    When rows are only ever made by the ORM, or the default cannot be said in SQL.

Reference:
    SQLAlchemy documentation, Column INSERT/UPDATE Defaults.
"""

from __future__ import annotations

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
SEVERITY = Severity.INFO
PROFILE = Profile.ALL


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns that an INSERT by hand has to fill and the ORM fills by itself."""
    for model, promised, _, column in columns(ground):
        filled = ground.relations.default_of(column) or column.identity or column.generated
        if promised.default is None or filled or not ground.relations.not_null(column):
            continue
        value = promised.constant
        alter = f"ALTER TABLE {model.name.sql} ALTER COLUMN {quote(column.name)}"
        yield Problem(
            subject=Subject(object=str(model.name), part=column.name),
            found=f"default={promised.default} is of the ORM alone; {column.name} is NOT NULL",
            expected="the same default in the database",
            fix="" if value is None else f"{alter} SET DEFAULT {literal(value)};",
            source=model.source,
        )
