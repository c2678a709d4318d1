"""Frequencies and physical order that hold to the row, by random access.

The rows of a column are dealt to slots, one each: the slots are the rows sorted by value. Which
values have which slots is the layout (frequencies); which row has which slot is the order
(correlation, NULLs). Both are arithmetic on the row's number, so that counts come out exactly and
nothing grows with the number of rows.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pgassay.volumes.draws import shuffled, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.volumes.draws import Numbers, Units

_FINE = 4096  # how finely the share of rows in order is set
_JITTER = 1024  # rows among which NULLs are strewn at most
_NODES = 33  # of an integral
_GROUPS = 2048  # values that a layout's ties are told apart for
_STEPS = 24


@dataclass(frozen=True, slots=True)
class Layout:
    """Which slots each value has, the values counted in their order.

    Attributes:
        slots: how many rows have a value.
        kinds: how many different values.
        starts: the first slot of each segment, and the end of the last.
        first: the first value of each segment.
        lengths: how many values it has; those of a segment have equally many rows.
        common: which values are the common ones, the most common first.
    """

    slots: int
    kinds: int
    starts: Numbers
    first: Numbers
    lengths: Numbers
    common: Numbers

    @classmethod
    def of(
        cls,
        rows: int,
        slots: int,
        *,
        kinds: int,
        common: Sequence[float],
        key: int,
        places: Sequence[int] | None = None,
    ) -> Layout:
        """Return the layout of so many rows, `slots` of which have a value.

        Args:
            rows: of the section.
            slots: how many of them are not NULL.
            kinds: how many different values are wanted.
            common: shares of all rows, the largest first.
            key: decides where in the order the common values stand.
            places: where they stand, if that is known.
        """
        kinds = max(1, min(kinds, slots))
        counts = np.asarray([max(1, round(share * rows)) for share in common[:kinds]], np.int64)
        counts = _fitting(counts, slots, kinds)
        if places is None:
            at = shuffled(key, np.arange(len(counts), dtype=np.int64), kinds)
        else:
            at = np.asarray(places[: len(counts)], np.int64)
        order = np.argsort(at, kind="stable")
        edges = np.concatenate([[-1], at[order], [kinds]])
        gaps = np.diff(edges) - 1  # values between two common ones
        rest, left = slots - int(counts.sum()), kinds - len(counts)
        before = np.concatenate([[0], np.cumsum(gaps)])
        shares = before * rest // max(left, 1)
        tails = np.diff(shares)
        size = len(counts)
        amounts = np.zeros(2 * size + 1, np.int64)
        first, lengths = np.zeros_like(amounts), np.ones_like(amounts)
        amounts[0::2], amounts[1::2] = tails, counts[order]
        first[0::2], first[1::2] = edges[:-1] + 1, at[order]
        lengths[0::2] = gaps
        held = amounts > 0
        starts = np.concatenate([[0], np.cumsum(amounts[held])])
        return cls(slots, kinds, starts, first[held], lengths[held], at)

    def values(self, slots: Numbers) -> Numbers:
        """Return the value of each slot, as its place in the order of values."""
        at = np.searchsorted(self.starts, slots, side="right") - 1
        begin, end = self.starts[at], self.starts[at + 1]
        found: Numbers = self.first[at] + (slots - begin) * self.lengths[at] // (end - begin)
        return found

    def middles(self, slots: Numbers) -> Numbers:
        """Return a slot for each that is the same for all slots of one value, in their middle."""
        at = np.searchsorted(self.starts, slots, side="right") - 1
        begin, size = self.starts[at], self.starts[at + 1] - self.starts[at]
        among = (slots - begin) * self.lengths[at] // size
        found: Numbers = begin + (2 * among + 1) * size // (2 * self.lengths[at])
        return found

    def counts(self) -> Numbers:
        """Return how many slots each value has."""
        found = np.zeros(self.kinds, np.int64)
        for start, end, first, length in zip(
            self.starts[:-1], self.starts[1:], self.first, self.lengths, strict=True
        ):
            steps = np.arange(length + 1, dtype=np.int64) * (end - start)
            found[first : first + length] = np.diff(-(-steps // length))
        return found


def led(leader: Layout, own: Layout) -> Numbers:
    """Return for each value of a leader the value it leads to, so that all occur as often as asked.

    The most common first, each to the value that has the most left to be had.
    """
    left = [(-int(count), place) for place, count in enumerate(own.counts())]
    heapq.heapify(left)
    counts = leader.counts()
    found = np.zeros(leader.kinds, np.int64)
    share = leader.slots / own.slots
    for place in np.argsort(-counts, kind="stable"):
        most, to = left[0]
        found[place] = to
        heapq.heapreplace(left, (most + int(counts[place] / share), to))
    return found


def _fitting(counts: Numbers, slots: int, kinds: int) -> Numbers:
    """Return counts that leave each other value a row, or take all where there is no other."""
    others = kinds - len(counts)
    if not len(counts):
        return counts
    room = slots - others
    total = int(counts.sum())
    if total > room or not others:
        ends = np.cumsum(counts) * max(room, len(counts)) // total
        counts = np.maximum(np.diff(np.concatenate([[0], ends])), 1)
        counts[0] += room - int(counts.sum())
        while counts[0] < 1:  # where nearly every value has one row
            at = int(np.argmax(counts))
            counts[at] -= 1
            counts[0] += 1
    return counts


@dataclass(eq=False)
class Order:
    """Which slot each row has, -1 for NULL.

    Args:
        key: of the draws.
        rows: how many there are.
        nulls: how many of them are NULL.
        share: of the rows that stand in the order of their values; negative for the opposite.
    """

    key: int
    rows: int
    nulls: int = 0
    share: float = 0.0

    def slots(self, numbers: Numbers) -> Numbers:
        """Return the slots of rows by their numbers."""
        held = self.rows - self.nulls
        if not held:
            return np.full_like(numbers, -1)
        in_order = self._in_order
        if not in_order:
            found = shuffled(self.key, numbers, self.rows)
            return np.where(found < held, found, -1) if self.nulls else found
        null, places = self._without_nulls(numbers)
        block, within = np.divmod(places, _FINE)
        ordered = self._before[within + 1] > self._before[within]
        among = block * in_order + self._before[within]
        resting = held - (held // _FINE * in_order + int(self._before[held % _FINE]))
        loose = np.where(ordered, 0, places - among)
        moved = shuffled(self.key, loose, max(resting, 1))
        group, place = np.divmod(moved, max(_FINE - in_order, 1))
        elsewhere = group * _FINE + self._loose[np.minimum(place, len(self._loose) - 1)]
        found = np.where(ordered, places, elsewhere)
        if self.share < 0:
            found = np.where(ordered, held - 1 - places, held - 1 - elsewhere)
        return np.where(null, -1, found)

    def _without_nulls(self, numbers: Numbers) -> tuple[np.ndarray, Numbers]:
        """Return which rows are NULL, and the place of each among those that are not."""
        if not self.nulls:
            return np.zeros(len(numbers), np.bool_), numbers
        size = max(1, min(_JITTER, self.rows // 256))
        block, within = np.divmod(numbers, size)
        sizes = np.minimum(size, self.rows - block * size)
        strewn = block * size + shuffled(words(self.key ^ _STREWN, block), within, sizes)
        before = strewn * self.nulls // self.rows
        null = (strewn + 1) * self.nulls // self.rows > before
        return null, np.where(null, 0, strewn - before)

    @property
    def _in_order(self) -> int:
        """Return how many of each few thousand rows are in order."""
        return round(min(abs(self.share), 1.0) * _FINE)

    @cached_property
    def _before(self) -> Numbers:
        """How many rows in order there are before each place of a block."""
        found: Numbers = np.arange(_FINE + 1, dtype=np.int64) * self._in_order // _FINE
        return found

    @cached_property
    def _loose(self) -> Numbers:
        """The places of a block that are not in order."""
        found = np.flatnonzero(np.diff(self._before) == 0).astype(np.int64)
        return found if len(found) else np.zeros(1, np.int64)


_STREWN = 0x5851F42D4C957F2D


def share_in_order(layout: Layout, correlation: float) -> float:
    """Return which share of rows has to be in order for such a correlation.

    PostgreSQL counts equal values in the order of their rows (`compute_scalar_stats`), so that few
    values in no order at all have a correlation well above 0. What cannot be reached comes out as
    near as can be.
    """
    groups = _groups(layout)
    low, high = -1.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _correlation(groups, middle) < correlation:
            low = middle
        else:
            high = middle
    found = (low + high) / 2
    return 0.0 if abs(found) < 1 / _FINE else found


def _groups(layout: Layout) -> tuple[Units, Units]:
    """Return where values begin and how wide they are, as shares of the rows that have one."""
    begins, widths = [], []
    room = max(_GROUPS // max(len(layout.lengths), 1), 1)
    for start, end, length in zip(
        layout.starts[:-1], layout.starts[1:], layout.lengths, strict=True
    ):
        parts = int(min(length, room))
        edges = np.linspace(start, end, parts + 1) / layout.slots
        begins.append(edges[:-1])
        # Where values are too many to be told apart, they are as good as without ties.
        widths.append(np.diff(edges) if parts == length else -np.diff(edges))
    return np.concatenate(begins), np.concatenate(widths)


def _correlation(groups: tuple[Units, Units], share: float) -> float:
    """Return the correlation that comes of such a share of rows in order."""
    begins, signed = groups
    widths, tied = np.abs(signed), signed > 0
    part, nodes = abs(share), np.linspace(0.0, 1.0, _NODES)
    weights = np.full(_NODES, 1.0 / (_NODES - 1))
    weights[[0, -1]] /= 2

    def ranks(places: Units, slots: Units) -> Units:
        """Return the rank of rows at these places and slots."""
        low = begins if share >= 0 else 1 - begins - widths
        inside = np.clip((places - low[:, None]) / widths[:, None], 0.0, 1.0)
        passed = part * inside + (1 - part) * places
        return np.where(tied[:, None], begins[:, None] + widths[:, None] * passed, slots)

    slots = begins[:, None] + widths[:, None] * nodes
    in_order = slots if share >= 0 else 1 - slots
    ordered = (in_order * ranks(in_order, slots) * weights).sum(axis=1)
    everywhere = np.broadcast_to(nodes, slots.shape)
    middle = np.broadcast_to((begins + widths / 2)[:, None], slots.shape)
    loose = (everywhere * ranks(everywhere, middle) * weights).sum(axis=1)
    mean = float((widths * (part * ordered + (1 - part) * loose)).sum())
    return 12 * (mean - 0.25)
