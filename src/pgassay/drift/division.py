"""A catalog with its partitions told apart: by time, whose existence is no promise, and others.

What lies within a partition by time (its own partitions) comes and goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pgassay.drift.difference import Change, Difference
from pgassay.drift.months import Months, is_period
from pgassay.drift.own_share import completed, own_share

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName


@dataclass(slots=True, kw_only=True)
class Divided:
    """A catalog whose partitions are reduced to their own share, those by time apart.

    `originals` are its tables as they were.
    """

    catalog: Catalog
    originals: tuple[Table, ...]
    months: dict[QualifiedName, Months] = field(default_factory=dict)
    lacks: list[Difference] = field(default_factory=list)


def divided(catalog: Catalog) -> Divided:
    """Return a catalog with its partitions reduced to their own share, those by time apart."""
    tables = {t.name: t for t in catalog.tables}
    found = Divided(catalog=catalog, originals=catalog.tables)
    by_time: dict[QualifiedName, list[Table]] = {
        t.name: [] for t in catalog.tables if t.partition_key is not None
    }
    kept = []
    for table in catalog.tables:
        parent = tables.get(table.partition.parent) if table.partition else None
        if parent is None:
            kept.append(table)
            continue
        share = own_share(table, parent)
        found.lacks += [
            Difference(change=Change.MISSING, promised=o, promised_in=parent, built_in=table)
            for o in share.lacks
        ]
        if is_period(table, parent):
            by_time[parent.name].append(share.own)
        elif not _within_a_period(parent, tables):
            kept.append(share.own)
    found.catalog = replace(catalog, tables=tuple(kept))
    found.months = {
        name: Months(parent=tables[name], partitions=tuple(months))
        for name, months in by_time.items()
        if not _within_a_period(tables[name], tables)
    }
    return found


def completed_pairs(one: Divided, other: Divided) -> tuple[Catalog, Catalog]:
    """Return both catalogs with what only the other side's twin of a partition has as its own.

    What one side has of its own is compared with what the other one has of its parent.
    """
    sides = []
    for this, that in ((one, other), (other, one)):
        twins = {t.name: t for t in that.catalog.tables if t.partition}
        parents = {t.name: t for t in this.originals}
        tables = []
        for table in this.catalog.tables:
            twin = twins.get(table.name)
            parent = parents.get(table.partition.parent) if table.partition else None
            if twin is not None and parent is not None:
                tables.append(completed(table, twin, parent))
            else:
                tables.append(table)
        sides.append(replace(this.catalog, tables=tuple(tables)))
    return sides[0], sides[1]


def _within_a_period(table: Table, tables: dict[QualifiedName, Table]) -> bool:
    """Whether a table is a partition by time, or a part of one: what exists there is no promise."""
    while table.partition is not None:
        parent = tables.get(table.partition.parent)
        if parent is None:
            return False
        if is_period(table, parent):
            return True
        table = parent
    return False
