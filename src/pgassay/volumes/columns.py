"""Columns that are computed: keys, references, times, positions, sums, and what is copied.

What a producer makes of rows are cells; of whole numbers and decimals also their values, in units
of the column's scale, so that sums over children stay exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pgassay.volumes.calendar import DAY
from pgassay.volumes.cells import (
    Cells,
    Fixed,
    Varying,
    decimals,
    floats,
    identifiers,
    integers,
    spelled,
    with_lengths,
)
from pgassay.volumes.draws import shuffled, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.catalog import ColumnType
    from pgassay.volumes.draws import Numbers
    from pgassay.volumes.world import Rows, Rowset

WIDTHS = {"int2": 2, "int4": 4, "int8": 8, "oid": 4}
TEXTS = frozenset(["text", "varchar", "bpchar", "citext"])
TIMES = {"timestamp": 8, "timestamptz": 8, "date": 4}
_KEY_WIDTH = 25
_SAFE_BITS = 48


class Producer(Protocol):
    """Makes the cells of one column."""

    def cells(self, rows: Rows) -> Cells:
        """Return the cells of the column for these rows."""
        ...


def encoded(values: Numbers, column: ColumnType, scale: int = 0) -> Cells:
    """Return values, in units of 10 ** -scale, as a column of a number type."""
    if column.base in WIDTHS:
        return integers(values // 10**scale, WIDTHS[column.base])
    if column.base == "numeric":
        return decimals(values, scale)
    if column.base in ("float4", "float8"):
        return floats(values / 10**scale, int(column.base[5:]))
    texts = pa.array(values).cast(pa.string()).cast(pa.binary())
    return Varying(with_lengths(texts))


def gathered(table: Rowset, column: str, numbers: Numbers) -> Cells:
    """Return a column of rows of any sections of a table, NULL where the number is -1."""
    present = numbers >= 0
    safe = numbers if present.all() else np.where(present, numbers, 0)
    key = table.keys.get(column)
    if isinstance(key, Key):
        found = key.of(safe)
        return found if present.all() else found.where(present)
    pieces = [
        (np.arange(len(numbers))[at], rows.part.columns[column].cells(rows))
        for at, rows in table.split(numbers)
    ]
    if len(pieces) == 1 and len(pieces[0][0]) == len(numbers):
        return pieces[0][1]
    if not pieces:
        return _nulls(len(numbers))
    return scattered(pieces, len(numbers))


def _nulls(size: int) -> Cells:
    return Fixed(np.zeros((size, 0), np.uint8), np.ones(size, np.bool_))


def scattered(pieces: Sequence[tuple[Numbers, Cells]], size: int) -> Cells:
    """Return pieces of a column as one: each with the rows that it has; NULL for all others."""
    if all(isinstance(cells, Fixed) for _, cells in pieces):
        width = max(c.octets.shape[1] for _, c in pieces if isinstance(c, Fixed))
        octets, nulls = np.zeros((size, width), np.uint8), np.ones(size, np.bool_)
        for at, cells in pieces:
            assert isinstance(cells, Fixed)
            octets[at] = cells.octets
            nulls[at] = False if cells.nulls is None else cells.nulls
        return Fixed(octets, nulls if nulls.any() else None)
    # The place behind all of them holds a NULL for rows that are in no section.
    whole = pa.concat_arrays([_varying(cells) for _, cells in pieces] + [pa.array([b"\xff" * 4])])
    order = np.full(size, len(whole) - 1, np.int64)
    order[np.concatenate([at for at, _ in pieces])] = np.arange(len(whole) - 1)
    return Varying(whole.take(pa.array(order)))


def _varying(cells: Cells) -> pa.BinaryArray:
    if isinstance(cells, Varying):
        return cells.cells
    size, width = cells.octets.shape
    offsets = np.arange(size + 1, dtype=np.int32) * width
    octets = np.ascontiguousarray(cells.octets).reshape(-1)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(octets)]
    plain = with_lengths(pa.BinaryArray.from_buffers(pa.binary(), size, buffers))
    return plain if cells.nulls is None else Varying(plain).where(~cells.nulls).cells


@dataclass(eq=False)
class Key:
    """A value of its own for each row, from its number by a bijection.

    Args:
        type: uuid, an integer type or a text type.
        key: of the bijection.
        capacity: how many rows there are at most; integers and short texts count.
        ordered: whether the keys grow with the rows, as those of a version 7 uuid do.
        width: characters of a text; as many as identifiers usually have if None.
    """

    type: ColumnType
    key: int
    start: int = 1
    ordered: bool = False
    width: int | None = None

    def cells(self, rows: Rows) -> Cells:
        """Return the keys of rows."""
        return self.of(rows.numbers)

    def of(self, numbers: Numbers) -> Cells:
        """Return the keys of rows by their numbers in the table."""
        base = self.type.base
        if base == "uuid":
            first = words(self.key, numbers)
            if self.ordered:  # the lowest bits of the first word stand at the end
                first = (numbers.astype(np.uint64) << np.uint64(16)) | (first >> np.uint64(48))
            return identifiers(first, words(self.key ^ 1, numbers))
        if base in TEXTS:
            return Fixed(self._text(numbers))
        if base == "bytea":
            return Fixed(words(self.key, numbers).astype(">u8").view(np.uint8).reshape(-1, 8))
        return encoded(numbers + self.start, self.type)

    def _text(self, numbers: Numbers) -> np.ndarray:
        width = self._width
        if self.ordered:
            return spelled(numbers.astype(np.uint64), width)
        if width < _KEY_WIDTH:
            room = min(36**width, 1 << 62)
            return spelled(shuffled(self.key, numbers, room).astype(np.uint64), width)
        first, second = words(self.key, numbers), words(self.key ^ 1, numbers)
        head = np.full((len(numbers), 1), ord("c"), np.uint8)
        tail = spelled(second % np.uint64(36**11), 11)
        return np.concatenate([head, spelled(first, 13), tail], axis=1)

    @property
    def _width(self) -> int:
        """How many characters a text has."""
        return min(self.width or _KEY_WIDTH, self.type.length or _KEY_WIDTH, _KEY_WIDTH)

    @property
    def capacity(self) -> int:
        """How many rows can have one."""
        if self.type.base in TEXTS and (self.type.length or self.width):
            return int(36 ** min(self._width, 12))
        return {"int2": 2**15 - 1, "int4": 2**31 - 1}.get(self.type.base, 1 << _SAFE_BITS)


@dataclass(eq=False)
class Referring:
    """What a column of the row at the end of a link holds."""

    link: str
    column: str

    def cells(self, rows: Rows) -> Cells:
        """Return the cells of that column, NULL where there is no such row."""
        target = rows.part.links[self.link].target
        return gathered(target, self.column, rows.link(self.link))


@dataclass(eq=False)
class Copied:
    """What a column of the row at the end of a path holds."""

    path: str
    column: str

    def cells(self, rows: Rows) -> Cells:
        """Return the cells of that column, NULL where the path ends in nothing."""
        table, numbers = rows.path(self.path)
        return gathered(table, self.column, numbers)


@dataclass(eq=False)
class Content:
    """What the row's content holds, where others ask for it as well."""

    column: str

    def cells(self, rows: Rows) -> Cells:
        """Return the cells."""
        pool = rows.part.pool
        assert pool is not None
        return Varying(pool.cells[self.column].take(pa.array(pool.drawn(rows))))


