"""Values in an order: what the first, the second, the millionth different value of a column is.

Each kind is a function of the value's place, whole arrays at once, that grows with it as the
type's own order does and never repeats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

from pgassay.volumes.calendar import DAY
from pgassay.volumes.cells import Cells, Varying, booleans, identifiers, with_lengths
from pgassay.volumes.columns import encoded, moments, scattered
from pgassay.volumes.draws import words

if TYPE_CHECKING:
    from pgassay.core.catalog import ColumnType
    from pgassay.volumes.calendar import Calendar
    from pgassay.volumes.draws import Numbers, Units


class Scale(Protocol):
    """The different values of a column, in their order."""

    def cells(self, places: Numbers) -> Cells:
        """Return the values at these places, counted from 0."""
        ...


@dataclass(eq=False)
class Steps:
    """Whole numbers and decimals: `start`, `start + step`, … in units of 10 ** -decimals.

    `knots` are the bounds of a histogram, where values are to be spread as those are.
    """

    type: ColumnType
    kinds: int
    start: int = 1
    step: int = 1
    decimals: int = 0
    knots: Units | None = None

    def cells(self, places: Numbers) -> Cells:
        """Return the numbers."""
        numbers = self.start + places * self.step
        if self.knots is not None:
            numbers = _along(self.knots, places, self.kinds)
        return encoded(numbers, self.type, self.decimals)


@dataclass(eq=False)
class Moments:
    """Times over a calendar, as a column of a time type; `quantum` microseconds apart at least."""

    type: ColumnType
    kinds: int
    calendar: Calendar
    quantum: int
    knots: Units | None = None

    def cells(self, places: Numbers) -> Cells:
        """Return the times."""
        if self.knots is not None:
            times = _along(self.knots, places, self.kinds)
        elif self.type.base == "date":
            days = max((self.calendar.end - self.calendar.start) // DAY, 1)
            last = (self.calendar.end - 1) // DAY
            step = max(days // self.kinds, 1)
            times = (last - (self.kinds - 1 - places) * step) * DAY
        else:
            times = self.calendar.at((places + 0.5) / self.kinds)
        return moments(times // self.quantum * self.quantum, self.type)


@dataclass(eq=False)
class Flags:
    """False and true, or only one of them."""

    values: tuple[bool, ...] = (False, True)

    def cells(self, places: Numbers) -> Cells:
        """Return the values."""
        return booleans(np.asarray(self.values)[np.minimum(places, len(self.values) - 1)])


@dataclass(eq=False)
class Listed:
    """Values that are known one by one, as the server writes them; behind them those of another.

    `at` are their places in the order, where others stand between them.
    """

    values: tuple[bytes, ...]
    at: Numbers | None = None
    rest: Scale | None = None
    _cells: pa.BinaryArray = field(init=False)

    def __post_init__(self) -> None:
        self._cells = with_lengths(pa.array(self.values, pa.binary()))

    def cells(self, places: Numbers) -> Cells:
        """Return the values."""
        if self.at is None or self.rest is None:
            known = np.minimum(places, len(self.values) - 1)
            return Varying(self._cells.take(pa.array(known)))
        order = np.argsort(self.at, kind="stable")
        found = np.minimum(np.searchsorted(self.at[order], places), len(order) - 1)
        which = order[found]
        hit = self.at[which] == places
        pieces: list[tuple[Numbers, Cells]] = []
        if hit.any():
            pieces.append((np.flatnonzero(hit), Varying(self._cells.take(pa.array(which[hit])))))
        if not hit.all():
            others = places[~hit] - np.searchsorted(self.at[order], places[~hit])
            pieces.append((np.flatnonzero(~hit), self.rest.cells(others)))
        return scattered(pieces, len(places))


@dataclass(eq=False)
class Identifiers:
    """Values of uuid, spread over all there are."""

    key: int
    kinds: int

    def cells(self, places: Numbers) -> Cells:
        """Return the identifiers."""
        step = np.uint64((1 << 64) // max(self.kinds, 1) - 1)
        jitter = words(self.key, places) % np.maximum(step, np.uint64(1))
        first = places.astype(np.uint64) * step + jitter
        # The lowest 16 bits of the first word stand at the end of an identifier.
        return identifiers(first, words(self.key ^ 1, places))


def _along(knots: Units, places: Numbers, kinds: int) -> Numbers:
    """Return values along bounds that have equally many rows between them, none of them twice."""
    share = (places + 0.5) / max(kinds, 1) * (len(knots) - 1)
    found = np.interp(share, np.arange(len(knots)), knots)
    whole: Numbers = np.floor(found).astype(np.int64)
    return whole


def times_of(octets: bytes, base: str) -> int:
    """Return the microseconds that the server's form of a time means."""
    whole = int.from_bytes(octets, "big", signed=True)
    return whole * DAY if base == "date" else whole
