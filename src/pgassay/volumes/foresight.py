"""What ANALYZE would find in a volume, from as many rows as it would read, and without a server.

Any row of a volume can be made alone. Small tables are looked at in full, as they are analysed in
full; of others a sample is drawn at random, and the number of different values follows by the
estimator that ANALYZE uses (Haas and Stokes; `compute_distinct_stats` in PostgreSQL's analyze.c).
Tables too large to be analysed in full get the sample that ANALYZE draws, so that what it misjudges
is misjudged here as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from pgassay.core.foresight import ColumnForeseen, Foresight, RelationForeseen
from pgassay.volumes.cells import NULL, Fixed, Varying
from pgassay.volumes.columns import TEXTS, TIMES
from pgassay.volumes.draws import key_of
from pgassay.volumes.world import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from pgassay.core.catalog import ColumnType
    from pgassay.volumes.cells import Cells, Flags
    from pgassay.volumes.draws import Numbers, Words
    from pgassay.volumes.volume import Run, Volume
    from pgassay.volumes.world import Part

    Ranks = npt.NDArray[np.integer[Any]]

IN_FULL = 3_000_000
"""Rows up to which a load lets ANALYZE read all of them."""
SAMPLE = 200_000
"""Rows that are looked at, of tables that are read in full."""
USUAL_SAMPLE = 30_000
"""Rows that ANALYZE reads otherwise: 300 for each unit of `default_statistics_target`."""
_TARGET = 100  # default_statistics_target
_SIGNED = frozenset(["int2", "int4", "int8", *TIMES])
_MIX = np.uint64(0x9E3779B97F4A7C15)
_WORD = 8
_ALL_BITS = (1 << 64) - 1


def foresee(volume: Volume, *, collated: bool = True) -> Foresight:
    """Return what ANALYZE would find in each relation of a volume.

    Args:
        volume: as a profile describes it; none of it need be loaded.
        collated: whether the database sorts text by its bytes.
    """
    found: Foresight = {}
    for runs in volume.by_root():
        looks = [_look(run, _drawn(run.stream.rows)) for run in runs]
        for run, look in zip(runs, looks, strict=True):
            found[run.stream.relation] = _foreseen([look], run.stream.rows, collated=collated)
        first = runs[0].stream
        if len(runs) > 1 or first.relation != first.root:
            rows = sum(run.stream.rows for run in runs)
            share = min(1.0, _drawn(rows) / max(sum(look.rows for look in looks), 1))
            some = [
                _look(run, int(look.rows * share)) if share < 1 else look
                for run, look in zip(runs, looks, strict=True)
            ]
            found[first.root] = _foreseen(some, rows, collated=collated)
    return found


def _drawn(rows: int) -> int:
    return min(rows, SAMPLE if rows <= IN_FULL else USUAL_SAMPLE)


@dataclass(frozen=True, slots=True)
class _Look:
    """Some rows in the order in which they stand: how many, and each column by section."""

    rows: int
    order: Numbers
    columns: dict[str, tuple[ColumnType, list[Cells]]]


def _look(run: Run, most: int) -> _Look:
    """Make rows of a stream, drawn at random but in their order."""
    stream = run.stream
    draw = np.random.default_rng(key_of(str(stream.relation), "foresight"))
    columns: dict[str, tuple[ColumnType, list[Cells]]] = {}
    chunks: list[Numbers] = []
    for part, (first, end) in zip(run.table.parts, run.spans, strict=True):
        size = end - first
        if size <= 0:
            continue
        local = np.arange(first, end, dtype=np.int64)
        if most < stream.rows:
            wanted = max(1, round(most * size / stream.rows))
            local = first + np.unique(draw.integers(0, size, wanted))
        rows = Rows(part, local)
        # A chunk has its share of each section, one behind the other.
        chunks.append((local - first) * max(stream.chunks, 1) // size)
        for name, cells in _cells(part, rows, stream.columns):
            type_ = run.table.table.column(name).type
            columns.setdefault(name, (type_, []))[1].append(cells)
    whole = np.concatenate(chunks) if chunks else np.zeros(0, np.int64)
    order = np.argsort(whole, kind="stable")
    complete = {name: one for name, one in columns.items() if len(one[1]) == len(chunks)}
    return _Look(len(whole), order, complete)


def _cells(part: Part, rows: Rows, names: Sequence[str]) -> Iterator[tuple[str, Cells]]:
    """Yield the columns of rows: those that are computed, and their content."""
    for name, producer in part.columns.items():
        if name in names:
            yield name, producer.cells(rows)
    pool = part.pool
    if pool is None or not pool.columns:
        return
    drawn = pa.array(pool.drawn(rows))
    for name, cells in zip(pool.columns, _split(pool.joined, len(pool.columns)), strict=True):
        yield name, Varying(cells.take(drawn))


def _split(joined: pa.BinaryArray, fields: int) -> list[pa.BinaryArray]:
    """Return the cells of each column of a pool, in which they stand one behind the other."""
    columns: list[list[bytes]] = [[] for _ in range(fields)]
    for whole in joined.to_pylist():
        at = 0
        for column in columns:
            end = at + 4 + max(int.from_bytes(whole[at : at + 4], "big", signed=True), 0)
            column.append(whole[at:end])
            at = end
    return [pa.array(column, pa.binary()) for column in columns]


def _foreseen(looks: Sequence[_Look], rows: int, *, collated: bool) -> RelationForeseen:
    looks = [look for look in looks if look.rows]
    seen = sum(look.rows for look in looks)
    columns = {}
    for name, (type_, _) in looks[0].columns.items() if looks else ():
        if any(name not in look.columns for look in looks):
            continue  # content in one section, and computed in another
        codes, present = _gathered(looks, name)
        ranks = _ranked(looks, name, type_, collated=collated)
        ranks = None if ranks is None else ranks[present]
        columns[name] = _column(codes[present], ranks, seen, rows)
    return RelationForeseen(rows=rows, columns=columns)


def _gathered(looks: Sequence[_Look], name: str) -> tuple[Words, Flags]:
    """Return what stands for the values of a column, in the order of the rows; which are there."""
    codes: list[Words] = []
    present: list[Flags] = []
    for look in looks:
        found = [_coded(cells) for cells in look.columns[name][1]]
        codes.append(np.concatenate([some for some, _ in found])[look.order])
        present.append(np.concatenate([there for _, there in found])[look.order])
    return np.concatenate(codes), np.concatenate(present)


def _column(codes: Words, ranks: Ranks | None, seen: int, rows: int) -> ColumnForeseen:
    """Return what rows tell of a column.

    Args:
        codes: what stands for each value that is not NULL.
        ranks: the same in the order of the type.
        seen: how many rows were looked at, those with NULL too.
        rows: how many there are.
    """
    if not len(codes):
        return ColumnForeseen(distinct=0.0, null=1.0)
    _, counts = np.unique(codes, return_counts=True)
    correlation = None
    if ranks is not None and len(ranks) > 1:
        order = np.argsort(ranks, kind="stable").astype(np.float64)
        place = np.arange(len(order), dtype=np.float64)
        correlation = float(np.corrcoef(place, order)[0, 1])
    present = len(codes)
    distinct = _distinct(len(counts), int((counts == 1).sum()), present, present * rows / seen)
    common = _common(counts, distinct, present, seen, rows)
    null = 1 - present / seen
    return ColumnForeseen(distinct=distinct, common=common, correlation=correlation, null=null)


def _common(
    counts: Numbers, distinct: float, present: int, seen: int, rows: int
) -> tuple[float, ...]:
    """Return the shares of the values that ANALYZE would keep as common (`analyze_mcv_list`)."""
    top = np.sort(counts[counts > 1])[::-1][:_TARGET].astype(np.float64)
    number = len(top)
    if rows > IN_FULL and number < len(counts):
        # One is kept if it is more frequent than the rest by twice the error of the sample.
        others = present - np.concatenate([[0.0], np.cumsum(top)[:-1]])
        kinds = np.maximum(distinct - np.arange(number), 1.0)
        most = rows * top / seen
        variance = seen * most * (rows - most) * (rows - seen) / (float(rows) ** 2 * (rows - 1))
        kept = np.flatnonzero(top > others / kinds + 2 * np.sqrt(np.maximum(variance, 0)) + 0.5)
        number = int(kept[-1]) + 1 if len(kept) else 0
    return tuple((top[:number] / seen).tolist())


def _distinct(kinds: int, once: int, seen: int, rows: float) -> float:
    """Return how many different values so many rows have.

    Args:
        kinds: different values among the rows seen.
        once: how many of them were seen once.
        seen: rows that were looked at.
        rows: all of them.
    """
    if seen >= rows or not once:
        return float(kinds)
    if once == seen:
        return rows
    return min(max(seen * kinds / (seen - once + once * seen / rows), kinds), rows)


def _coded(cells: Cells) -> tuple[Words, Flags]:
    """Return numbers that stand for values, and which are not NULL."""
    if isinstance(cells, Fixed):
        size = len(cells.octets)
        present = np.ones(size, np.bool_) if cells.nulls is None else ~cells.nulls
        words = _words(cells)
        codes = words[:, 0].copy()
        for at in range(1, words.shape[1]):
            codes = ((codes ^ (codes >> np.uint64(29))) * _MIX) ^ words[:, at]
        return codes, present
    dictionary = cells.cells.dictionary_encode()
    values = dictionary.dictionary.to_pylist()
    own = np.asarray([hash(value) & _ALL_BITS for value in values], np.uint64)
    empty = np.asarray([value == NULL for value in values], np.bool_)
    which = np.asarray(dictionary.indices)
    return own[which], ~empty[which]


def _words(cells: Fixed) -> Words:
    """Return values of one width as numbers, so many a value, that sort as their bytes do."""
    size, width = cells.octets.shape
    whole = max(-(-width // _WORD), 1)
    padded = np.zeros((size, whole * _WORD), np.uint8)
    padded[:, :width] = cells.octets
    return padded.view(">u8").astype(np.uint64).reshape(size, whole)


def _ranked(
    looks: Sequence[_Look], name: str, type_: ColumnType, *, collated: bool
) -> Ranks | None:
    """Return numbers in the order of a column's values; None where that is not known here."""
    text = type_.base in TEXTS
    if not (type_.base in {*_SIGNED, "uuid", "bool", "bytea"} or (text and collated)):
        return None
    every = [cells for look in looks for cells in look.columns[name][1]]
    found: list[Ranks]
    if all(isinstance(cells, Fixed) for cells in every):
        flip = np.uint64(1 << 63) if type_.base in _SIGNED else np.uint64(0)
        found = [_words(cells)[:, 0] ^ flip for cells in every if isinstance(cells, Fixed)]
    elif text and all(isinstance(cells, Varying) for cells in every):
        encoded = [c.cells.dictionary_encode() for c in every if isinstance(c, Varying)]
        lists = [one.dictionary.to_pylist() for one in encoded]
        order = sorted({value for values in lists for value in values}, key=lambda v: v[4:])
        place = {value: number for number, value in enumerate(order)}
        found = [
            np.asarray([place[value] for value in values], np.int64)[np.asarray(one.indices)]
            for one, values in zip(encoded, lists, strict=True)
        ]
    else:
        return None
    ordered: list[Ranks] = []
    at = 0
    for look in looks:
        end = at + len(look.columns[name][1])
        ordered.append(np.concatenate(found[at:end])[look.order])
        at = end
    ranks: Ranks = np.concatenate(ordered)
    return ranks
