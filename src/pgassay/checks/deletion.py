"""What deleting a row does by the ORM and what by the database: both sides of a relationship."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.core.models import PassiveDeletes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.models import Relationship
    from pgassay.core.names import QualifiedName


class Deed(StrEnum):
    """What `Session.delete(parent)` does to its children."""

    DELETES = "deletes them"
    SETS_NULL = "sets their foreign key to NULL"
    NOTHING = "does nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A relationship, and the foreign key in the database that it runs along."""

    relationship: Relationship
    table: Table
    key: Constraint
    not_null: bool

    @property
    def deed(self) -> Deed:
        """What the ORM does with the children (SQLAlchemy, Cascades)."""
        if self.relationship.delete:
            return Deed.DELETES
        if self.relationship.passive_deletes is PassiveDeletes.ALL:
            return Deed.NOTHING
        return Deed.SETS_NULL

    @property
    def loads(self) -> bool:
        """Whether the ORM loads children for it that are not loaded."""
        return self.relationship.passive_deletes is PassiveDeletes.NO

    @property
    def which(self) -> str:
        """Which children the ORM knows of."""
        return "its children" if self.loads else "those of its children that are loaded"

    @property
    def evidence(self) -> tuple[str, ...]:
        """Both sides, as they are written."""
        one = self.relationship
        name, cascade = f"{one.owner}.{one.name}", "has" if one.delete else "has no"
        return (
            f"{name}: cascade {cascade} delete, passive_deletes={one.passive_deletes}",
            f"{self.table.name}: {self.key.definition}",
        )


def deletions(ground: Ground) -> Iterator[Deletion]:
    """Yield every relationship by which deleting a row reaches others, with its foreign key.

    Of several along one foreign key, those that delete decide: what is deleted is not nullified.
    """
    assert ground.models is not None
    found: dict[tuple[QualifiedName, str], list[Deletion]] = defaultdict(list)
    for one in ground.models.collections():
        table = ground.relations.by_name.get(one.remote)
        key = _key(table, one) if table else None
        if table and key:
            strict = all(ground.relations.not_null(table.column(c)) for c in key.columns)
            found[table.name, key.name].append(
                Deletion(relationship=one, table=table, key=key, not_null=strict)
            )
    for several in found.values():
        deleting = [one for one in several if one.relationship.delete]
        yield from deleting or several


def _key(table: Table, one: Relationship) -> Constraint | None:
    wanted = dict(zip(one.remote_columns, one.columns, strict=True))
    for key in table.foreign_keys:
        there = dict(zip(key.columns, key.referenced_columns, strict=True))
        if key.references == one.table and there == wanted:
            return key
    return None
