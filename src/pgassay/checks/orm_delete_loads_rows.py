"""The ORM loads every child to do what the database would do by itself.

What it finds:
    A relationship whose foreign key has ON DELETE CASCADE or SET NULL, as the relationship has it
    too, without passive_deletes.

Why it hurts:
    Session.delete() first selects all children, and theirs, and then sends a DELETE or an UPDATE
    for each of them. The database's own action, which needs one statement, has nothing left to do.

Bad:
    orders: Mapped[list["Order"]] = relationship(cascade="all, delete-orphan")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))

Good:
    orders: Mapped[list["Order"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))

Fix:
    Add passive_deletes=True to the relationship.

When to ignore:
    When events or a versioning extension of the ORM must see each child deleted, or there are
    never more than a few.

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
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT

_SAME = ((Deed.DELETES, Action.CASCADE), (Deed.SETS_NULL, Action.SET_NULL))


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the relationships that load what need not be loaded."""
    for one in deletions(ground):
        if one.loads and one.relationship.many and (one.deed, one.key.on_delete) in _SAME:
            yield Problem(
                subject=Subject(object=str(one.relationship.table), part=one.relationship.name),
                found=f"{one.relationship}: a delete loads every row of {one.table.name} that "
                f"refers to the parent, though {one.key.name} is "
                f"ON DELETE {one.key.on_delete.value}",
                expected="passive_deletes=True",
                evidence=one.evidence,
                source=one.relationship.source,
                discriminator=one.relationship.owner.rpartition(".")[2],
            )
