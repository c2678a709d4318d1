"""Periods of the calendar: the spans of time that partitions are made of. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_WEEK = 7
_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One day, week, month, quarter or year, from `start` up to but without `end`."""

    start: date
    end: date
    every: str

    @property
    def next(self) -> Period:
        """The one that follows."""
        return period_of(self.end, self.every)

    def __str__(self) -> str:
        """Read as `2026-11` for a month, as `2026` for a year, else by its first day."""
        if self.every == "year":
            return f"{self.start:%Y}"
        return f"{self.start:%Y-%m}" if self.every == "month" else self.start.isoformat()


def period_of(day: date, every: str) -> Period:
    """Return the period that a day is in; weeks begin on Monday."""
    if every == "day":
        start, end = day, day + timedelta(days=1)
    elif every == "week":
        start = day - timedelta(days=day.weekday())
        end = start + timedelta(days=_WEEK)
    else:
        width = _MONTHS[every]
        start = date(day.year, (day.month - 1) // width * width + 1, 1)
        beyond = start.month - 1 + width
        end = date(start.year + beyond // _IN_A_YEAR, beyond % _IN_A_YEAR + 1, 1)
    return Period(start=start, end=end, every=every)


def span(first: Period, ahead: int) -> Iterator[Period]:
    """Yield a period and the ones that follow it, `ahead` of them."""
    current = first
    for _ in range(ahead + 1):
        yield current
        current = current.next
