"""A unique key as cases see it: what two rows must share to collide, and what the error names.

One shape for primary keys, unique constraints and unique indexes, expressions and predicates
included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.cases.routing import index_there, leaf
from pgassay.core.catalog import ConstraintKind
from pgassay.rows.expression import names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Constraint, Index, IndexKey, Table
    from pgassay.core.statement import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueKey:
    """One unique key of one table.

    `constraint` is None for a unique index that no constraint owns.
    """

    table: Table
    index: Index
    constraint: Constraint | None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.constraint.name if self.constraint else self.index.name

    @property
    def definition(self) -> str:
        """The server's own text."""
        return self.constraint.definition if self.constraint else self.index.definition

    @property
    def sqlstate(self) -> str:
        """What a duplicate is refused with; WITHOUT OVERLAPS is an exclusion underneath."""
        overlaps = self.constraint is not None and self.constraint.without_overlaps
        return "23P01" if overlaps else "23505"

    @property
    def nulls_not_distinct(self) -> bool:
        """Whether two NULLs are a duplicate."""
        return self.index.nulls_not_distinct

    def columns_of(self, key: IndexKey) -> tuple[str, ...]:
        """Return the columns that one key of the index is made of; a generated one's sources."""
        if key.column is not None and self.table.column(key.column).generated is None:
            return (key.column,)
        generated = self.table.column(key.column).generated if key.column else None
        found = names(generated or key.expression or "")
        return tuple(c.name for c in self.table.columns if c.name in found)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that it is made of, in order."""
        return tuple(dict.fromkeys(c for key in self.index.keys for c in self.columns_of(key)))

    def name_there(self, source: Source, values: Mapping[str, Value]) -> str | None:
        """Return what an error calls it for a row: a partition's index has its own name."""
        if self.table.partition_key is None:
            return self.index.name
        there = leaf(source, self.table, values)
        if there is None:
            return None
        return index_there(source.built, there, self.table, self.index.name)


def unique_keys(table: Table) -> Iterator[UniqueKey]:
    """Yield the unique keys of a table, its primary key included."""
    owned = {c.index: c for c in table.constraints if c.index is not None}
    for index in table.indexes:
        constraint = owned.get(index.name)
        if constraint and constraint.kind is ConstraintKind.EXCLUSION:
            continue
        if index.unique or (constraint and constraint.without_overlaps):
            yield UniqueKey(table=table, index=index, constraint=constraint)
