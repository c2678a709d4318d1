"""The periods of a partitioned table: which span a bound covers, and the pattern of many.

Which months exist is a rule and no part of the contract; that each is one month long, that they
follow one another without a gap and begin where the others begin, is. A lower bound is inclusive
and an upper one exclusive (CREATE TABLE, PARTITION OF). Bounds with a time zone are read as UTC.

A locked contract holds a pattern in place of the partitions, as the bound `EVERY 1 MONTH`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RANGE = re.compile(r"FOR VALUES FROM \('([^']*)'\) TO \('([^']*)'\)\Z")
_EVERY = re.compile(r"EVERY (\d+) (MONTH|SECOND)(?: FROM (.+))?\Z")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - bounds are compared without a zone, as UTC
_NAMED = {1: "month", 3: "quarter", 12: "year"}
_SECONDS = {"week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
UNITS = {
    "month": (1, 0),
    "quarter": (3, 0),
    "year": (12, 0),
    "week": (0, 604_800),
    "day": (0, 86_400),
}
"""Months and seconds of the units that a rule can name."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """What one partition covers: from `start` to just before `end`."""

    start: datetime
    end: datetime
    dated: bool = False

    @property
    def bound(self) -> str:
        """The span as PostgreSQL deparses a bound."""
        return f"FOR VALUES FROM ('{self._text(self.start)}') TO ('{self._text(self.end)}')"

    def _text(self, moment: datetime) -> str:
        return moment.date().isoformat() if self.dated else moment.isoformat(" ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How wide each span is, in months or in seconds, and an instant at which one begins."""

    months: int = 0
    seconds: int = 0
    begins: datetime = _EPOCH

    @property
    def bound(self) -> str:
        """The pattern as the bound that stands in for all partitions in a locked contract."""
        count, unit = (self.months, "MONTH") if self.months else (self.seconds, "SECOND")
        tail = "" if self.begins == _EPOCH else f" FROM {self.begins.isoformat(' ')}"
        return f"EVERY {count} {unit}{tail}"

    def __str__(self) -> str:
        """Read as people say it: `one partition a month`, `one partition every 2 days`."""
        if self.months:
            named, count = _NAMED.get(self.months), self.months
            text = f"a {named}" if named else f"every {count} months"
        else:
            unit, size = next((u, s) for u, s in _SECONDS.items() if self.seconds % s == 0)
            count = self.seconds // size
            text = f"a {unit}" if count == 1 else f"every {count} {unit}s"
        tail = "" if self.begins == _EPOCH else f", counted from {self.begins.isoformat(' ')}"
        return f"one partition {text}{tail}"

    def fits(self, span: Span) -> bool:
        """Whether a span is as wide as the pattern says and begins where one begins."""
        return pattern_of(span) == self

    def after(self, moment: datetime) -> datetime:
        """Return the end of the span that begins at `moment`.

        The last day of a month that is too short, as `+ interval '1 month'` has it.
        """
        if not self.months:
            return moment + timedelta(seconds=self.seconds)
        months = moment.year * 12 + moment.month - 1 + self.months
        year, month = months // 12, months % 12 + 1
        day = min(moment.day, monthrange(year, month)[1])
        return moment.replace(year=year, month=month, day=day)


def span_of(bound: str) -> Span | None:
    """Return what a bound covers; None if it is not one range between two instants."""
    found = _RANGE.match(bound)
    if found is None:
        return None
    try:
        start, end = (_instant(text) for text in found.groups())
    except ValueError:
        return None
    if start >= end:
        return None
    return Span(start=start, end=end, dated=len(found[1]) == len("2025-01-01"))


def stand_in(bound: str) -> Pattern | None:
    """Return the pattern that a locked contract's bound states; None for any other bound."""
    found = _EVERY.match(bound)
    if found is None:
        return None
    begins = datetime.fromisoformat(found[3]) if found[3] else _EPOCH
    count = int(found[1])
    if found[2] == "MONTH":
        return Pattern(months=count, begins=begins)
    return Pattern(seconds=count, begins=begins)


def declared(every: str) -> Pattern:
    """Return the pattern of a rule's unit; weeks begin on Monday."""
    months, seconds = UNITS[every]
    begins = datetime(1970, 1, 5) if every == "week" else _EPOCH  # noqa: DTZ001 - as _EPOCH
    return Pattern(months=months, seconds=seconds, begins=begins)


def pattern_of(span: Span) -> Pattern:
    """Return the widest pattern that one span fits: whole months if it can be, else seconds."""
    start, end = span.start, span.end
    months = (end.year - start.year) * 12 + end.month - start.month
    if months and (start.day, start.time()) == (end.day, end.time()):
        phase = (start.year * 12 + start.month - 1 - 1970 * 12) % months
        year, month = 1970 + phase // 12, phase % 12 + 1
        begins = start.replace(
            year=year, month=month, day=min(start.day, monthrange(year, month)[1])
        )
        return Pattern(months=months, begins=begins)
    seconds = int((end - start).total_seconds())
    phase = int((start - _EPOCH).total_seconds()) % seconds
    return Pattern(seconds=seconds, begins=_EPOCH + timedelta(seconds=phase))


def common_pattern(spans: Iterable[Span]) -> Pattern | None:
    """Return the pattern that most spans have; None if there are none or no pattern leads."""
    counted = Counter(map(pattern_of, spans)).most_common(2)
    if not counted or (len(counted) > 1 and counted[0][1] == counted[1][1]):
        return None
    return counted[0][0]


def gaps(spans: Sequence[Span]) -> list[Span]:
    """Return what lies between the first and the last span and in none of them."""
    ordered = sorted(spans)
    return [
        Span(start=one.end, end=two.start, dated=one.dated)
        for one, two in pairwise(ordered)
        if one.end < two.start
    ]


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
