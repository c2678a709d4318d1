"""A snapshot brought to the size that a profile says, table by table.

Multiplying lets everything grow alike. A profile has proportions of its own, and whoever makes its
rows knows how many different values they will have and how frequent those are (`core.foresight`).
What nobody foresees stays as it was measured: widths, and the values themselves.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.snapshot import MOST_BLOCKS, Held
from pgassay.staging.scaling import grown
from pgassay.staging.sizing import btree_pages, height, kinds_of, widths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.foresight import ColumnForeseen, Foresight, RelationForeseen
    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import ColumnSeen, IndexSeen, RelationSeen, Snapshot
    from pgassay.core.statistics import ColumnStatistics

_SHARE_OF_ROWS = 0.1  # more different values than that are told as a share (analyze.c)
_ALIKE = 0.03  # what is measured stays where the foresight says nearly the same
_FEW_PAGES = 4  # so few say little of how full a page is
_WORD = re.compile(r"[^\W\d][\w$]*")
_TUPLE = 28  # bytes of a tuple's header and item pointer (Database Page Layout)
_USABLE = 8192 - 24
_UNKNOWN_WIDTH = 16


def resized(snapshot: Snapshot, foresight: Foresight) -> tuple[Snapshot, tuple[str, ...]]:
    """Return a snapshot as it would be taken of another volume, and what is not foreseen of it.

    Args:
        snapshot: of a volume of the same schema.
        foresight: of the other volume.
    """
    by_name = {relation.name: relation for relation in snapshot.relations}
    roots = {name: _root(name, by_name) for name in by_name}
    kept: list[str] = []
    found = []
    for relation in snapshot.relations:
        ahead = foresight.get(relation.name)
        if ahead is None and roots[relation.name] in foresight:
            found.append(_emptied(relation))
        elif ahead is None or relation.kind not in (Held.TABLE, Held.PARTITIONED):
            if relation.rows > 0:
                kept.append(str(relation.name))
            found.append(relation)
        else:
            start = relation
            if relation.rows <= 0 < ahead.rows and relation.kind is Held.TABLE:
                siblings = (r for r in snapshot.relations if r.parent == relation.parent)
                start = _started(relation, siblings, ahead.rows)
            found.append(_resized(start, ahead))
    return replace(snapshot, relations=tuple(found)), tuple(kept)


def _root(name: QualifiedName, by_name: dict[QualifiedName, RelationSeen]) -> QualifiedName:
    parent = by_name[name].parent
    return name if parent is None or parent not in by_name else _root(parent, by_name)


def _resized(relation: RelationSeen, ahead: RelationForeseen) -> RelationSeen:
    before = max(relation.rows, 0.0)
    if before == 0:
        return relation if relation.kind is Held.PARTITIONED else replace(relation, rows=0.0)
    if ahead.rows == 0:
        return _emptied(relation)
    larger = grown(relation, ahead.rows / before)
    if relation.kind is Held.TABLE:
        blocks = _blocks(relation, ahead.rows)
        visible = blocks if relation.visible >= relation.pages else larger.visible
        larger = replace(larger, blocks=blocks, pages=blocks, visible=visible)
    columns = tuple(
        replace(
            column,
            statistics=tuple(
                _foreseen(s, ahead.columns[column.name], before, ahead.rows)
                for s in column.statistics
            ),
        )
        if column.name in ahead.columns
        else column
        for column in relation.columns
    )
    larger = replace(larger, rows=float(ahead.rows), columns=columns)
    indexes = (
        _index(was, index, relation, larger)
        for was, index in zip(relation.indexes, larger.indexes, strict=True)
    )
    return replace(larger, indexes=tuple(indexes))


def _blocks(relation: RelationSeen, rows: int) -> int:
    """Return the pages of so many rows: as full as they were; by their width if that was one."""
    if relation.blocks > _FEW_PAGES:
        # The last page is half full, on average.
        blocks = math.ceil((relation.blocks - 0.5) * rows / relation.rows + 0.5)
        return min(blocks, MOST_BLOCKS)
    wide = sum(s.width * (1 - s.null) for c in relation.columns for s in c.statistics[:1])
    each = _TUPLE + 8 * math.ceil(wide / 8)
    return math.ceil(rows / max(_USABLE // each, 1))


def _foreseen(
    found: ColumnStatistics, ahead: ColumnForeseen, before: float, rows: int
) -> ColumnStatistics:
    """Return the statistics of a column as ANALYZE would find them."""
    had = found.kinds(before)
    if ahead.correlation is not None and found.correlation is not None:
        found = replace(found, correlation=max(-1.0, min(1.0, ahead.correlation)))
    if ahead.null is not None:
        found = replace(found, null=min(max(ahead.null, 0.0), 1.0))
    if ahead.width:
        found = replace(found, width=ahead.width)
    unique = found.distinct < 0 and not found.common and found.kinds(1.0) >= 1 - found.null
    if unique and ahead.distinct >= rows * (1 - found.null) * (1 - _ALIKE):
        return found
    if abs(ahead.distinct - had) > _ALIKE * had or found.distinct < 0 or ahead.stated:
        share = ahead.distinct / rows
        full = 1 - found.null
        if full and share >= full * (1 - _ALIKE):
            share = full  # every value differs
        distinct = -share if share > _SHARE_OF_ROWS else max(1.0, round(ahead.distinct))
        found = replace(found, distinct=distinct)
    if len(ahead.common) > len(found.values):
        found = _more_common(found, len(ahead.common))
    common = ahead.common[: len(found.values)]
    return replace(found, common=common, values=found.values[: len(common)])


def _more_common(found: ColumnStatistics, wanted: int) -> ColumnStatistics:
    """Return statistics with as many common values as wanted, taken from among the bounds."""
    inner = found.bounds[1:-1]
    more = min(wanted - len(found.values), len(inner))
    step = len(inner) / more if more else 0
    chosen = {int(step * (k + 0.5)) for k in range(more)}
    bounds = tuple(b for k, b in enumerate(found.bounds, -1) if k not in chosen)
    return replace(
        found,
        values=(*found.values, *(inner[k] for k in sorted(chosen))),
        bounds=bounds,
        bins=len(bounds),
    )


def _index(
    was: IndexSeen,
    index: IndexSeen,
    before: RelationSeen,
    after: RelationSeen,
) -> IndexSeen:
    """Return an index with the pages that its different keys come to."""
    kinds = [
        max(kinds_of(relation, index.keys, rows), 1.0)
        for relation, rows in ((before, was.rows), (after, index.rows))
    ]
    if index.method == "btree" and was.blocks > 1 and was.rows > 0:
        each = widths(after, index.keys)
        had, has = (
            btree_pages(rows, each, some)
            for rows, some in zip((was.rows, index.rows), kinds, strict=True)
        )
        blocks = math.ceil(was.blocks * has / had) if was.blocks > _FEW_PAGES else has
        blocks = min(max(2, blocks), MOST_BLOCKS)
        seen = index.height
        if was.height is not None:
            seen = max(0, was.height + height(blocks, each) - height(was.blocks, each))
            seen = height(blocks, each) if was.blocks <= _FEW_PAGES else seen
        return replace(index, blocks=blocks, pages=blocks, height=seen)
    if index.gin is not None and was.gin is not None:
        # The same words again make their lists of rows longer; new words are new entries.
        more = _words(after, index, index.rows) / max(_words(before, was, was.rows), 1.0)
        entry = math.ceil(was.gin.entry * more)
        gin = replace(
            index.gin,
            entries=math.ceil(was.gin.entries * more),
            entry=entry,
            data=max(index.gin.total - entry - 1, was.gin.data),
        )
        return replace(index, gin=gin)
    return index


def _words(relation: RelationSeen, index: IndexSeen, rows: float) -> float:
    """Return how many different values the columns have that the keys of an index speak of."""
    spoken = {word for key in index.keys for word in _WORD.findall(key)}
    names = tuple(c.name for c in relation.columns if c.name in spoken)
    return kinds_of(relation, names, rows) if names else rows


def _emptied(relation: RelationSeen) -> RelationSeen:
    """Return a relation as it is with no rows: a partition of another time."""
    if relation.kind is Held.PARTITIONED:
        return replace(relation, rows=0.0)
    indexes = tuple(
        replace(
            index,
            rows=0.0,
            pages=min(index.pages, 1),
            blocks=min(index.blocks, 1),
            height=None if index.height is None else 0,
        )
        for index in relation.indexes
    )
    return replace(
        relation, rows=0.0, pages=0, blocks=0, visible=0, frozen=0, columns=_bare(relation),
        indexes=indexes,
    )  # fmt: skip


def _bare(relation: RelationSeen) -> tuple[ColumnSeen, ...]:
    return tuple(replace(c, statistics=(), low=None, high=None) for c in relation.columns)


def _started(relation: RelationSeen, siblings: Iterable[RelationSeen], rows: int) -> RelationSeen:
    """Return an empty relation as one with rows, to start from: as the largest of its siblings."""
    known = [r for r in siblings if relation.parent is not None and r.rows > 0 and r.blocks]
    if not known:
        wide = _TUPLE + _UNKNOWN_WIDTH * max(len(relation.columns), 1)
        blocks = math.ceil(rows * wide / _USABLE)
        return replace(relation, rows=float(rows), pages=blocks, blocks=blocks, visible=blocks)
    like = max(known, key=lambda r: r.rows)
    same = {(i.method, i.keys, i.predicate): i for i in like.indexes}
    indexes = tuple(
        replace(same.get((i.method, i.keys, i.predicate), i), name=i.name, parent=i.parent)
        for i in relation.indexes
    )
    return replace(
        like, name=relation.name, bound=relation.bound, parent=relation.parent, indexes=indexes
    )
