"""Deletes are left to a database that refuses them.

What it finds:
    passive_deletes=True on a relationship that deletes its children, or on one with a secondary
    table, over a foreign key without ON DELETE CASCADE, SET NULL or SET DEFAULT.

Why it hurts:
    passive_deletes=True means: do not load the children, the database takes care of them. It does
    not: with NO ACTION or RESTRICT it refuses to delete the parent. Whether Session.delete()
    works then depends on what happened to be loaded before.

Bad:
    orders: Mapped[list["Order"]] = relationship(cascade="all, delete", passive_deletes=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

Good:
    orders: Mapped[list["Order"]] = relationship(cascade="all, delete", passive_deletes=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))

Fix:
    Give the foreign key ON DELETE CASCADE, in the models and by a migration; or take
    passive_deletes=True away.

When to ignore:
    When a trigger of your own deletes the children before.

Reference:
    SQLAlchemy documentation, Cascades, Using foreign key ON DELETE cascade with ORM relationships.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.deletion import deletions
from pgassay.checks.mending import with_action
from pgassay.core.case import Subject
from pgassay.core.catalog import Action
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.models import PassiveDeletes
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.models import Relationship

NEED = Need.MODELS
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED

_REFUSING = (Action.NO_ACTION, Action.RESTRICT)


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the relationships that leave to the database what it refuses."""
    assert ground.models is not None
    for one in deletions(ground):
        passive = one.relationship.passive_deletes is PassiveDeletes.YES
        if one.relationship.delete and passive and one.key.on_delete in _REFUSING:
            yield _problem(one.relationship, one.table, one.key)
    for link in ground.models.relationships:
        if not link.secondary or link.view_only or link.passive_deletes is PassiveDeletes.NO:
            continue
        table = ground.relations.by_name.get(link.remote)
        for key in table.foreign_keys if table else ():
            along = key.references == link.table and set(key.columns) == set(link.remote_columns)
            if table and along and key.on_delete in _REFUSING:
                yield _problem(link, table, key)


def _problem(one: Relationship, table: Table, key: Constraint) -> Problem:
    return Problem(
        subject=Subject(object=str(one.table), part=one.name),
        found=f"{one}: passive_deletes={one.passive_deletes} leaves the rows of {table.name} to "
        f"{quote(key.name)}, which is ON DELETE {key.on_delete.value}",
        expected="ON DELETE CASCADE, or children that the ORM loads and deletes",
        fix=with_action(table, key, on_delete=Action.CASCADE),
        evidence=(
            f"{one.owner}.{one.name}: passive_deletes={one.passive_deletes}",
            f"{table.name}: {key.definition}",
        ),
        source=one.source,
        discriminator=one.owner.rpartition(".")[2],
    )
