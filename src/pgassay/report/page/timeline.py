"""The partitions of a table on a time line, as high as they have rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pgassay.report.figures import count
from pgassay.report.page.drawing import bar, line, picture, text

if TYPE_CHECKING:
    import drawsvg
    from markupsafe import Markup

    from pgassay.core.exhibit import PartitionSeen

_WIDE, _HIGH, _LEFT, _TOP, _FOOT = 860.0, 96.0, 8.0, 18.0, 22.0
_LEAST = 3.0  # of a bar that has rows at all
_FEW = 14  # bars that can each have their own label


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """One partitioned table: the picture of its periods, and all its partitions as a list."""

    table: str
    key: str
    picture: Markup | None
    partitions: tuple[PartitionSeen, ...]

    @property
    def rows(self) -> int | None:
        """All rows, where they were counted."""
        known = [one.rows for one in self.partitions if one.rows is not None]
        return sum(known) if known else None


def time_line(
    table: str, key: str, partitions: tuple[PartitionSeen, ...], today: datetime | None
) -> TimeLine:
    """Return the time line of a table; without a picture where its bounds are no times."""
    spans = sorted(
        (datetime.fromisoformat(one.since), datetime.fromisoformat(one.until), one)
        for one in partitions
        if one.since and one.until
    ) if {one.since for one in partitions if one.since} else []  # fmt: skip
    drawn = _drawn(table, spans, today) if spans else None
    return TimeLine(table=table, key=key, picture=drawn, partitions=partitions)


def _drawn(
    table: str, spans: list[tuple[datetime, datetime, PartitionSeen]], today: datetime | None
) -> Markup:
    first, last = spans[0][0], max(end for _, end, _ in spans)
    scale = (_WIDE - 2 * _LEFT) / ((last - first).total_seconds() or 1.0)

    def x(moment: datetime) -> float:
        return _LEFT + (moment - first).total_seconds() * scale

    most = max((one.rows or 0 for _, _, one in spans), default=0)
    ground = _TOP + _HIGH
    parts: list[drawsvg.types.DrawingElement] = []
    every = max(1, -(-len(spans) // _FEW))
    for number, (start, end, one) in enumerate(spans):
        share = (one.rows or 0) / most if most else 0.35
        high = max(share * _HIGH, _LEAST if one.rows or not most else 1.0)
        rows = "rows not counted" if one.rows is None else count(one.rows, "row")
        title = f"{one.partition}: {start:%Y-%m-%d} to {end:%Y-%m-%d}, {rows}"
        kind = "period" if one.rows or not most else "period empty"
        parts.append(
            bar(x(start) + 1, ground - high, x(end) - x(start) - 2, high, kind=kind, title=title)
        )
        if number % every == 0:
            middle = (x(start) + x(end)) / 2
            parts.append(text(_label(start, end), middle, ground + 15, anchor="middle"))
    parts.append(line("axis", (_LEFT, ground), (_WIDE - _LEFT, ground)))
    if today is not None and first <= today <= last:
        parts.append(line("today", (x(today), _TOP - 4), (x(today), ground)))
        parts.append(text("this run", x(today), _TOP - 6, "label today-text", anchor="middle"))
    if most:
        parts.append(text(f"{most:,} rows", _LEFT, _TOP - 6))
    words = f"{table}: {count(len(spans), 'partition')} from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return picture(_WIDE, ground + _FOOT, words, *parts)


def _label(start: datetime, end: datetime) -> str:
    days = (end - start).days
    if days > 360:  # noqa: PLR2004 - a year
        return f"{start:%Y}"
    return f"{start:%Y-%m}" if days > 27 else f"{start:%m-%d}"  # noqa: PLR2004 - a month
