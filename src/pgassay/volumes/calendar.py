"""When rows came about: a density over a span of time, its integral, and the inverse of that.

Rows come more often at the end than at the beginning, on some days of the week and at some hours.
The integral is kept by the hour, so that time ↔ share of the rows is an interpolation. Times are
microseconds since 2000-01-01, PostgreSQL's own (timestamp, binary format).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pgassay.volumes.draws import Numbers, Units
    from pgassay.volumes.profile import Period

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - PostgreSQL's epoch, in any zone
_SATURDAY = 5  # 2000-01-01 was one; Monday is 0


def microseconds(moment: datetime) -> int:
    """Return PostgreSQL's number for a time without a zone."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(time: int) -> datetime:
    """Return the time that a number of PostgreSQL's means."""
    return _EPOCH + timedelta(microseconds=int(time))


@dataclass(frozen=True)
class Calendar:
    """The rhythm of a volume over a span; `start` inclusive, `end` exclusive.

    `shares` say how many of the rows fall between two times; the rhythm holds within each.
    """

    period: Period
    start: int
    end: int
    shares: tuple[tuple[int, int, float], ...] = ()

    def within(self, start: int, end: int) -> Calendar:
        """Return the same rhythm over a part of the span."""
        return Calendar(self.period, start, end, self.shares)

    def shared(self, shares: tuple[tuple[int, int, float], ...]) -> Calendar:
        """Return the same rhythm with so many of the rows between some times: start, end, share."""
        return Calendar(self.period, self.start, self.end, shares)

    def at(self, share: Units) -> Numbers:
        """Return the time by which such a share of the rows is there; monotone."""
        time = np.interp(share * self._curve[-1], self._curve, self._knots)
        found: Numbers = np.minimum(time.astype(np.int64) + self.start, self.end - 1)
        return found

    def share(self, time: Numbers) -> Units:
        """Return which share of the rows is there by a time; the inverse of `at`."""
        since = np.clip(time, self.start, self.end) - self.start
        hour = np.minimum(since // HOUR, len(self._curve) - 2)
        passed = self._curve[hour] + self._slope[hour] * (since - hour * HOUR)
        found: Units = passed / self._curve[-1]
        return found

    @cached_property
    def _knots(self) -> Units:
        """The hours from the start, as offsets: float64 is exact for them over 280 years."""
        hours = np.arange(0, self.end - self.start, HOUR, dtype=np.float64)
        return np.append(hours, float(self.end - self.start))

    @cached_property
    def _slope(self) -> Units:
        return np.diff(self._curve) / np.diff(self._knots)

    @cached_property
    def _curve(self) -> Units:
        middle = self.start + (self._knots[:-1] + self._knots[1:]) / 2
        whole = max(self.period_end - self.period_start, 1)
        age = (middle - self.period_start) / whole
        day = np.floor(middle / DAY).astype(np.int64)
        hour = np.floor(middle / HOUR).astype(np.int64) % 24
        rate = (
            self.period.growth**age
            * np.asarray(self.period.week)[(day + _SATURDAY) % 7]
            * np.asarray(self.period.day)[hour]
        )
        mass = rate * np.diff(self._knots)
        if self.shares:
            held = np.zeros_like(mass)
            for low, high, share in self.shares:
                inside = (middle >= low) & (middle < high)
                total = mass[inside].sum()
                held[inside] = mass[inside] * share / total if total else 0.0
            mass = held if held.sum() else mass
        return np.append(0.0, np.cumsum(mass))

    @property
    def period_start(self) -> int:
        """Where the growth begins."""
        return self.start if self.period.start is None else microseconds(self.period.start)

    @property
    def period_end(self) -> int:
        """Where the growth is complete."""
        return self.end if self.period.end is None else microseconds(self.period.end)
