"""The models count on a default that the database does not have.

What it finds:
    A column with server_default=, Identity() or Computed() in the models, without a default,
    identity or generation expression in the database.

Why it hurts:
    The ORM leaves the column out of its INSERT and expects the database to fill it. It stays NULL,
    or the row is refused.

Bad:
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    -- the database: created_at timestamptz NOT NULL

Good:
    -- the database: created_at timestamptz NOT NULL DEFAULT now()

Fix:
    Set the default by a migration.

When to ignore:
    When a trigger fills the column: then say FetchedValue() in the models.

Reference:
    SQLAlchemy documentation, Server-invoked DDL-Explicit Default Expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.promised import columns
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.DEPLOYED
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns that nobody fills."""
    for model, promised, table, column in columns(ground):
        filled = ground.relations.default_of(column) or column.identity or column.generated
        triggered = any("INSERT" in t.events and t.timing == "BEFORE" for t in table.triggers)
        if promised.server_default and not filled and not triggered:
            yield Problem(
                subject=Subject(object=str(model.name), part=column.name),
                found=f"{column.name} has no default in the database",
                expected="a default, as the models have one",
                source=model.source,
            )
