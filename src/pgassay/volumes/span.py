"""The span of time of a table: what the profile says, where partitions leave room for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pgassay.core.catalog import PartitionStrategy, TableKind
from pgassay.core.errors import ConfigError
from pgassay.rows.partitions import bounds
from pgassay.rows.values import EPOCH
from pgassay.volumes.calendar import Calendar, microseconds, moment

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.volumes.profile import Period

_YEAR = timedelta(days=365)
_LOWEST, _HIGHEST = -(1 << 62), 1 << 62


def slices(table: Table, built: Catalog, column: str) -> list[tuple[int, int, QualifiedName]]:
    """Return the partitions of a table by time: start, end and name, in order.

    Empty where it is divided in another way; such a table is loaded through its root.
    """
    key = table.partition_key
    if key is None or key.strategy is not PartitionStrategy.RANGE or key.columns != (column,):
        return []
    found = []
    for partition in built.partitions_of(table.name):
        assert partition.partition is not None
        ends = bounds(partition.partition)
        if ends is None:
            continue
        if partition.kind is TableKind.PARTITIONED:
            return []
        low, high = ends[0][0], ends[1][0]
        found.append(
            (
                _LOWEST if low is None else microseconds(_moment(low)),
                _HIGHEST if high is None else microseconds(_moment(high)),
                partition.name,
            )
        )
    return sorted(found)


def calendar_of(period: Period, built: Catalog) -> Calendar:
    """Return the calendar of tables without partitions: by default that of those with some."""
    known = [
        (low, high)
        for table in built.tables
        if table.partition_key is not None and table.partition_key.columns[0] is not None
        for low, high, _ in slices(table, built, table.partition_key.columns[0])
        if low != _LOWEST and high != _HIGHEST
    ]
    start = microseconds(period.start) if period.start else min((k[0] for k in known), default=None)
    end = microseconds(period.end) if period.end else max((k[1] for k in known), default=None)
    if start is None:
        start = microseconds(EPOCH) if end is None else end - _YEAR // timedelta(microseconds=1)
    if end is None or end <= start:
        end = start + _YEAR // timedelta(microseconds=1)
    return Calendar(period, start, end)


def within_partitions(
    calendar: Calendar, parts: list[tuple[int, int, QualifiedName]], where: str
) -> Calendar:
    """Return the calendar as far as partitions without a gap between them reach.

    Raises:
        ConfigError: no partition lies within the calendar.
    """
    reached: list[tuple[int, int]] = []
    for low, high, _ in parts:
        if high <= calendar.start or low >= calendar.end:
            continue
        if reached and reached[-1][1] == low:
            reached[-1] = (reached[-1][0], high)
        else:
            reached.append((low, high))
    if not reached:
        ends = f"{moment(calendar.start):%Y-%m-%d} to {moment(calendar.end):%Y-%m-%d}"
        raise ConfigError(
            f"no partition holds a time from {ends}",
            where=where,
            expected="a period in which partitions exist",
            fix="change [time] of the profile, or create the partitions first",
        )
    low, high = max(reached, key=lambda span: span[1] - span[0])
    return calendar.within(max(low, calendar.start), min(high, calendar.end))


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is not None:
        offset = found.utcoffset() or timedelta()
        found = found.replace(tzinfo=None) - offset
    return found
