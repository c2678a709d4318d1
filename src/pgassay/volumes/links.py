"""Ways to choose the row that a row refers to.

Each is a function of the row's number. Whoever is referred to is not younger than the row, except
a row's own children, and except where a parent that cannot be left out is always younger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pgassay.volumes.draws import choices, shuffled, units, words, zipf_ranks

if TYPE_CHECKING:
    from pgassay.volumes.draws import Numbers
    from pgassay.volumes.grouping import Grouping
    from pgassay.volumes.world import Part, Rows, Rowset

_ATTEMPTS = 6


@dataclass(eq=False, kw_only=True)
class Owner:
    """The parent whose children the rows are."""

    target: Rowset

    def numbers(self, rows: Rows) -> Numbers:
        """Return the parents."""
        return rows.family[0]


@dataclass(eq=False, kw_only=True)
class Nobody:
    """No row at all: NULL."""

    target: Rowset

    def numbers(self, rows: Rows) -> Numbers:
        """Return -1 for each."""
        return np.full_like(rows.local, -1)


@dataclass(eq=False, kw_only=True)
class Itself:
    """The row itself."""

    target: Rowset

    def numbers(self, rows: Rows) -> Numbers:
        """Return the rows."""
        return rows.numbers


@dataclass(eq=False, kw_only=True)
class Along:
    """The row at the end of a path."""

    target: Rowset
    path: str

    def numbers(self, rows: Rows) -> Numbers:
        """Return the rows at the end."""
        return rows.path(self.path)[1]


@dataclass(eq=False, kw_only=True)
class Choice:
    """What the links that choose have in common.

    Attributes:
        target: the table.
        key: of the draws.
        null: the share of rows that refer to nothing.
        first: rows before this place among their siblings refer to nothing.
        optional: whether nothing is better than a younger row.
        aged: whether the row referred to must not be younger.
        other: a link whose row is not to be chosen as well.
    """

    target: Rowset
    key: int
    null: float = 0.0
    first: int = 0
    optional: bool = False
    aged: bool = True
    other: str | None = None

    def numbers(self, rows: Rows) -> Numbers:
        """Return the chosen rows, -1 for none."""
        chosen = self.chosen(rows)
        if self.null:
            chosen = np.where(units(self.key ^ _NULLS, rows.numbers) < self.null, -1, chosen)
        if self.first:
            chosen = np.where(rows.family[1] < self.first, -1, chosen)
        return chosen

    def chosen(self, rows: Rows) -> Numbers:
        """Return a row for each."""
        raise NotImplementedError

    def fits(self, rows: Rows, at: Numbers, numbers: Numbers) -> np.ndarray:
        """Return which of some rows' candidates may be taken."""
        good = np.ones(len(numbers), np.bool_)
        if self.aged:
            good &= self.target.times(numbers) <= rows.early[at]
        if self.target is rows.part.table:
            good &= numbers < rows.numbers[at]
        if self.other is not None:
            good &= numbers != rows.link(self.other)[at]
        return good


_NULLS = 0x5851F42D4C957F2D
_NEXT = 0x2545F4914F6CDD1D


@dataclass(eq=False, kw_only=True)
class Drawn(Choice):
    """Any row of some sections that was there by then; some are drawn more often than others."""

    parts: tuple[Part, ...]
    skew: float = 0.0
    never: float = 0.0

    def chosen(self, rows: Rows) -> Numbers:
        """Return a row for each."""
        sizes = [part.rows for part in self.parts]
        found = np.full_like(rows.local, -1)
        open_ = np.arange(len(found))
        reached = max(1, round(sum(sizes) * (1 - self.never)))
        if not sum(sizes):
            return found
        for attempt in range(_ATTEMPTS):
            if not open_.size:
                return found
            numbers = rows.numbers[open_]
            key = (self.key + attempt * _NEXT) & 0xFFFFFFFFFFFFFFFF
            rank = zipf_ranks(key, numbers, reached, self.skew)
            if self.skew or self.never:
                rank = shuffled(self.key, rank, sum(sizes))
            candidate = _numbers(self.parts, rank)
            good = self.fits(rows, open_, candidate)
            found[open_[good]] = candidate[good]
            open_ = open_[~good]
        if open_.size:
            found[open_] = self._oldest(rows, open_)
        return found

    def fits(self, rows: Rows, at: Numbers, numbers: Numbers) -> np.ndarray:
        """Return which candidates may be taken; of timed ones the calendar says it at once."""
        part = self.parts[0]
        timed = len(self.parts) == 1 and part.placed.grouping is None
        if not timed or not self.aged or self.target is rows.part.table or self.other:
            return super().fits(rows, at, numbers)
        there = rows.once(
            ("there", id(part)),
            lambda: part.placed.calendar.share(rows.early) * part.rows,
        )
        good: np.ndarray = numbers - part.offset < np.floor(there[at])
        return good

    def _oldest(self, rows: Rows, at: Numbers) -> Numbers:
        """Return one of the first rows: one that fits, or none, or the first where one must be."""
        part = self.parts[0]
        early = min(part.rows, 64)
        numbers = rows.numbers[at]
        tried = part.offset + choices(self.key ^ _NEXT, numbers, early)
        first = np.full_like(numbers, part.offset)
        fits = Choice.fits(self, rows, at, tried)
        chosen = np.where(fits, tried, first)
        good = fits | Choice.fits(self, rows, at, first)
        if self.optional:
            return np.where(good, chosen, -1)
        if self.other is not None:
            clash = chosen == rows.link(self.other)[at]
            chosen = np.where(clash, part.offset + (chosen - part.offset + 1) % part.rows, chosen)
        return chosen


