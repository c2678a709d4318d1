"""A delete by the ORM does something else to the children than the same delete in the database.

What it finds:
    A relationship without a delete cascade over a foreign key with ON DELETE CASCADE: the ORM sets
    the children's foreign key to NULL before it deletes the parent. And the other way round: a
    relationship that deletes its children over ON DELETE SET NULL or SET DEFAULT.

Why it hurts:
    Session.delete() leaves other rows behind than DELETE does, by hand, in a job or in another
    service. Where the foreign key is NOT NULL, the ORM's delete is refused as soon as there is one
    child, though the schema was made to allow it.

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
    Say the same on both sides: cascade="all, delete-orphan" with passive_deletes=True over ON
    DELETE CASCADE, passive_deletes=True alone over ON DELETE SET NULL, or passive_deletes="all",
    which leaves everything to the database.

When to ignore:
    When parents are never deleted by the ORM. passive_deletes="all" says so better.

Reference:
    SQLAlchemy: Cascades, Using foreign key ON DELETE cascade with ORM relationships.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.deletion import Deed, Deletion, deletions
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
    """Yield the relationships whose two sides give different answers."""
    for one in deletions(ground):
        told = _contradiction(one)
        if told:
            found, expected = told
            yield Problem(
                subject=Subject(object=str(one.relationship.table), part=one.relationship.name),
                found=f"{one.relationship}: {found}",
                expected=expected,
                evidence=one.evidence,
                source=one.relationship.source,
                discriminator=one.relationship.owner.rpartition(".")[2],
            )


def _contradiction(one: Deletion) -> tuple[str, str] | None:
    action, table = one.key.on_delete, one.table.name
    if one.deed is Deed.SETS_NULL and action is Action.CASCADE:
        what = f"the ORM sets the foreign key of {one.which} to NULL"
        ending = (
            f"which is refused, since {_columns(one)} is NOT NULL"
            if one.not_null
            else f"and they stay; the database would delete them from {table}"
        )
        return f"{what}, {ending}", 'cascade="all, delete-orphan", passive_deletes=True'
    if one.deed is Deed.DELETES and action in (Action.SET_NULL, Action.SET_DEFAULT):
        keeps = f"the database keeps them in {table} (ON DELETE {action.value})"
        wanted = "one answer: ON DELETE CASCADE, or a relationship without a delete cascade"
        return f"the ORM deletes {one.which}; {keeps}", wanted
    return None


def _columns(one: Deletion) -> str:
    return ", ".join(f"{one.table.name}.{column}" for column in one.key.columns)
