"""The ORM deletes rows that the database is told to keep.

What it finds:
    A relationship that deletes its children (cascade="all, delete-orphan") over a foreign key with
    ON DELETE SET NULL or SET DEFAULT.

Why it hurts:
    Both sides were said, and they say the opposite. Session.delete() takes the children along,
    DELETE by hand, in a job or by another service leaves them.

Bad:
    class User(Base):
        files: Mapped[list["File"]] = relationship(cascade="all, delete-orphan")

    class File(Base):
        user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

Good:
    class User(Base):
        files: Mapped[list["File"]] = relationship(passive_deletes=True)

Fix:
    Decide: ON DELETE CASCADE, in the models and by a migration, or a relationship without a delete
    cascade.

When to ignore:
    Never: one of the two is wrong.

Reference:
    SQLAlchemy documentation, Cascades, Using foreign key ON DELETE cascade with ORM relationships.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.deletion import Deed, deletions
from pgassay.core.case import Subject
from pgassay.core.catalog import Action
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.MODELS
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the relationships that delete what the database keeps."""
    for one in deletions(ground):
        action = one.key.on_delete
        if one.deed is Deed.DELETES and action in (Action.SET_NULL, Action.SET_DEFAULT):
            yield Problem(
                subject=Subject(object=str(one.relationship.table), part=one.relationship.name),
                found=f"{one.relationship}: the ORM deletes {one.which}; the database keeps them "
                f"in {one.table.name} (ON DELETE {action.value})",
                expected="one answer",
                evidence=one.evidence,
                discriminator=one.relationship.owner.rpartition(".")[2],
                source=one.relationship.source,
            )
