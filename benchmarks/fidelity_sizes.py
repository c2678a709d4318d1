"""Ways to bring a snapshot to the size of a larger volume, from knowing nothing to knowing much.

Nothing is known: everything is multiplied by the same number. Then, one after the other, what only
the loaded one can tell is put in: the rows of each table, distinct counts, correlations, the real
files and heights of indexes. What is missing then is only which values are common, and how common.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.snapshot import Held
from pgassay.staging.scaling import scaled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from pgassay.core.catalog import Catalog
    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import ColumnSeen, RelationSeen, Snapshot
    from pgassay.core.statistics import ColumnStatistics

References = frozenset[tuple["QualifiedName", str]]


def references_of(catalog: Catalog) -> References:
    """Return the columns that alone refer to another table's key."""
    return frozenset(
        (table.name, key.columns[0])
        for table in catalog.tables
        for key in table.foreign_keys
        if len(key.columns) == 1
    )


def brought(
    snapshot: Snapshot, larger: Snapshot, references: AbstractSet[tuple[QualifiedName, str]]
) -> Iterator[tuple[str, Snapshot]]:
    """Yield the ways by name, each with the snapshot that it comes to.

    Args:
        snapshot: of the smaller volume.
        larger: of the larger one, really loaded.
        references: columns that refer to another table's key.
    """
    times = larger.rows / max(snapshot.rows, 1.0)
    yield f"all tables {times:,.3g} times", scaled(snapshot, times, references)
    shown = replace(
        snapshot,
        relations=tuple(
            _to_rows(snapshot, relation, larger.relation(relation.name), times, references)
            for relation in snapshot.relations
        ),
    )
    yield "rows of each table known", shown
    shown = _from(shown, larger, "distinct")
    yield "and distinct counts", shown
    shown = _from(shown, larger, "correlation")
    yield "and correlations", shown
    yield "and files and heights", _files(shown, larger)
    yield "and common values' shares: all of it", larger


def _to_rows(
    snapshot: Snapshot,
    relation: RelationSeen,
    there: RelationSeen | None,
    times: float,
    references: AbstractSet[tuple[QualifiedName, str]],
) -> RelationSeen:
    if there is not None and relation.rows > 0 and there.rows > 0:
        times = there.rows / relation.rows
    return scaled(replace(snapshot, relations=(relation,)), times, references).relations[0]


def _from(snapshot: Snapshot, larger: Snapshot, name: str) -> Snapshot:
    """Return a snapshot with one field of the statistics of columns as the larger one has it."""

    def told(column: ColumnSeen, of: RelationSeen) -> ColumnSeen:
        there = larger.relation(of.name)
        known = there.column(column.name) if there else None
        if known is None:
            return column
        return replace(
            column,
            statistics=tuple(
                _one(s, known.of(inherited=s.inherited), name) for s in column.statistics
            ),
        )

    return replace(
        snapshot,
        relations=tuple(
            replace(r, columns=tuple(told(c, r) for c in r.columns)) for r in snapshot.relations
        ),
    )


def _one(here: ColumnStatistics, there: ColumnStatistics | None, name: str) -> ColumnStatistics:
    return here if there is None else replace(here, **{name: getattr(there, name)})


def _files(snapshot: Snapshot, larger: Snapshot) -> Snapshot:
    relations = []
    for relation in snapshot.relations:
        there = larger.relation(relation.name)
        if there is None or relation.kind is Held.FOREIGN:
            relations.append(relation)
            continue
        indexes = {index.name: index for index in there.indexes}
        known = tuple(
            replace(indexes[i.name], expressions=i.expressions) if i.name in indexes else i
            for i in relation.indexes
        )
        names = ("rows", "pages", "blocks", "visible", "frozen")
        sizes = {name: getattr(there, name) for name in names}
        relations.append(replace(relation, indexes=known, **sizes))
    return replace(snapshot, relations=tuple(relations))
