"""The models and the database disagree about NULL.

What it finds:
    A column that is nullable in the models and NOT NULL in the database, or the other way round.

Why it hurts:
    Either the ORM sends a NULL that is refused, or it reads one where its types say that there is
    none, and the application fails on a row that somebody else wrote.

Bad:
    email: Mapped[str]  # the database: email text

Good:
    email: Mapped[str]  # the database: email text NOT NULL

Fix:
    Mend the models, or SET NOT NULL once no row has a NULL.

When to ignore:
    While a NOT NULL is being brought in over several releases.

Reference:
    PostgreSQL documentation, ALTER TABLE, SET NOT NULL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.promised import columns
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.DEPLOYED
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns about which the two disagree."""
    for model, promised, _, column in columns(ground):
        kept = ground.relations.not_null(column)
        if kept is promised.nullable:
            alter = f"ALTER TABLE {model.name.sql} ALTER COLUMN {quote(column.name)}"
            yield Problem(
                subject=Subject(object=str(model.name), part=column.name),
                found=f"{column.name} is {'NOT NULL' if kept else 'nullable'} in the database",
                expected=f"{'nullable' if promised.nullable else 'NOT NULL'}, as in the models",
                fix=f"{alter} {'DROP' if kept else 'SET'} NOT NULL;",
                source=model.source,
            )
