"""A delete by the ORM sets a foreign key to NULL, where the database would delete the row.

What it finds:
    A relationship without a delete cascade over a foreign key with ON DELETE CASCADE. The ORM sets
    the foreign key of the children to NULL before it deletes the parent; with passive_deletes=True,
    of those children that happen to be loaded.

Why it hurts:
    Where the foreign key is NOT NULL, Session.delete() of a parent with children is refused, though
    the schema was made to allow it. Where it is nullable, the children stay behind, belonging to
    nobody, and DELETE by hand takes them along.

Bad:
    class User(Base):
        orders: Mapped[list["Order"]] = relationship()

    class Order(Base):
        user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))

Good:
    class User(Base):
        orders: Mapped[list["Order"]] = relationship(
            cascade="all, delete-orphan", passive_deletes=True
        )

Fix:
    Add cascade="all, delete-orphan" and passive_deletes=True to the relationship, or
    passive_deletes="all", which leaves everything to the database.

When to ignore:
    When parents are only ever deleted by statements (delete(User).where(...)), which know nothing
    of relationships. passive_deletes="all" says so, and costs nothing.

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


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the relationships that take the children from their parent before it is deleted."""
    for one in deletions(ground):
        if one.deed is not Deed.SETS_NULL or one.key.on_delete is not Action.CASCADE:
            continue
        columns = ", ".join(f"{one.table.name}.{column}" for column in one.key.columns)
        ending = (
            f"which is refused, since {columns} is NOT NULL"
            if one.not_null
            else f"and they stay; the database would delete them from {one.table.name}"
        )
        yield Problem(
            subject=Subject(object=str(one.relationship.table), part=one.relationship.name),
            found=f"{one.relationship}: a delete by the ORM sets the foreign key of {one.which} to "
            f"NULL, {ending}",
            expected='cascade="all, delete-orphan", passive_deletes=True',
            evidence=one.evidence,
            discriminator=one.relationship.owner.rpartition(".")[2],
            source=one.relationship.source,
        )
