"""Where a plan's names belong: a partition to its table, a partition's index to the table's.

A plan speaks of the partitions that exist today; expectations and baselines speak of the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pgassay.core.catalog import Catalog, Index, Table
    from pgassay.core.plan import Node

_NAME = re.compile(r'"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[^\s".,()]+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a relation is, as the server counts it; `rows` is -1 if never analysed."""

    rows: float
    pages: int


class Places:
    """The tables and indexes of a catalog by the names that people and plans use."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @cached_property
    def tables(self) -> Mapping[QualifiedName, Table]:
        """Every table, partitions among them."""
        return {table.name: table for table in self.catalog.tables}

    @cached_property
    def indexes(self) -> Mapping[QualifiedName, tuple[Table, Index]]:
        """Every index, those of partitions among them, with its table."""
        return {
            QualifiedName(table.name.schema, index.name): (table, index)
            for table in self.catalog.tables
            for index in table.indexes
        }

    @cached_property
    def _roots(self) -> Sequence[QualifiedName]:
        """The tables that people may mean, those in `public` first."""
        return sorted((table.name for table in self.catalog.roots()), key=_public_first)

    @cached_property
    def _whole(self) -> Sequence[QualifiedName]:
        """The indexes that people may mean, likewise."""
        return sorted(
            (name for name, (_, index) in self.indexes.items() if index.parent is None),
            key=_public_first,
        )

    @cached_property
    def _schemas(self) -> Mapping[str, Sequence[str]]:
        """The schemas that have an index of a name, in order."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.indexes):
            found.setdefault(name.name, []).append(name.schema)
        return found

    def root(self, relation: QualifiedName) -> QualifiedName:
        """Return the table that a partition belongs to, at the top; a table itself."""
        table = self.tables.get(relation)
        while table is not None and table.partition is not None:
            relation = table.partition.parent
            table = self.tables.get(relation)
        return relation

    def root_index(self, index: QualifiedName) -> QualifiedName:
        """Return the index that a partition's index is part of, at the top; an index itself."""
        while (found := self.indexes.get(index)) is not None and found[1].parent is not None:
            index = found[1].parent
        return index

    def index_of(self, node: Node, above: Node | None = None) -> QualifiedName | None:
        """Return the index that a node uses, that of the whole table where it is a partition's.

        Args:
            node: the node.
            above: what gives a relation to a node that has none, as a Bitmap Index Scan.
        """
        if node.index is None:
            return None
        relation = node.relation or (above.relation if above else None)
        schemas = [relation.schema] if relation and relation.schema else []
        schemas += self._schemas.get(node.index, ())
        schema = next(
            (s for s in schemas if QualifiedName(s, node.index) in self.indexes), "public"
        )
        return self.root_index(QualifiedName(schema, node.index))

    def leaves(self, root: QualifiedName) -> tuple[QualifiedName, ...]:
        """Return the partitions of a table that hold rows, at every level."""
        below = self.catalog.partitions_of(root)
        found: list[QualifiedName] = []
        for part in below:
            found.extend(self.leaves(part.name) if part.partition_key else [part.name])
        return tuple(found)

    def table_named(self, written: str) -> Table | None:
        """Return the table, no partition of another, that a person means; None if there is none."""
        found = _meant(written, self._roots)
        return self.tables[found] if found else None

    def index_named(self, written: str) -> QualifiedName | None:
        """Return the index, no part of another, that a person means; None if there is none."""
        return _meant(written, self._whole)

    def table_names(self) -> list[str]:
        """Return the names of tables, for suggestions."""
        return [str(table.name) for table in self.catalog.roots()]

    def index_names(self, table: QualifiedName | None = None) -> list[str]:
        """Return the names of indexes that are no partition's, of one table or all."""
        return sorted(
            name.name
            for name, (owner, index) in self.indexes.items()
            if index.parent is None and table in (None, owner.name)
        )


def parts_of(written: str) -> list[tuple[str, bool]]:
    """Return the parts of a name as a person writes it, each with whether it was quoted."""
    return [
        (found["quoted"].replace('""', '"'), True) if found["quoted"] else (found["plain"], False)
        for found in _NAME.finditer(written)
    ]


def same_name(part: tuple[str, bool], name: str) -> bool:
    """Whether a written part means a name: letter for letter, or folded if it was not quoted."""
    text, quoted = part
    return text == name or (not quoted and text.lower() == name)


def _public_first(name: QualifiedName) -> tuple[bool, QualifiedName]:
    return name.schema != "public", name


def _meant(written: str, names: Iterable[QualifiedName]) -> QualifiedName | None:
    parts = parts_of(written)
    if not 1 <= len(parts) <= 2:  # noqa: PLR2004 - schema and name
        return None
    for name in names:
        in_schema = len(parts) == 1 or same_name(parts[0], name.schema)
        if in_schema and same_name(parts[-1], name.name):
            return name
    return None
