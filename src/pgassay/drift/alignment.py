"""Renamed tables, types, functions, columns and sequences: found by content, and told as such.

Their names occur in other objects. So the promised catalog is rewritten to the names that the
built one uses, and a renaming is one difference instead of one in everything that refers to it.
Names of sequences that PostgreSQL made up are aligned in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import Table
from pgassay.drift.difference import Change, Difference
from pgassay.drift.generated import is_generated_sequence
from pgassay.drift.months import is_period
from pgassay.drift.pairing import alike, name_of, paired
from pgassay.drift.rewriting import with_columns, with_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.catalog import Catalog
    from pgassay.core.names import QualifiedName

_NAMED_IN_OTHERS = ("enums", "domains", "composites", "ranges", "functions", "tables", "views")

Aligned = tuple["Catalog", list[Difference]]


def aligned(promised: Catalog, built: Catalog) -> Aligned:
    """Return the promised catalog under the built one's names, and the renamings that count."""
    promised, objects = _objects(promised, built)
    promised, columns = _columns(promised, built)
    promised, sequences = _sequences(promised, built)
    return promised, [*objects, *columns, *sequences]


def _objects(promised: Catalog, built: Catalog) -> Aligned:
    found: list[Difference] = []
    for partitions in (False, True):  # a partition is known by its parent's name
        names: dict[QualifiedName, QualifiedName] = {}
        for field in _NAMED_IN_OTHERS:
            ones, others = (
                [o for o in getattr(side, field) if _is_partition(o) is partitions]
                for side in (promised, built)
            )
            for one, other in _moved(ones, others):
                names[one.name] = other.name
                if not _is_period(other, built):
                    found.append(Difference(change=Change.RENAMED, promised=one, built=other))
        promised = with_names(promised, names)
    return promised, found


def _is_partition(value: object) -> bool:
    return isinstance(value, Table) and value.partition is not None


def _is_period(value: object, catalog: Catalog) -> bool:
    """Whether it is one of the partitions that come and go, whose names nobody promises."""
    if not isinstance(value, Table) or value.partition is None:
        return False
    parent = next((t for t in catalog.tables if t.name == value.partition.parent), None)
    return is_period(value, parent)


def _moved(promised: Sequence[Any], built: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs with the same content of what only one side has by name."""
    here, there = ({name_of(o): o for o in side} for side in (promised, built))
    lost = [o for key, o in here.items() if key not in there]
    new = [o for key, o in there.items() if key not in here]
    if lost and new:
        yield from alike(lost, new)


def _columns(promised: Catalog, built: Catalog) -> Aligned:
    there = {t.name: t for t in built.tables}
    found = []
    for table in promised.tables:
        other = there.get(table.name)
        if other is None or table.partition or table.columns == other.columns:
            continue
        names = {}
        for one, two in _moved(table.columns, other.columns):
            names[one.name] = two.name
            found.append(Difference(
                change=Change.RENAMED, promised=one, built=two, promised_in=table, built_in=other,
            ))  # fmt: skip
        if names:
            promised = with_columns(promised, table.name, names)
    return promised, found


def _sequences(promised: Catalog, built: Catalog) -> Aligned:
    if promised.sequences == built.sequences:
        return promised, []
    pairing = paired(
        promised.sequences, built.sequences, is_generated_sequence, is_generated_sequence
    )
    taken = {sequence.name for sequence in pairing.missing}
    names = {
        one.name: other.name
        for one, other in pairing.pairs
        if one.name != other.name and other.name not in taken
    }
    found = [
        Difference(change=Change.RENAMED, promised=one, built=other)
        for one, other in pairing.renamed
    ]
    return with_names(promised, names), found
