"""The blast radius: what a delete of one row of a table can reach, by which path. Pure.

Read from the foreign keys alone, for people: a table is named once for each thing that can
happen to its rows, with a shortest path. `cascade` proves the same on rows.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.cases.referential import RESTRICTING, Edge, edges
from pgassay.core.catalog import Action

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName


class Fate(StrEnum):
    """What happens to the rows of a table."""

    DELETED = "deleted"
    SET_NULL = "set null"
    SET_DEFAULT = "set default"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One table that a delete reaches.

    `path` are the foreign keys from the deleted row's table to this one; `columns` those of the
    last one, or the part of them that is set.
    """

    table: QualifiedName
    fate: Fate
    columns: tuple[str, ...]
    path: tuple[Edge, ...]

    @property
    def sets(self) -> bool:
        """Whether the rows stay and their key is written."""
        return self.fate in (Fate.SET_NULL, Fate.SET_DEFAULT)

    def __str__(self) -> str:
        """Read as `orders deleted (orders.orders_user_id_fkey)`."""
        steps = " > ".join(str(edge) for edge in self.path)
        return f"{self.table} {self.fate} ({steps})"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlastRadius:
    """Everything that a delete of one row of `table` reaches, nearest first."""

    table: QualifiedName
    reaches: tuple[Reach, ...]

    def of(self, fate: Fate) -> tuple[Reach, ...]:
        """Return what meets one fate."""
        return tuple(reach for reach in self.reaches if reach.fate is fate)


def blast_radius(catalog: Catalog, table: Table) -> BlastRadius:
    """Return what a delete of one row of `table` reaches.

    A refusal by a key deep in the tree stops the whole delete: it is listed like the others.
    """
    into: dict[QualifiedName, list[Edge]] = {}
    for edge in edges(catalog):
        into.setdefault(edge.parent, []).append(edge)
    found: list[Reach] = []
    known: set[tuple[QualifiedName, Fate, tuple[str, ...]]] = set()
    queue: deque[tuple[QualifiedName, tuple[Edge, ...]]] = deque([(table.name, ())])
    expanded = {table.name}
    while queue:
        name, path = queue.popleft()
        for edge in into.get(name, ()):
            reach = _reach(edge, (*path, edge))
            part = () if reach.fate is Fate.DELETED else reach.columns
            mark = (reach.table, reach.fate, part)
            if mark not in known:
                known.add(mark)
                found.append(reach)
            if reach.fate is Fate.DELETED and edge.child.name not in expanded:
                expanded.add(edge.child.name)
                queue.append((edge.child.name, reach.path))
    return BlastRadius(table=table.name, reaches=tuple(found))


def _reach(edge: Edge, path: tuple[Edge, ...]) -> Reach:
    action = edge.key.on_delete
    fates = {
        Action.CASCADE: Fate.DELETED,
        Action.SET_NULL: Fate.SET_NULL,
        Action.SET_DEFAULT: Fate.SET_DEFAULT,
    }
    fate = Fate.REFUSED if action in RESTRICTING else fates[action]
    return Reach(
        table=edge.child.name,
        fate=fate,
        columns=edge.key.set_columns or edge.key.columns,
        path=path,
    )
