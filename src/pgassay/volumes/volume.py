"""The volume: streams of chunks in COPY's binary format, any of them at any time.

A table that is divided by time is a stream for each partition, as the calendar says which rows
fall there; one that is divided in another way is a single stream through its root.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pgassay.core.volume import Chunk, Stream
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.volumes.builder import Builder
from pgassay.volumes.planner import Planner
from pgassay.volumes.pooling import PoolMaker
from pgassay.volumes.sample import verify
from pgassay.volumes.shape import birth_of
from pgassay.volumes.span import slices
from pgassay.volumes.tuples import columns_of, tuples
from pgassay.volumes.world import Rows, Rowset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Catalog
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Session
    from pgassay.rows.maker import RowMaker, RowSource
    from pgassay.volumes.profile import Profile
    from pgassay.volumes.world import Part

CHUNK = 32_768
"""Rows of a chunk: enough for arrays to pay, little enough to stay in the cache."""


@dataclass(frozen=True)
class Run:
    """A stream and the rows of each section that it has: first and end."""

    stream: Stream
    table: Rowset
    spans: tuple[tuple[int, int], ...]


class Volume:
    """A `core.volume.VolumeSource`; it can be pickled.

    Attributes:
        yields: why statistics that the profile states give way, by table and column.
    """

    def __init__(
        self,
        tables: Mapping[QualifiedName, Rowset],
        built: Catalog,
        yields: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.tables = tables
        self.yields = dict(yields or {})
        self._runs = [run for table in tables.values() for run in _runs(table, built)]
        self._by_relation = {run.stream.relation: run for run in self._runs}

    def streams(self) -> Sequence[Stream]:
        """Return what there is to load, parents before children."""
        return [run.stream for run in self._runs]

    def chunk(self, stream: Stream, number: int) -> Chunk:
        """Return piece `number` of a stream, counted from 0."""
        run = self._by_relation[stream.relation]
        pieces: list[memoryview] = []
        rows = 0
        for part, (first, end) in zip(run.table.parts, run.spans, strict=True):
            low = first + (end - first) * number // stream.chunks
            high = first + (end - first) * (number + 1) // stream.chunks
            if high > low:
                local = np.arange(low, high, dtype=np.int64)
                pieces.append(tuples(part, local, stream.columns))
                rows += high - low
        return Chunk(rows=rows, payload=pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def by_root(self) -> list[list[Run]]:
        """Return the streams of each table together, with the rows of each section that they have.

        Tables that are divided may have none.
        """
        found: dict[QualifiedName, list[Run]] = {}
        for run in self._runs:
            found.setdefault(run.stream.root, []).append(run)
        return list(found.values())

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables.values())


def make_volume(
    profile: Profile,
    *,
    maker: RowMaker,
    ask: Session,
    built: Catalog,
    sources: Mapping[QualifiedName, RowSource] | None = None,
    seed: int | None = None,
) -> Volume:
    """Return the volume that a profile describes.

    Args:
        profile: what is asked for.
        maker: makes single valid rows of the contract, factories included.
        ask: a session on a database that holds the contract.
        built: the catalog of the database to be filled; it says which partitions there are.
        sources: factories, by table; the same that the maker was given.
        seed: decides all that is random, unless the profile names its own.

    Raises:
        ConfigError: the profile asks for what cannot be.
        Unsatisfiable: no row passes a CHECK, which is named.
    """
    chosen = profile.seed if profile.seed is not None else (seed or 0)
    pools = PoolMaker(maker, ask, sources or {}, chosen, built)
    gave: dict[str, dict[str, str]] = {}
    while True:
        planner = Planner(maker.catalog, profile, maker)
        builder = Builder(
            planner=planner,
            profile=profile,
            built=built,
            maker=maker,
            pools=pools,
            seed=chosen,
        )
        try:
            tables = builder.build()
            verify(tables.values(), maker, ask)
            break
        except Unsatisfiable as refusal:
            profile = _yielding(profile, refusal, maker, gave)
    for name, plan in planner.tables.items():
        for section in plan.sections:
            gave.setdefault(str(name), {}).update(section.yields)
    return Volume(tables, built, {name: reasons for name, reasons in gave.items() if reasons})


def _yielding(
    profile: Profile, refusal: Unsatisfiable, maker: RowMaker, gave: dict[str, dict[str, str]]
) -> Profile:
    """Return the profile without the statistics of the columns that a CHECK looks at.

    A scale is put to a CHECK with a few of its values, and a sample of the rows may still be
    refused. Each time there are fewer statistics, so this ends.

    Raises:
        Unsatisfiable: the refusal, where no statistics are to blame.
    """
    for name, volume in profile.tables.items():
        rules = maker.rules(maker.table(name)).rules if str(name) == refusal.where else ()
        ruled = {c for rule in rules if rule.name == refusal.constraint for c in rule.columns}
        blamed = ruled & {c for section in volume.sections for c in section.statistics}
        if not blamed:
            continue
        sections = tuple(
            replace(
                section,
                statistics={c: s for c, s in section.statistics.items() if c not in blamed},
            )
            for section in volume.sections
        )
        reason = f"the CHECK {refusal.constraint}"
        gave.setdefault(str(name), {}).update(dict.fromkeys(blamed, reason))
        return replace(profile, tables={**profile.tables, name: replace(volume, sections=sections)})
    raise refusal


def _runs(table: Rowset, built: Catalog) -> list[Run]:
    columns = columns_of(table)
    name = table.table.name
    birth = birth_of(table.table)
    parts = slices(table.table, built, birth.name) if birth else []
    if not parts or any(part.placed.grouping is not None for part in table.parts):
        spans = tuple((0, part.rows) for part in table.parts)
        return [_run(table, name, columns, spans)]
    runs = []
    for low, high, relation in parts:
        spans = tuple((_before(part, low), _before(part, high)) for part in table.parts)
        if any(end > first for first, end in spans):
            runs.append(_run(table, relation, columns, spans))
    return runs


def _run(
    table: Rowset,
    relation: QualifiedName,
    columns: tuple[str, ...],
    spans: tuple[tuple[int, int], ...],
) -> Run:
    rows = sum(end - first for first, end in spans)
    stream = Stream(
        relation=relation,
        root=table.table.name,
        columns=columns,
        rows=rows,
        chunks=-(-rows // CHUNK),
    )
    return Run(stream, table, spans)


def _before(part: Part, time: int) -> int:
    """Return how many rows of a section by the calendar came about before a time."""
    low, high = 0, part.rows
    while low < high:
        middle = (low + high) // 2
        born = Rows(part, np.asarray([middle], np.int64)).times[0]
        low, high = (middle + 1, high) if born < time else (low, middle)
    return low
