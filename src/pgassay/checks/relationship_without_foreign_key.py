"""A relationship that the database does not know of.

What it finds:
    A relationship to one row over columns that no foreign key of the table holds.

Why it hurts:
    Nothing keeps the other row there: the attribute is None for a row that says it has one, inner
    joins lose rows, and nobody is told.

Bad:
    user_id: Mapped[int]
    user: Mapped["User"] = relationship(primaryjoin="foreign(Order.user_id) == User.id")

Good:
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship()

Fix:
    Add the foreign key, in the models and by a migration.

When to ignore:
    For what is kept after its parent on purpose (audit, events), and for references to one of
    several tables.

Reference:
    PostgreSQL documentation, Constraints, Foreign Keys.
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

NEED = Need.MODELS
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the relationships to one row that only the models know of."""
    assert ground.models is not None
    seen = set()
    for one in ground.models.relationships:
        table = ground.relations.by_name.get(one.table)
        if table is None or one.direction is not Direction.MANY_TO_ONE or one.view_only:
            continue
        if one.remote not in ground.relations.by_name or not one.plain:
            continue
        place = (one.table, one.columns)
        kept = any(
            set(key.columns) & set(one.columns) and key.references == one.remote
            for key in table.foreign_keys
        )
        if not kept and place not in seen:
            seen.add(place)
            yield Problem(
                subject=Subject(object=str(one.table), part=", ".join(one.columns)),
                found=f"{one} refers to {one.remote} by {', '.join(one.columns)}, without a "
                "foreign key",
                expected=f"a foreign key to {one.remote}",
                fix=f"ALTER TABLE {one.table.sql} ADD FOREIGN KEY ({quote_all(one.columns)}) "
                f"REFERENCES {one.remote.sql} ({quote_all(one.remote_columns)});",
                source=one.source,
            )
