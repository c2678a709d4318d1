"""Values that stand for those a snapshot does not have: of the same type, in the same order.

Shares, the number of different values and the number of bounds stay; what a value is, is unknown. A
condition that compares with a real value is then estimated as one with a value that is no common
one. Common values are spread between the bounds, by their rank. Whole numbers are counted from 1,
uuids keep their even spread, and times lie in the two years before the snapshot was taken, up to
then. A partition key lies where the bounds of the partitions say.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from pgassay.staging.spans import plain, spans, value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import Snapshot
    from pgassay.core.statistics import ColumnStatistics


_TWO_YEARS = timedelta(days=730)
_GOLDEN = (5**0.5 - 1) / 2  # its multiples are spread evenly, and none is a share of a bound
_WORD = "stand-in {:06d}"
_FEW = ("smallint", "integer", "bigint", "date")
_WHOLE = {"smallint": 32_000.0, "integer": 2e9, "bigint": 9e18}


def with_stand_ins(
    snapshot: Snapshot, keys: Mapping[QualifiedName, str] = MappingProxyType({})
) -> tuple[Snapshot, tuple[str, ...]]:
    """Return a snapshot in which every statistic has values, and the columns that got none.

    A column whose type has no stand-ins loses its common values and its histogram.

    Args:
        snapshot: with values or without.
        keys: of tables that are partitioned by the range of one column, that column.
    """
    makers = _makers(snapshot.taken)
    known = spans(snapshot, keys)
    without: list[str] = []
    relations = []
    for relation in snapshot.relations:
        columns = []
        for column in relation.columns:
            type_ = plain(column.base or column.type)
            place = known.get((relation.name, column.name))
            own: Mapping[str, Callable[[float], str]] = makers
            if place:
                own = {**makers, type_: partial(value_at, place, type_)}
            statistics = tuple(_filled(type_, s, own, relation.rows) for s in column.statistics)
            if any(_lacking(s) for s in statistics):
                without.append(f"{relation.name}.{column.name}")
                statistics = tuple(map(_bare, statistics))
            columns.append(replace(column, statistics=statistics))
        indexes = tuple(
            replace(
                index,
                expressions=tuple(
                    replace(key, statistics=_bare(key.statistics))
                    if _lacking(key.statistics)
                    else key
                    for key in index.expressions
                ),
            )
            for index in relation.indexes
        )
        relations.append(replace(relation, columns=tuple(columns), indexes=indexes))
    return replace(snapshot, relations=tuple(relations)), tuple(without)


def _lacking(found: ColumnStatistics) -> bool:
    return (
        len(found.values) < len(found.common)
        or len(found.bounds) < found.bins
        or (bool(found.element_shares) and not found.elements)
        or (bool(found.lengths) and not found.range_bounds)
    )


def _bare(found: ColumnStatistics) -> ColumnStatistics:
    """Return the statistics without what needs values."""
    if not _lacking(found):
        return found
    lists = bool(found.element_shares) and not found.elements
    return replace(
        found,
        common=found.common if found.values else (),
        bins=len(found.bounds),
        element_shares=() if lists else found.element_shares,
        element_counts=() if lists else found.element_counts,
        lengths=found.lengths if found.range_bounds else (),
    )


def _filled(
    type_: str,
    found: ColumnStatistics,
    makers: Mapping[str, Callable[[float], str]],
    rows: float,
) -> ColumnStatistics:
    """Return the statistics with stand-ins for what is not there, where the type has any."""
    if not _lacking(found):
        return found
    maker = makers.get(type_)
    if type_ in _WHOLE and maker is None:  # keys are mostly counted from 1, with no gaps
        span = min(max(found.kinds(max(rows, 1.0)), 1.0), _WHOLE[type_])
        maker = partial(_counted, span)
    if maker is not None and not found.values and not found.bounds:
        common, bounds = _places(len(found.common), found.bins, several=type_ not in _FEW)
        found = replace(
            found,
            values=tuple(map(maker, common)),
            bounds=tuple(map(maker, bounds)),
        )
    inner = makers.get(type_.removesuffix("[]")) if type_.endswith("[]") else None
    inner = makers["text"] if type_ == "tsvector" else inner
    if inner is not None and found.element_shares and not found.elements:
        # Behind the shares stand the least, the most and, in arrays, that of NULL.
        number = max(len(found.element_shares) - (2 if type_ == "tsvector" else 3), 0)
        made = tuple(inner((k + 1) / (number + 1)) for k in range(number))
        found = replace(found, elements=made)
    return found


def _places(common: int, bins: int, *, several: bool) -> tuple[list[float], list[float]]:
    """Return where common values and bounds lie between 0 and 1; both ends are bounds.

    Args:
        common: how many common values.
        bins: how many bounds.
        several: whether there are so many values that a place stands for one alone. Then it follows
            from the rank, and the most common value of a table is that of its partitions.
    """
    if several and bins > 1:
        return (
            [(rank + 1) * _GOLDEN % 1 for rank in range(common)],
            [number / (bins - 1) for number in range(bins)],
        )
    total = common + bins
    places = [number / max(total - 1, 1) for number in range(total)]
    chosen = sorted({int(total / common * (k + 0.5)) for k in range(common)})
    return [places[k] for k in chosen], [p for k, p in enumerate(places) if k not in chosen]


def _counted(span: float, place: float) -> str:
    return str(1 + int(place * (span - 1)))


def _makers(taken: str) -> dict[str, Callable[[float], str]]:
    """Return by type what makes a value from its place between 0 and 1."""
    try:
        now = datetime.fromisoformat(taken)
    except ValueError:
        now = datetime(2026, 1, 1, tzinfo=UTC)

    def moment(place: float) -> datetime:
        return now - _TWO_YEARS + _TWO_YEARS * place

    def uuid(place: float) -> str:
        text = f"{int(place * (2**48 - 1)):012x}"
        return f"{text[:8]}-{text[8:]}-0000-0000-000000000000"

    def word(place: float) -> str:
        return _WORD.format(int(place * 999_999))

    def address(place: float) -> str:
        number = int(place * 0xFFFFFF)
        return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"

    return {
        **dict.fromkeys(("numeric", "real", "double precision"), lambda p: f"{p * 1_000_000:.2f}"),
        **dict.fromkeys(("text", "character varying", "character", "name"), word),
        "uuid": uuid,
        "date": lambda p: moment(p).date().isoformat(),
        "timestamp without time zone": lambda p: moment(p).replace(tzinfo=None).isoformat(" "),
        "timestamp with time zone": lambda p: moment(p).isoformat(" "),
        "time without time zone": lambda p: str(timedelta(seconds=int(p * 86_399))),
        "interval": lambda p: f"{int(p * 1_000_000)} seconds",
        **dict.fromkeys(("inet", "cidr"), address),
        "jsonb": lambda p: f'"{word(p)}"',
        "bytea": lambda p: f"\\x{int(p * 0xFFFFFFFF):08x}",
    }
