"""Where the values of a partition key lie, without a value: the partitions' bounds say it.

How many rows each partition has says how they are spread. What lies ahead of the snapshot's own
time is left out: the current month ends today.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from pgassay.core.snapshot import Held

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import RelationSeen, Snapshot

_RANGE = re.compile(r"FOR VALUES FROM \('?([^',]+)'?\) TO \('?([^',]+)'?\)")
_MODIFIER = re.compile(r"\([^)]*\)")
_WHOLE = ("smallint", "integer", "bigint")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ZONED = "timestamp with time zone"


@dataclass(frozen=True, slots=True)
class Span:
    """So many rows between two values, which are whole numbers or microseconds since 1970."""

    low: int
    high: int
    rows: float


def spans(
    snapshot: Snapshot, keys: Mapping[QualifiedName, str]
) -> Mapping[tuple[QualifiedName, str], Sequence[Span]]:
    """Return by relation and column, of partitions and of what they belong to, where rows lie.

    Args:
        snapshot: with the partitions' bounds and rows.
        keys: of tables that are partitioned by the range of one column, that column.
    """
    taken = _number(snapshot.taken, _ZONED)
    found: dict[tuple[QualifiedName, str], list[Span]] = defaultdict(list)
    for relation in snapshot.relations:
        key = keys.get(relation.parent) if relation.parent else None
        if key is None or relation.parent is None or relation.kind is not Held.TABLE:
            continue
        span = _span(relation, key, taken)
        if span is not None:
            found[relation.name, key].append(span)
            found[relation.parent, key].append(span)
    return {place: sorted(some, key=lambda span: span.low) for place, some in found.items()}


def value_at(spans: Sequence[Span], type_: str, place: float) -> str:
    """Return the value below which a share of the rows lies, as text."""
    left = place * sum(span.rows for span in spans)
    for span in spans:
        if left <= span.rows:
            break
        left -= span.rows
    inside = min(left / span.rows, 1.0)
    return _text(span.low + int(inside * (span.high - span.low)), type_)


def _span(relation: RelationSeen, key: str, taken: int | None) -> Span | None:
    column = relation.column(key)
    bound = _RANGE.fullmatch(relation.bound or "")
    if column is None or bound is None or relation.rows <= 0:
        return None
    type_ = plain(column.base or column.type)
    low, high = _number(bound[1], type_), _number(bound[2], type_)
    if low is None or high is None:
        return None  # MINVALUE, or another type
    if type_ not in _WHOLE and taken is not None and low < taken:
        high = min(high, taken)
    return Span(low, high - 1, relation.rows) if high - 1 > low else None


def plain(type_: str) -> str:
    """Return a type without its modifier."""
    return _MODIFIER.sub("", type_)


def _number(text: str, type_: str) -> int | None:
    try:
        if type_ in _WHOLE:
            return int(text)
        if type_ == "date" or type_.startswith("timestamp"):
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return (moment - _EPOCH) // timedelta(microseconds=1)
    except ValueError:
        return None
    return None


def _text(number: int, type_: str) -> str:
    if type_ in _WHOLE:
        return str(number)
    moment = _EPOCH + timedelta(microseconds=number)
    if type_ == "date":
        return date.isoformat(moment.date())
    return (moment if type_ == _ZONED else moment.replace(tzinfo=None)).isoformat(" ")
