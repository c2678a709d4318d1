"""Only the ORM takes the children along; the database refuses the same delete.

What it finds:
    A relationship by which the ORM deletes the children of a deleted parent, or sets their foreign
    key to NULL, over a foreign key with NO ACTION or RESTRICT.

Why it hurts:
    DELETE by hand, in a job or in another service is refused where Session.delete() works; and the
    ORM does it row by row, after it has loaded every child.

Bad:
    orders: Mapped[list["Order"]] = relationship(cascade="all, delete-orphan")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

Good:
    orders: Mapped[list["Order"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))

Fix:
    Give the foreign key the action that the relationship has, and the relationship
    passive_deletes=True.

When to ignore:
    When it is meant: no delete without the application. Then say so once, in the configuration.

Reference:
    SQLAlchemy documentation, Cascades, Notes on Delete.
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
SEVERITY = Severity.INFO
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the relationships that do what the database would refuse."""
    for one in deletions(ground):
        if one.key.on_delete not in (Action.NO_ACTION, Action.RESTRICT) or not one.loads:
            continue
        if one.deed is Deed.DELETES or (one.deed is Deed.SETS_NULL and not one.not_null):
            wanted = "CASCADE" if one.deed is Deed.DELETES else "SET NULL"
            yield Problem(
                subject=Subject(object=str(one.relationship.table), part=one.relationship.name),
                found=f"{one.relationship}: the ORM loads the children in {one.table.name} and "
                f"{one.deed}; the database refuses (ON DELETE {one.key.on_delete.value})",
                expected=f"ON DELETE {wanted}",
                evidence=one.evidence,
                source=one.relationship.source,
                discriminator=one.relationship.owner.rpartition(".")[2],
            )
