"""The ranges that the partitions of a table cover, where they can be put in order here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pgassay.core.catalog import PartitionStrategy
from pgassay.core.names import QualifiedName, literal
from pgassay.rows.partitions import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table

    Point = datetime | Decimal

_TIMES = ("date", "timestamp", "timestamptz")
_NUMBERS = ("int2", "int4", "int8", "numeric")


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What one partition covers: from `low` to just before `high`, None where there is no end.

    `low_text` and `high_text` are the same in the server's words.
    """

    table: Table
    low: Point | None
    high: Point | None
    low_text: str | None
    high_text: str | None


def divided(ground: Ground) -> Iterator[tuple[Table, tuple[Table, ...]]]:
    """Yield every partitioned table, partitions of others among them, with its partitions."""
    for table in ground.catalog.tables:
        if table.partition_key is not None:
            yield table, ground.catalog.partitions_of(table.name)


def default_of(parts: tuple[Table, ...]) -> Table | None:
    """Return the default partition."""
    return next((p for p in parts if p.partition and p.partition.is_default), None)


def is_timed(parent: Table) -> bool:
    """Whether a table is divided by range over one column of time."""
    return _base(parent) in _TIMES


def ranges(parent: Table, parts: tuple[Table, ...]) -> list[Range]:
    """Return the ranges of a table divided over one column of time or number, in order.

    Empty for any other; the default partition is left out.
    """
    base = _base(parent)
    if base not in (*_TIMES, *_NUMBERS):
        return []
    found = []
    for part in parts:
        ends = bounds(part.partition) if part.partition else None
        if ends is None:
            continue
        (low,), (high,) = ends
        try:
            one = Range(
                table=part,
                low=_point(low, base),
                high=_point(high, base),
                low_text=low,
                high_text=high,
            )
        except (ValueError, InvalidOperation):
            return []  # infinity, a year before Christ: nothing that can be put in order here
        found.append(one)
    return sorted(found, key=lambda one: (one.low is not None, one.low))


def bound(low: str | None, high: str | None) -> str:
    """Return a range as CREATE TABLE has it."""
    start = "MINVALUE" if low is None else literal(low)
    end = "MAXVALUE" if high is None else literal(high)
    return f"FOR VALUES FROM ({start}) TO ({end})"


def free_name(parent: Table, start: str, taken: set[QualifiedName]) -> QualifiedName:
    """Return a name for a partition that begins at `start`, which no other table has."""
    digits = "".join(c if c.isalnum() else "_" for c in start)
    name = QualifiedName(parent.name.schema, f"{parent.name.name[:30]}_from_{digits}"[:60])
    while name in taken:
        name = QualifiedName(name.schema, f"{name.name}_")
    return name


def _base(parent: Table) -> str:
    key = parent.partition_key
    if key is None or key.strategy is not PartitionStrategy.RANGE or len(key.columns) != 1:
        return ""
    column = key.columns[0]
    return "" if column is None else parent.column(column).type.base


def _point(text: str | None, base: str) -> Point | None:
    if text is None:
        return None
    if base in _NUMBERS:
        return Decimal(text)
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
