"""Columns that count: places, sums over children, running sums, and whether two paths meet.

Values are whole numbers in units of the column's scale, so that sums stay exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from pgassay.volumes.cells import Cells, booleans
from pgassay.volumes.columns import Producer, encoded
from pgassay.volumes.draws import units
from pgassay.volumes.world import Rows

if TYPE_CHECKING:
    from pgassay.core.catalog import ColumnType
    from pgassay.volumes.draws import Numbers
    from pgassay.volumes.world import Rowset


ADDED = frozenset(["int2", "int4", "int8", "numeric", "float4", "float8"])


class Counted(Producer, Protocol):
    """A producer whose values can be added up."""

    scale: int

    def values(self, rows: Rows) -> Numbers:
        """Return the values in units of 10 ** -scale; NULL is 0."""
        ...


@dataclass(eq=False)
class First:
    """Whether the row is the first of its parent, for a share of parents."""

    key: int
    share: float

    def cells(self, rows: Rows) -> Cells:
        """Return true for those."""
        owner, place, _ = rows.family
        return booleans((place == 0) & (units(self.key, owner) < self.share))


@dataclass(eq=False)
class Same:
    """Whether two paths end at the same row."""

    one: str
    two: str

    def cells(self, rows: Rows) -> Cells:
        """Return true where they do."""
        (_, one), (_, two) = rows.path(self.one), rows.path(self.two)
        return booleans((one == two) & (one >= 0))


@dataclass(eq=False)
class Position:
    """The place among the rows of one parent, from a number on."""

    type: ColumnType
    start: int
    scale: int = 0

    def values(self, rows: Rows) -> Numbers:
        """Return the places."""
        return rows.family[1] + self.start

    def cells(self, rows: Rows) -> Cells:
        """Return the places."""
        return encoded(self.values(rows), self.type)


@dataclass(eq=False)
class Children:
    """The rows of one section that belong to the row at the end of a path."""

    path: str
    part: int
    table: Rowset

    def span(self, rows: Rows) -> tuple[Numbers, Numbers]:
        """Return the first of them, by its place in the section, and how many there are."""
        placed = self.table.parts[self.part].placed
        assert placed.grouping is not None
        owner = rows.path(self.path)[1] - placed.first
        able = (owner >= 0) & (owner < placed.grouping.parents)
        first, count = placed.grouping.children(np.where(able, owner, 0))
        return first, np.where(able, count, 0)


@dataclass(eq=False)
class Count:
    """How many rows refer to this one."""

    type: ColumnType
    children: tuple[Children, ...]
    scale: int = 0

    def values(self, rows: Rows) -> Numbers:
        """Return the counts."""
        total = np.zeros_like(rows.local)
        for children in self.children:
            total += children.span(rows)[1]
        return total

    def cells(self, rows: Rows) -> Cells:
        """Return the counts."""
        return encoded(self.values(rows), self.type)


@dataclass(eq=False)
class Total:
    """The sum of a column over the rows that belong to the same parent."""

    type: ColumnType
    children: tuple[Children, ...]
    column: str
    scale: int

    def values(self, rows: Rows) -> Numbers:
        """Return the sums."""
        total = np.zeros_like(rows.local)
        for children in self.children:
            first, count = children.span(rows)
            total += _summed(children.table, children.part, self.column, first, count)
        return total

    def cells(self, rows: Rows) -> Cells:
        """Return the sums."""
        return encoded(rows.once(("total", self), lambda: self.values(rows)), self.type, self.scale)


@dataclass(eq=False)
class Running:
    """The sum of a column over the rows of the same parent up to this one."""

    type: ColumnType
    column: str
    scale: int

    def values(self, rows: Rows) -> Numbers:
        """Return the sums."""
        _, place, _ = rows.family
        index = rows.part.table.parts.index(rows.part)
        first, at = np.unique(rows.local - place, return_inverse=True)
        longest = np.zeros(len(first), np.int64)
        np.maximum.at(longest, at, place + 1)
        sums, starts = _running(rows.part.table, index, self.column, first, longest)
        found: Numbers = sums[starts[at] + place + 1] - sums[starts[at]]
        return found

    def cells(self, rows: Rows) -> Cells:
        """Return the sums."""
        return encoded(self.values(rows), self.type, self.scale)


@dataclass(eq=False)
class Added:
    """The sum of columns of the row."""

    type: ColumnType
    columns: tuple[str, ...]
    scale: int

    def values(self, rows: Rows) -> Numbers:
        """Return the sums."""
        total = np.zeros_like(rows.local)
        for name in self.columns:
            total += counted(rows, name, self.scale)
        return total

    def cells(self, rows: Rows) -> Cells:
        """Return the sums."""
        return encoded(self.values(rows), self.type, self.scale)


def counted(rows: Rows, column: str, scale: int) -> Numbers:
    """Return the values of a column of numbers, in units of 10 ** -scale."""
    own = _scale_of(rows, column)
    producer = rows.part.columns.get(column)
    if producer is None:
        pool = rows.part.pool
        assert pool is not None
        values = pool.values[column][0][pool.drawn(rows)]
    else:
        values = cast("Counted", producer).values(rows)
    found: Numbers = values * 10 ** (scale - own) if scale >= own else values // 10 ** (own - scale)
    return found


def _summed(table: Rowset, part: int, column: str, first: Numbers, count: Numbers) -> Numbers:
    unique, at = np.unique(first[count > 0], return_inverse=True)
    sizes = np.zeros(len(unique), np.int64)
    np.maximum.at(sizes, at, count[count > 0])
    sums, starts = _running(table, part, column, unique, sizes)
    total = np.zeros_like(first)
    total[count > 0] = (sums[starts + sizes] - sums[starts])[at]
    return total


def _running(
    table: Rowset, part: int, column: str, first: Numbers, sizes: Numbers
) -> tuple[Numbers, Numbers]:
    """Return cumulative sums over groups of rows, one behind the other, and where each begins."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    local = np.arange(int(sizes.sum()), dtype=np.int64) + np.repeat(first - starts, sizes)
    rows = Rows(table.parts[part], local)
    sums = np.zeros(len(local) + 1, np.int64)
    np.cumsum(counted(rows, column, _scale_of(rows, column)), out=sums[1:])
    return sums, starts


def _scale_of(rows: Rows, column: str) -> int:
    producer = rows.part.columns.get(column)
    if producer is not None:
        return int(getattr(producer, "scale", 0))
    assert rows.part.pool is not None
    return rows.part.pool.values[column][1]
