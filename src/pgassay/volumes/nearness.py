"""How near a volume came to its profile: each statistic as asked, as got, and its tolerance.

Tolerances widen where there are few rows, to three standard errors of a draw of so many.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pgassay.core.nearness import ColumnNearness, Measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statistics import ColumnStatistics, DatabaseStatistics, TableStatistics
    from pgassay.volumes.profile import Profile, TableVolume

ROWS = 0.01
NULL = 0.01
DISTINCT = 0.10
FREQUENCY, FREQUENCY_SHARE = 0.01, 0.10
CORRELATION = 0.10
WIDTH, WIDTH_SHARE = 2.0, 0.15
PARTITION = 0.01
DEGREE = 0.10
TOP = 10
"""How many of the most common values are compared; the tolerances are in docs/profiles.md."""

Yields = Mapping[str, Mapping[str, str]]


def compare(
    profile: Profile, found: DatabaseStatistics, catalog: Catalog, yields: Yields | None = None
) -> Iterator[ColumnNearness]:
    """Yield for each table and column that the profile speaks of how near it came.

    Args:
        profile: what was asked.
        found: what ANALYZE found in the volume.
        catalog: of the system; references scale with the table they lead to.
        yields: why statistics gave way, by table and column.
    """
    known = {table.name: table for table in found.tables}
    for name, volume in profile.tables.items():
        if name in known and any(section.statistics for section in volume.sections):
            table = catalog.table(name)
            gave = (yields or {}).get(str(name), {})
            yield from _Table(profile, found, known[name], table, volume).all(gave)


class _Table:
    def __init__(
        self,
        profile: Profile,
        found: DatabaseStatistics,
        got: TableStatistics,
        table: Table,
        volume: TableVolume,
    ) -> None:
        self._profile, self._table, self._volume, self._got = profile, table, volume, got
        leaves = found.partitions_of(got.name) if got.divided else (got,)
        self._leaves = {leaf.name.label: leaf.rows or 0.0 for leaf in leaves}
        self._rows = sum(self._leaves.values())
        self._scale = 1.0 if volume.fixed else profile.scale

    def all(self, gave: Mapping[str, str]) -> Iterator[ColumnNearness]:
        label = str(self._table.name)
        yield ColumnNearness(table=label, column=None, measures=tuple(self._whole()))
        got = {column.name: column.statistics for column in self._got.columns}
        for name, asked in self._volume.sections[0].statistics.items():
            statistics = got.get(name)
            if statistics is not None:
                yield ColumnNearness(
                    table=label,
                    column=name,
                    measures=tuple(self._column(name, asked, statistics)),
                    yields=gave.get(name),
                )

    def _whole(self) -> Iterator[Measure]:
        rows = [section.rows for section in self._volume.sections]
        if all(one is not None for one in rows):
            asked = sum(one or 0 for one in rows) * self._scale
            yield Measure("rows", asked, self._rows, max(ROWS * asked, 1))
        for leaf, share in self._volume.partitions.items():
            if self._rows and leaf in self._leaves:
                got = self._leaves[leaf] / self._rows
                yield Measure(f"rows of {leaf}", share, got, PARTITION)
        for joint in self._volume.together:
            yield from self._joint(joint.columns, joint.distinct, joint.decides, joint.degree)

    def _joint(
        self,
        columns: tuple[str, ...],
        distinct: float | None,
        decides: str | None,
        degree: float | None,
    ) -> Iterator[Measure]:
        for one in self._got.together:
            if distinct is not None and columns in one.distinct:
                asked = min(distinct if distinct > 0 else -distinct * self._rows, self._rows)
                got = one.distinct[columns]
                got = got if got > 0 else -got * self._rows
                yield Measure(f"distinct {', '.join(columns)}", asked, got, DISTINCT * asked)
            if decides is not None and one.readable and {*columns, decides} <= set(one.columns):
                got = one.dependencies.get((*columns, decides), 0.0)
                yield Measure(f"{', '.join(columns)} => {decides}", degree or 0.0, got, DEGREE)

    def _column(
        self, name: str, asked: ColumnStatistics, got: ColumnStatistics
    ) -> Iterator[Measure]:
        noise = 3 / math.sqrt(max(self._rows * (1 - asked.null), 1))
        yield Measure("null", asked.null, got.null, max(NULL, noise * _deviation(asked.null)))
        wanted = self._kinds(name, asked)
        if wanted:
            yield Measure("distinct", wanted, got.kinds(self._rows), max(DISTINCT * wanted, 1))
        if asked.common:
            worst = max(
                _top(asked, got, wanted, got.kinds(self._rows)),
                key=lambda one: abs(one[0] - one[1]) / _frequency(one[0], noise),
            )
            yield Measure("common", *worst, _frequency(worst[0], noise))
        if asked.correlation is not None and got.correlation is not None:
            yield Measure(
                "correlation", asked.correlation, got.correlation, max(CORRELATION, noise)
            )
        if asked.width:
            allowed = max(WIDTH, WIDTH_SHARE * asked.width)
            yield Measure("width", asked.width, got.width, allowed)

    def _kinds(self, name: str, asked: ColumnStatistics) -> float:
        """Return how many different values are asked for at the volume's size."""
        target = self._target(name)
        stated = self._profile.tables.get(target) if target is not None else None
        if stated is None or asked.distinct <= 0:
            return asked.kinds(self._rows)
        scale = 1.0 if stated.fixed else self._profile.scale
        parents = sum(section.rows or 0 for section in stated.sections) * scale
        return min(asked.distinct * scale, parents or asked.distinct, asked.kinds(self._rows))

    def _target(self, name: str) -> QualifiedName | None:
        for key in self._table.foreign_keys:
            if key.columns == (name,):
                return key.references
        return None


def _top(
    asked: ColumnStatistics, got: ColumnStatistics, wanted: float, held: float
) -> Iterator[tuple[float, float]]:
    """Yield the frequencies of the most common values, as asked and got, by rank.

    A list may end early, as ANALYZE leaves out what is no more common than the rest is on average.
    """
    for rank in range(min(TOP, max(len(asked.common), len(got.common)))):
        yield _at(asked, rank, wanted), _at(got, rank, held)


def _at(statistics: ColumnStatistics, rank: int, kinds: float) -> float:
    if rank < len(statistics.common):
        return statistics.common[rank]
    others = kinds - len(statistics.common)
    left = max(1 - statistics.null - sum(statistics.common), 0.0)
    return left / others if others >= 1 else 0.0


def _frequency(asked: float, noise: float) -> float:
    return max(FREQUENCY, FREQUENCY_SHARE * asked, noise * _deviation(asked))


def _deviation(share: float) -> float:
    return math.sqrt(share * (1 - share))
