"""A collection is loaded by columns that no index leads with.

What it finds:
    A relationship to many rows, over columns that no foreign key holds, without an index that
    begins with them. (With a foreign key, foreign_key_without_index says it.)

Why it hurts:
    Every access to the attribute, and every eager load, reads the whole table on the far side.

Bad:
    notes: Mapped[list["Note"]] = relationship(
        primaryjoin="foreign(Note.subject_id) == User.id"
    )

Good:
    class Note(Base):
        subject_id: Mapped[int] = mapped_column(index=True)

Fix:
    Create an index on these columns, in the models and by a migration.

When to ignore:
    When the far side is a small table, or the attribute is only written.

Reference:
    SQLAlchemy documentation, Configuring how Relationship Joins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.models import Direction
from pgassay.core.names import quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table

NEED = Need.MODELS
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the relationships whose rows can only be found by reading all."""
    assert ground.models is not None
    seen = set()
    for one in ground.models.relationships:
        table = ground.relations.by_name.get(one.remote)
        columns = one.remote_columns
        many = one.direction is not Direction.MANY_TO_ONE
        if table is None or not many or not one.loads or (one.remote, columns) in seen:
            continue
        if any(set(key.columns) == set(columns) for key in table.foreign_keys):
            continue
        if not _led(table, columns):
            seen.add((one.remote, columns))
            yield Problem(
                subject=Subject(object=str(one.remote), part=", ".join(columns)),
                found=f"{one} is loaded by {', '.join(columns)} of {one.remote}, which no index "
                "begins with",
                expected=f"an index that begins with {', '.join(columns)}",
                fix=f"CREATE INDEX ON {one.remote.sql} ({quote_all(columns)});",
                source=one.source,
            )


def _led(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether an index begins with one of the columns at least."""
    return any(
        index.valid and index.keys and index.keys[0].column in columns for index in table.indexes
    )