@dataclass(eq=False)
class Moment:
    """When the row came about, for `timestamp`, `timestamptz` and `date`."""

    type: ColumnType

    def cells(self, rows: Rows) -> Cells:
        """Return the times."""
        return moments(rows.times, self.type)


def moments(times: Numbers, column: ColumnType) -> Fixed:
    """Return times, in microseconds, as a column of a time type."""
    whole = times // DAY if column.base == "date" else times
    return integers(whole, TIMES[column.base])


@dataclass(eq=False)
class Shifted:
    """A time of the row's content, as far from when it came about as the content says."""

    type: ColumnType
    column: str
    quantum: int

    def cells(self, rows: Rows) -> Cells:
        """Return the times, NULL where the content says so."""
        assert rows.part.pool is not None
        offsets, nulls = rows.part.pool.offsets[self.column]
        drawn = rows.part.pool.drawn(rows)
        times = (rows.times + offsets[drawn]) // self.quantum * self.quantum
        found = moments(times, self.type)
        return found if nulls is None else found.where(~nulls[drawn])


@dataclass(eq=False)
class Numbered:
    """A text of the content with the row's number in it, so that no two are alike."""

    column: str

    def cells(self, rows: Rows) -> Cells:
        """Return the texts, NULL where the content says so."""
        pool = rows.part.pool
        assert pool is not None
        head, tail, nulls = pool.texts[self.column]
        drawn = pool.drawn(rows)
        chosen = pa.array(drawn)
        number = pa.array(rows.numbers + 1).cast(pa.string()).cast(pa.binary())
        whole = pc.binary_join_element_wise(head.take(chosen), number, tail.take(chosen), b"")
        found = Varying(with_lengths(whole))
        return found if nulls is None else found.where(~nulls[drawn])


@dataclass(eq=False)
class Days:
    """A date or time for each row of a parent: so many days after the parent's first."""

    type: ColumnType

    def cells(self, rows: Rows) -> Cells:
        """Return the dates."""
        placed = rows.part.placed
        owner, place, _ = rows.family
        born = np.full_like(place, placed.calendar.start)
        if placed.grouping is not None and placed.parent is not None:
            born = placed.parent.times(owner)
        return moments(born // DAY * DAY + place * DAY, self.type)
