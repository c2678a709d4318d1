"""The layout of a database: its relations, columns and indexes by their numbers.

What a revision has made of what is followed by these numbers: a table that is renamed keeps its
own, one that takes another's place has another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName  # noqa: TC001 - dataclass fields
from pgassay.core.snapshot import Held  # noqa: TC001 - dataclass fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLaid:
    """A column: `pg_attribute.attnum`, its name, its type as `format_type` says it."""

    number: int
    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLaid:
    """An index: keys and predicate as the server writes them, `parent` the index it is part of."""

    oid: int
    name: QualifiedName
    method: str
    keys: tuple[str, ...]
    predicate: str | None = None
    parent: QualifiedName | None = None

    @property
    def definition(self) -> tuple[str, tuple[str, ...], str | None]:
        """What it is, whatever it is called."""
        return self.method, self.keys, self.predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLaid:
    """A relation that holds rows.

    Args:
        key: the columns by which it is partitioned, None for an expression; empty if it is not.
    """

    oid: int
    name: QualifiedName
    kind: Held
    parent: QualifiedName | None = None
    bound: str | None = None
    key: tuple[str | None, ...] = ()
    columns: tuple[ColumnLaid, ...] = ()
    indexes: tuple[IndexLaid, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """All relations of a database by name."""

    relations: Mapping[QualifiedName, RelationLaid] = field(default_factory=dict)

    def by_number(self) -> Mapping[int, RelationLaid]:
        """Return the relations by their numbers."""
        return {one.oid: one for one in self.relations.values()}

    def parts(self, parent: QualifiedName) -> tuple[RelationLaid, ...]:
        """Return the partitions right below a table."""
        return tuple(one for one in self.relations.values() if one.parent == parent)

    def below(self, parent: QualifiedName) -> Iterator[RelationLaid]:
        """Yield all partitions below a table, those that are divided themselves first."""
        for one in self.parts(parent):
            yield one
            yield from self.below(one.name)

    def root(self, name: QualifiedName) -> QualifiedName:
        """Return the topmost parent of a partition, or the table itself."""
        one = self.relations.get(name)
        while one is not None and one.parent is not None:
            name = one.parent
            one = self.relations.get(name)
        return name