def _numbers(parts: tuple[Part, ...], ranks: Numbers) -> Numbers:
    """Return the numbers of rows that are counted through some sections of a table."""
    if len(parts) == 1:
        return ranks + parts[0].offset
    ends = np.cumsum([part.rows for part in parts])
    at = np.searchsorted(ends, ranks, side="right")
    starts = np.asarray(
        [part.offset - end + part.rows for part, end in zip(parts, ends, strict=True)]
    )
    chosen: Numbers = ranks + starts[at]
    return chosen


@dataclass(eq=False, kw_only=True)
class Spaced(Choice):
    """A row for each that no other has: of all rows, or of the rows of one parent."""

    parts: tuple[Part, ...]
    siblings: bool = False

    def chosen(self, rows: Rows) -> Numbers:
        """Return a row for each, -1 where there are no more."""
        size = sum(part.rows for part in self.parts)
        owner, place, _ = rows.family
        if self.siblings:
            keys, places = words(self.key, owner), place
        else:
            keys, places = words(self.key, np.zeros_like(owner)), rows.local
        able = places < size
        ranks = shuffled(keys, np.where(able, places, 0), max(size, 1))
        chosen = _numbers(self.parts, ranks)
        if self.optional:
            able &= self.fits(rows, np.arange(len(chosen)), chosen)
        return np.where(able, chosen, -1)


@dataclass(eq=False, kw_only=True)
class Within(Choice):
    """One of the rows that belong to an ancestor at the end of a path.

    `chain` leads down from the ancestor to the target: for each step the first parent's number,
    the grouping and the offset of the children.
    """

    path: str
    chain: tuple[tuple[int, Grouping, int], ...]
    skew: float = 0.0
    distinct: bool = False
    place: int | None = None

    def chosen(self, rows: Rows) -> Numbers:
        """Return a row for each, -1 where the ancestor has none."""
        first, count = self.span(rows)
        able = count > 0
        safe = np.maximum(count, 1)
        everyone = np.arange(len(first))
        if self.place is not None:
            at = np.full_like(first, self.place) if self.place >= 0 else count + self.place
            able &= (at >= 0) & (at < count)
            return np.where(able, first + np.clip(at, 0, None), -1)
        if self.distinct:
            owner, place, _ = rows.family
            able &= place < count
            at = shuffled(words(self.key, owner), np.where(able, place, 0), safe)
            chosen = first + at
            if self.optional:
                able &= self.fits(rows, everyone, chosen)
            return np.where(able, chosen, -1)
        chosen = first + zipf_ranks(self.key, rows.numbers, safe, self.skew)
        if not self.aged and self.other is None:
            return np.where(able, chosen, -1)
        open_ = np.flatnonzero(able)
        for attempt in range(1, _ATTEMPTS):
            open_ = open_[~self.fits(rows, open_, chosen[open_])]
            if not open_.size:
                break
            numbers = rows.numbers[open_]
            key = (self.key + attempt * _NEXT) & 0xFFFFFFFFFFFFFFFF
            sizes = np.maximum(safe[open_] >> (attempt - 1), 1)  # the older ones stand in front
            chosen[open_] = first[open_] + zipf_ranks(key, numbers, sizes, self.skew)
        else:
            open_ = open_[~self.fits(rows, open_, chosen[open_])]
        if open_.size and self.optional:
            able[open_] = False
        elif open_.size and self.other is None:
            chosen[open_] = first[open_]
        return np.where(able, chosen, -1)

    def span(self, rows: Rows) -> tuple[Numbers, Numbers]:
        """Return the first row and the number of rows that belong to each row's ancestor."""
        first = rows.path(self.path)[1]
        count = np.where(first >= 0, 1, 0)
        for parent, grouping, offset in self.chain:
            local = first - parent
            able = (count > 0) & (local >= 0) & (local < grouping.parents)
            low = np.where(able, local, 0)
            begin, own = grouping.children(low)
            end = begin + own
            if (count > 1).any():
                last = np.minimum(low + np.maximum(count, 1) - 1, grouping.parents - 1)
                begin_last, own_last = grouping.children(last)
                end = begin_last + own_last
            first = begin + offset
            count = np.where(able, end - begin, 0)
        return first, count


@dataclass(eq=False, kw_only=True)
class Earlier(Choice):
    """An earlier row of the same parent, or of the table where rows are not grouped."""

    def chosen(self, rows: Rows) -> Numbers:
        """Return a row for each; the first refers to nothing, or to itself where it has to."""
        place = rows.family[1]
        back = 1 + choices(self.key, rows.numbers, np.maximum(place, 1))
        first = np.full_like(place, -1) if self.optional else rows.numbers
        return np.where(place > 0, rows.numbers - back, first)
