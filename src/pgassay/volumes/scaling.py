"""Chooses the scale of a column: which values its type, its CHECKs and its width leave room for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from pgassay.core.catalog import TypeKind
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.volumes.columns import TEXTS, TIMES, WIDTHS
from pgassay.volumes.draws import key_of
from pgassay.volumes.passages import Passages, documents, texts
from pgassay.volumes.pooling import scale_of
from pgassay.volumes.ranked import Dealing, Ranked
from pgassay.volumes.sample import text_of_field
from pgassay.volumes.scales import Flags, Identifiers, Listed, Moments, Steps, times_of
from pgassay.volumes.shape import quantum_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.catalog import Column, ColumnType, Table
    from pgassay.core.statement import Value
    from pgassay.core.statistics import ColumnStatistics
    from pgassay.rows.maker import RowMaker
    from pgassay.volumes.calendar import Calendar
    from pgassay.volumes.plan import Deal
    from pgassay.volumes.scales import Scale
    from pgassay.volumes.wire import Wire, Written
    from pgassay.volumes.world import Part

_LITTLE_ORDER = 0.15  # below it, texts need not be in the order of their values
_EVEN = 0.2  # where common values make up more of the rows, all texts are equally wide
_HEADER = 3  # bytes of a short numeric, its own header included (numeric.c, NUMERIC_HDRSZ_SHORT)
_PER_GROUP = 2  # bytes for four digits
_LABELS = 1024  # values of a list


def fitting(maker: RowMaker, table: Table, column: Column, deal: Deal, kinds: int) -> Deal | None:
    """Return how so many values can be dealt out so that the column's CHECKs let them through.

    None if no way is known; CHECKs over several columns are not looked at.
    """
    kind = maker.types.base_type(column.type)
    if kind.kind is TypeKind.ENUM:
        labels = tuple(maker.types.labels(kind.name))
        return replace(deal, listed=labels)
    rules = maker.rules(table)
    if column.name not in rules.columns:
        return replace(deal, start=1, step=1) if not _counts(kind) else _stepped(column, kind, deal)
    if kind.base in TIMES:
        return None

    def passes(value: Value) -> bool:
        try:
            maker.draft(table, 0, {column.name: value}, optional=True)
        except Unsatisfiable:
            return False
        return value is not None

    listed = sorted(rules.listed(column.name))[:_LABELS]
    if kind.base in TEXTS and len(listed) > 1:
        able = tuple(value for value in listed if passes(value))
        if len(able) > 1:
            return replace(deal, listed=able)
    for tried in _ways(column, kind, deal, kinds):
        scale = plain_scale(column, kind, tried, kinds)
        if scale is not None and all(passes(v) for v in _some(scale, kind, kinds)):
            return tried
    return None


def _counts(kind: ColumnType) -> bool:
    return kind.base == "numeric"


def _ways(column: Column, kind: ColumnType, deal: Deal, kinds: int) -> Iterator[Deal]:
    if kind.base not in {*WIDTHS, "numeric", "float4", "float8"}:
        yield deal
        return
    unit = 10 ** scale_of(column)
    yield _stepped(column, kind, deal)
    for start, step in ((1, 1), (0, 1), (unit, unit), (0, unit), (-kinds, 1)):
        yield replace(deal, start=start, step=step)


def _stepped(column: Column, kind: ColumnType, deal: Deal) -> Deal:
    """Let decimals have as many digits as their width says."""
    width = deal.statistics.width
    if kind.base != "numeric" or not width:
        return deal
    decimals = scale_of(column)
    groups = max((width - _HEADER + 1) // _PER_GROUP, 1)
    after = -(-decimals // 4)
    whole = groups - after if groups > after else groups
    step = 1 if groups > after or not decimals else 10**decimals
    start = 10**decimals * (10 ** (4 * (whole - 1)) if whole > 1 else 1)
    if kind.precision is not None and len(str(start)) > kind.precision:
        start = 1
    return replace(deal, start=start + (step == 1), step=step)


def _some(scale: Scale, kind: ColumnType, kinds: int) -> list[str | None]:
    """Return the first value of a scale, one from the middle, and the last."""
    places = np.unique(np.asarray([0, kinds // 2, kinds - 1], np.int64))
    found = []
    for place in places:
        cells = scale.cells(np.asarray([place], np.int64))
        found.append(text_of_field(kind.base, cells))
    return found


def plain_scale(column: Column, kind: ColumnType, deal: Deal, kinds: int) -> Scale | None:
    """Return the scale of a type for which neither times nor known values are needed."""
    statistics = deal.statistics
    if kind.base in {*WIDTHS, "numeric", "float4", "float8"}:
        return Steps(kind, kinds, deal.start, deal.step, scale_of(column))
    if kind.base == "bool":
        return Flags() if kinds > 1 else Flags((column.default == "true",))
    if kind.base == "uuid":
        return Identifiers(key_of(column.name, "uuid"), kinds)
    even = sum(statistics.common) > _EVEN
    if kind.base in ("json", "jsonb"):
        return documents(
            column.name, kinds, statistics.width, binary=kind.base == "jsonb", even=even
        )
    if kind.base in TEXTS:
        return _texts(column, kind, statistics, kinds, even=even)
    return None


def _texts(
    column: Column, kind: ColumnType, statistics: ColumnStatistics, kinds: int, *, even: bool
) -> Passages:
    order = statistics.correlation
    return texts(
        column.name,
        kinds,
        statistics.width,
        kind.length,
        ordered=order is not None and abs(order) > _LITTLE_ORDER,
        even=even,
    )


@dataclass(kw_only=True)
class Scaler:
    """Makes the producers of dealt columns, once sizes are known."""

    maker: RowMaker
    wire: Wire
    seed: int

    def ranked(self, column: Column, deal: Deal, part: Part, calendar: Calendar) -> Ranked:
        """Return what makes a column of a section."""
        table = part.table
        kind = self.maker.types.base_type(column.type)
        statistics = deal.statistics
        key = key_of(self.seed, table.table.name, part.name, column.name, "dealt")
        unique = statistics.distinct == -1 and not statistics.common
        rows = table.rows if unique else part.rows
        held = part.rows - round(statistics.null * part.rows)
        kinds = max(1, held if unique else round(statistics.kinds(part.rows)))
        kinds = min(kinds, _capacity(column, kind, deal))
        if deal.listed or (statistics.values and kind.base != "bool"):
            return self._known(column, deal, part, kinds, calendar)
        places = _flags(statistics, column, kinds) if kind.base == "bool" else None
        scale = self._scale(column, kind, deal, rows if unique else kinds, calendar)
        dealing = Dealing.of(statistics, part.rows, key, kinds, places)
        return Ranked(dealing, scale, part.offset if unique else 0)

    def _scale(
        self, column: Column, kind: ColumnType, deal: Deal, kinds: int, calendar: Calendar
    ) -> Scale:
        knots = self._knots(column, kind, deal.statistics)
        if kind.base in TIMES:
            quantum = quantum_of(column, self.maker.types)
            return Moments(kind, kinds, calendar, quantum, knots)
        scale = plain_scale(column, kind, deal, kinds)
        assert scale is not None, "the planner lets no other type through"
        if isinstance(scale, Steps) and knots is not None:
            scale.knots = knots
        return scale

    def _knots(
        self, column: Column, kind: ColumnType, statistics: ColumnStatistics
    ) -> np.ndarray | None:
        """Return the bounds of a histogram as numbers, where they are known."""
        if len(statistics.bounds) < 2:  # noqa: PLR2004 - two ends
            return None
        return self._numbers(column, kind, statistics.bounds)

    def _numbers(
        self, column: Column, kind: ColumnType, values: Sequence[str]
    ) -> np.ndarray | None:
        """Return values of numbers in units of their scale, of times in microseconds."""
        if kind.base in TIMES:
            written = self._written(column, values)
            return np.asarray([times_of(o or b"", kind.base) for _, o in written], np.float64)
        if kind.base in {*WIDTHS, "numeric", "float4", "float8"}:
            decimals = scale_of(column)
            written = self._written(column, values)
            return np.asarray([float(Decimal(t or "0").scaleb(decimals)) for t, _ in written])
        return None

    def _written(self, column: Column, values: Sequence[str]) -> list[Written]:
        return self.wire.written({column.name: (column, list(values))})[column.name]

    def _known(
        self,
        column: Column,
        deal: Deal,
        part: Part,
        kinds: int,
        calendar: Calendar,
    ) -> Ranked:
        """Return what makes a column of values that are known one by one, at least the common."""
        statistics = deal.statistics
        kind = self.maker.types.base_type(column.type)
        key = key_of(self.seed, part.table.table.name, part.name, column.name, "dealt")
        values = statistics.values
        first = [*values, *([] if values else [_default(column)]), *deal.listed]
        able = set(deal.listed)
        wanted = [v for v in dict.fromkeys(first) if not able or v in able][:kinds]
        if able:
            kinds = min(kinds, len(wanted))
        written = self._written(column, wanted)
        octets = [o or b"" for _, o in written]
        rank = self._rank(column, deal, wanted)
        if kinds <= len(wanted):
            ordered = tuple(octets[i] for i in np.argsort(rank, kind="stable"))
            dealing = Dealing.of(statistics, part.rows, key, kinds, [int(r) for r in rank])
            return Ranked(dealing, Listed(ordered))
        others = kinds - len(wanted)
        knots, own = self._knots(column, kind, statistics), self._numbers(column, kind, wanted)
        if knots is not None and own is not None:  # as many others are below as the bounds say
            below = np.interp(own, knots, np.linspace(0, others, len(knots)))
            places = np.asarray(rank) + np.round(below).astype(np.int64)
        else:  # evenly among the others, in their order
            places = (np.asarray(rank) * 2 + 1) * kinds // (2 * len(wanted))
        rest = self._scale(column, kind, deal, others, calendar)
        dealing = Dealing.of(statistics, part.rows, key, kinds, [int(p) for p in places])
        return Ranked(dealing, Listed(tuple(octets), places, rest))

    def _rank(self, column: Column, deal: Deal, values: Sequence[str]) -> list[int]:
        """Return the place of each value in the order of them, as the server sorts."""
        if deal.listed and all(v in deal.listed for v in values):
            order = sorted(values, key=deal.listed.index)
            return [order.index(v) for v in values]
        return self.wire.ranks(column, values)


def _flags(statistics: ColumnStatistics, column: Column, kinds: int) -> list[int] | None:
    """Return where the common values of a boolean stand: false 0, true 1."""
    if kinds < 2:  # noqa: PLR2004 - true and false
        return None
    if statistics.values:
        return [int(value == "t") for value in statistics.values]
    usual = int(column.default == "true")
    return [usual, 1 - usual]


def _default(column: Column) -> str:
    """Return the value of a default that is a literal; the most common one, for all one knows."""
    text = column.default or ""
    return text.split("'")[1] if text.startswith("'") else text


def _capacity(column: Column, kind: ColumnType, deal: Deal) -> int:
    if kind.base == "bool":
        return 2
    if kind.base == "int2":
        return (2**15 - 1 - abs(deal.start)) // deal.step
    if kind.base == "numeric" and kind.precision is not None:
        return max(int((10**kind.precision - 1 - abs(deal.start)) // deal.step), 1)
    if kind.base in TEXTS and kind.length is not None:
        return int(36 ** min(kind.length, 12))
    del column
    return 1 << 40
