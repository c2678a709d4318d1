"""What a table promises that a diagram can show: keys, what may be null, references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import Match, TypeKind
from pgassay.erd.marks import FK, PK, UK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Column, Constraint, Table
    from pgassay.core.names import QualifiedName


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key as a relation: `many` children or at most one, a parent `required` or not."""

    child: QualifiedName
    parent: QualifiedName
    columns: tuple[str, ...]
    name: str
    many: bool
    required: bool


def is_required(catalog: Catalog, column: Column) -> bool:
    """Whether a column never holds a null, by itself or by its domain."""
    if column.not_null:
        return True
    if column.type.kind is not TypeKind.DOMAIN or column.type.array:
        return False
    return catalog.domain(column.type.name).not_null


def unique_sets(table: Table) -> list[frozenset[str]]:
    """Return the sets of columns of which no two rows hold the same, whatever else they hold."""
    return [
        frozenset(key.column for key in index.keys if key.column is not None)
        for index in table.indexes
        if index.unique
        and index.valid
        and index.predicate is None
        and all(key.column is not None for key in index.keys)
    ]


ALONE, OF_SEVERAL = "alone", "of several columns"
BESIDE_PK, BESIDE_ANOTHER = "beside PK", "beside PK or FK"
SITUATIONS = (ALONE, OF_SEVERAL, BESIDE_PK, BESIDE_ANOTHER)
"""In which a mark may be set, or not be set by habit."""

Belongs = dict[str, dict[str, frozenset[str]]]
"""By column: its marks, each with the kinds of mark that it is."""


def marked(table: Table) -> Belongs:
    """Return by column which marks belong to it, each with the kinds of mark that it is.

    A kind says in which situation a mark is set, since tools differ: of a key of several columns,
    of a foreign key that is unique, and so on. A drawing that never sets marks of one kind does
    not lack them.
    """
    primary = table.primary_key
    in_primary = primary.columns if primary else ()
    in_foreign = {column for key in table.foreign_keys for column in key.columns}
    alone = {next(iter(columns)) for columns in unique_sets(table) if len(columns) == 1}
    found: dict[str, dict[str, frozenset[str]]] = {}
    for column in table.columns:
        marks: dict[str, frozenset[str]] = {}
        if column.name in in_primary:
            marks[PK] = frozenset([OF_SEVERAL if len(in_primary) > 1 else ALONE])
        if column.name in in_foreign:
            marks[FK] = frozenset([BESIDE_PK if PK in marks else ALONE])
        if column.name in alone and in_primary != (column.name,):
            marks[UK] = frozenset([BESIDE_ANOTHER if marks else ALONE])
        found[column.name] = marks
    return found


def may_be_marked_unique(table: Table) -> frozenset[str]:
    """Return the columns that are in some unique key: of several columns, or of some rows only."""
    return frozenset(
        key.column
        for index in table.indexes
        if index.unique
        for key in index.keys
        if key.column is not None
    )


def references(catalog: Catalog) -> Iterator[Reference]:
    """Yield every foreign key of the tables that are no partitions, in their order."""
    for table in catalog.roots():
        uniques = unique_sets(table)
        for key in table.foreign_keys:
            assert key.references is not None
            yield Reference(
                child=table.name,
                parent=root_of(catalog, key.references),
                columns=key.columns,
                name=key.name,
                many=not any(unique <= set(key.columns) for unique in uniques),
                required=_binds(catalog, table, key),
            )


def joined(catalog: Catalog, table: Table) -> list[tuple[QualifiedName, QualifiedName]]:
    """Return the pairs of tables that a table joins many to many: two keys that are unique."""
    keys = table.foreign_keys
    uniques = unique_sets(table)
    return [
        (root_of(catalog, one.references), root_of(catalog, other.references))
        for number, one in enumerate(keys)
        for other in keys[number + 1 :]
        if one.references is not None
        and other.references is not None
        and any(unique <= {*one.columns, *other.columns} for unique in uniques)
    ]


def only_joins(table: Table) -> bool:
    """Whether a table holds nothing but two references, as one that no diagram need draw."""
    keys = table.foreign_keys
    held = {column for key in keys for column in key.columns}
    return len(keys) == 2 and held == {column.name for column in table.columns}  # noqa: PLR2004 - one for each side


def _binds(catalog: Catalog, table: Table, key: Constraint) -> bool:
    """Whether every row refers to a parent (CREATE TABLE, MATCH)."""
    filled = [is_required(catalog, table.column(column)) for column in key.columns]
    return any(filled) if key.match is Match.FULL else all(filled)


def root_of(catalog: Catalog, name: QualifiedName) -> QualifiedName:
    """Return the table that a partition is part of."""
    partition = catalog.table(name).partition
    return name if partition is None else root_of(catalog, partition.parent)
