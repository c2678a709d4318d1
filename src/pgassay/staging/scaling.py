"""A snapshot of another size: what grows with the rows, and what does not.

Rows and pages grow. Of a column's different values, those of a key that refers to a table that
grows do too, and a share of the rows stays a share; what is counted otherwise stays: labels,
countries, days. The statistics of the values and the order of the rows stay as they are. Heights of
B-trees follow from their pages.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.snapshot import MOST_BLOCKS, GinPages, Held
from pgassay.staging.sizing import height, widths

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import IndexSeen, RelationSeen, Snapshot
    from pgassay.core.statistics import ColumnStatistics


def scaled(
    snapshot: Snapshot,
    scale: float,
    references: AbstractSet[tuple[QualifiedName, str]] = frozenset(),
) -> Snapshot:
    """Return a snapshot of so many times the rows.

    Args:
        snapshot: as it was taken.
        scale: 1 for what it is.
        references: columns that refer to another table's key.
    """
    if scale == 1:
        return snapshot
    return replace(
        snapshot,
        relations=tuple(grown(r, scale, references) for r in snapshot.relations),
    )


def grown(
    relation: RelationSeen,
    scale: float,
    references: AbstractSet[tuple[QualifiedName, str]] = frozenset(),
) -> RelationSeen:
    """Return a relation of so many times the rows."""
    columns = tuple(
        replace(
            column,
            statistics=tuple(
                _distinct(s, relation.rows * scale, scale)
                if (relation.name, column.name) in references
                else s
                for s in column.statistics
            ),
        )
        for column in relation.columns
    )
    return replace(
        relation,
        rows=relation.rows if relation.rows < 0 else relation.rows * scale,
        pages=_pages(relation.pages, scale),
        blocks=_pages(relation.blocks, scale),
        visible=_pages(relation.visible, scale),
        frozen=_pages(relation.frozen, scale),
        columns=columns,
        indexes=tuple(_index(i, relation, scale) for i in relation.indexes)
        if relation.kind is not Held.PARTITIONED
        else relation.indexes,
    )


def _distinct(found: ColumnStatistics, rows: float, scale: float) -> ColumnStatistics:
    if found.distinct <= 0:
        return found
    return replace(found, distinct=max(1.0, min(found.distinct * scale, max(rows, 1.0))))


def _index(index: IndexSeen, relation: RelationSeen, scale: float) -> IndexSeen:
    least = 1 if index.blocks else 0
    blocks = max(_pages(index.blocks, scale), least)
    seen = index.height
    if seen is not None and index.method == "btree":
        # What was measured is the start; what changes is what an estimate says of both sizes.
        each = widths(relation, index.keys)
        seen = max(0, seen + height(blocks, each) - height(index.blocks, each))
        seen = min(seen, max(blocks - 2, 0))
    counts = index.gin
    return replace(
        index,
        rows=index.rows if index.rows < 0 else index.rows * scale,
        pages=max(_pages(index.pages, scale), least),
        blocks=blocks,
        height=seen,
        gin=None if counts is None else _gin(counts, scale),
        last_map=None,  # follows from the table's pages
    )


def _gin(counts: GinPages, scale: float) -> GinPages:
    return GinPages(
        total=_pages(counts.total, scale),
        entry=_pages(counts.entry, scale),
        data=_pages(counts.data, scale),
        entries=math.ceil(counts.entries * scale),
        pending=counts.pending,
    )


def _pages(number: int, scale: float) -> int:
    return min(math.ceil(number * scale), MOST_BLOCKS)
