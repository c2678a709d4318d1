"""A relationship to one row, where the database allows many.

What it finds:
    A relationship with a single object on the far side (uselist=False, Mapped["Profile"]) whose
    foreign key is not unique.

Why it hurts:
    Two requests at once both find no row and insert one each. From then on SQLAlchemy warns that
    there are multiple rows and takes any of them: what was saved yesterday is gone today.

Bad:
    class User(Base):
        profile: Mapped["Profile"] = relationship()

    class Profile(Base):
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

Good:
    class Profile(Base):
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)

Fix:
    Make the foreign key unique, in the models and by a migration.

When to ignore:
    When the attribute is one of many on purpose, as the latest: say order_by and viewonly=True,
    and this is silent.

Reference:
    SQLAlchemy documentation, Basic Relationship Patterns, One To One.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote_all

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table

NEED = Need.MODELS
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the relationships to one row that may be several."""
    assert ground.models is not None
    seen = set()
    for one in ground.models.collections():
        table = ground.relations.by_name.get(one.remote)
        if one.many or not one.plain or table is None or (one.remote, one.remote_columns) in seen:
            continue
        seen.add((one.remote, one.remote_columns))
        if not _unique(table, one.remote_columns):
            yield Problem(
                subject=Subject(object=str(one.remote), part=", ".join(one.remote_columns)),
                found=f"{one} is one row of {one.remote}, where several may have the same "
                f"{', '.join(one.remote_columns)}",
                expected=f"a unique key on {', '.join(one.remote_columns)}",
                fix=f"CREATE UNIQUE INDEX ON {one.remote.sql} ({quote_all(one.remote_columns)});",
                evidence=(f"{one.owner}.{one.name}: uselist=False",),
                source=one.source,
            )


def _unique(table: Table, columns: Collection[str]) -> bool:
    """Whether a unique index holds these columns; one with a predicate is given the benefit."""
    return any(
        index.unique and index.valid and {key.column for key in index.keys} <= set(columns)
        for index in table.indexes
    )
