"""A table's rows given to partitions, and those of partitions put together again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.core.snapshot import ColumnSeen, Held, RelationSeen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.layout import RelationLaid
    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import IndexSeen
    from pgassay.core.statistics import ColumnStatistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one partition gets: a share of the rows, and the key's statistics there.

    `key` is None where they are not known, and then the whole's stand for them.
    """

    rows: float
    key: ColumnStatistics | None = None


def divided(whole: RelationSeen, there: RelationLaid) -> RelationSeen:
    """Return a table as a partitioned one: it has statistics, and no page of its own."""
    return replace(
        whole,
        kind=there.kind,
        pages=0,
        blocks=0,
        visible=0,
        frozen=0,
        columns=tuple(
            replace(c, low=None, high=None, statistics=both(first(c), there)) for c in whole.columns
        ),
        indexes=tuple(replace(index, pages=0, blocks=0) for index in whole.indexes),
        together=tuple(replace(one, inherited=True) for one in whole.together),
    )


def united(seen: RelationSeen, there: RelationLaid, leaves: Sequence[RelationSeen]) -> RelationSeen:
    """Return a partitioned table's rows as those of one table."""
    indexes: dict[QualifiedName, IndexSeen] = {index.name: index for index in seen.indexes}
    for leaf in leaves:
        for index in leaf.indexes:
            whole = indexes.get(index.parent) if index.parent else None
            if whole is not None:
                indexes[whole.name] = replace(
                    whole,
                    rows=max(whole.rows, 0) + max(index.rows, 0),
                    pages=whole.pages + index.pages,
                    blocks=whole.blocks + index.blocks,
                    expressions=whole.expressions or index.expressions,
                    height=None,
                )
    return replace(
        seen,
        kind=there.kind,
        rows=sum(max(leaf.rows, 0.0) for leaf in leaves),
        pages=sum(leaf.pages for leaf in leaves),
        blocks=sum(leaf.blocks for leaf in leaves),
        visible=sum(leaf.visible for leaf in leaves),
        frozen=sum(leaf.frozen for leaf in leaves),
        columns=tuple(replace(c, statistics=both(first(c), there)) for c in seen.columns),
        indexes=tuple(indexes.values()),
        together=tuple(replace(one, inherited=False) for one in seen.together),
    )


def empty(there: RelationLaid) -> RelationSeen:
    """Return a partition without rows, or one that is divided itself."""
    return RelationSeen(
        name=there.name,
        kind=there.kind,
        rows=0.0,
        parent=there.parent,
        bound=there.bound,
        columns=tuple(ColumnSeen(name=c.name, type=c.type) for c in there.columns),
    )


def part_of(
    whole: RelationSeen, there: RelationLaid, share: Share, key: str | None
) -> RelationSeen:
    """Return a partition that has a share of a table's rows.

    Of other columns than the key it has the same values in the same shares, and fewer different
    ones: as many as so many rows drawn from all of them show.
    """
    rows = max(whole.rows, 0.0) * share.rows
    wholes = {index.name: index for index in whole.indexes}
    columns = []
    for column in whole.columns:
        known = first(column)
        low, high = column.low, column.high
        if column.name == key and share.key is not None:
            known = share.key
            low, high = (known.bounds[0], known.bounds[-1]) if known.bounds else (None, None)
        elif known is not None and known.distinct > 0:
            known = replace(known, distinct=_drawn(known.distinct, max(whole.rows, 1.0), rows))
        columns.append(
            replace(
                column,
                low=low if rows else None,
                high=high if rows else None,
                statistics=(known,) if known is not None and rows else (),
            )
        )
    return RelationSeen(
        name=there.name,
        kind=there.kind,
        rows=rows,
        pages=math.ceil(whole.pages * share.rows),
        blocks=math.ceil(whole.blocks * share.rows),
        visible=math.ceil(whole.visible * share.rows),
        frozen=math.ceil(whole.frozen * share.rows),
        parent=there.parent,
        bound=there.bound,
        columns=tuple(columns),
        indexes=tuple(
            replace(
                wholes[index.parent],
                name=index.name,
                parent=index.parent,
                rows=max(wholes[index.parent].rows, 0.0) * share.rows,
                pages=max(math.ceil(wholes[index.parent].pages * share.rows), 1),
                blocks=max(math.ceil(wholes[index.parent].blocks * share.rows), 1),
                height=None,
                gin=None,
                last_map=None,
            )
            for index in there.indexes
            if index.parent in wholes
        ),
    )


def _drawn(distinct: float, rows: float, drawn: float) -> float:
    """Return how many of so many different values are seen in some rows drawn out of all."""
    missed: float = (1 - min(drawn / rows, 1.0)) ** max(rows / distinct, 1.0)
    return max(1.0, distinct * (1 - missed))


def first(column: ColumnSeen) -> ColumnStatistics | None:
    """Return the statistics of a column, those of the table alone first."""
    return next(iter(column.statistics), None)


def both(known: ColumnStatistics | None, there: RelationLaid) -> tuple[ColumnStatistics, ...]:
    """Return statistics as a relation of that kind has them: a partitioned one with its parts."""
    if known is None:
        return ()
    return (replace(known, inherited=there.kind is Held.PARTITIONED),)
