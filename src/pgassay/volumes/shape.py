"""What a table's catalog says of how its rows may be made: keys, references, the time of birth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind, PartitionStrategy
from pgassay.rows.expression import names
from pgassay.rows.values import Place
from pgassay.volumes.calendar import DAY, SECOND
from pgassay.volumes.columns import TIMES

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Column, Constraint, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.rows.maker import RowMaker
    from pgassay.rows.values import TypeValues

_NOW = re.compile(r"\bnow\(\)|\bCURRENT_(TIMESTAMP|DATE)\b|\bLOCALTIMESTAMP\b", re.IGNORECASE)
_BORN = re.compile(r"creat|added|insert|joined|occurred|timestamp|logged|recorded", re.IGNORECASE)
_CHANGED = re.compile(r"updat|modif|chang", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """A promise that no two rows agree in some columns; `predicate` where it is not of all rows."""

    name: str
    columns: tuple[str, ...]
    predicate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A reference of a table: a foreign key, or one that only the profile knows.

    `columns` hold what `referenced` of the target has; a link that no column holds has none.
    """

    name: str
    target: QualifiedName
    columns: tuple[str, ...] = ()
    referenced: tuple[str, ...] = ()
    optional: bool = False
    deferrable: bool = False


def uniques_of(table: Table) -> tuple[Unique, ...]:
    """Return what must not repeat, the shortest first."""
    found = [
        Unique(name=c.name, columns=c.columns)
        for kind in (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUSION)
        for c in table.of_kind(kind)
        if kind is not ConstraintKind.EXCLUSION or set(c.operators) == {"="}
    ]
    for index in table.indexes:
        if index.unique and index.constraint is None:
            columns = [
                name
                for key in index.keys
                for name in ([key.column] if key.column else sorted(names(key.expression or "")))
            ]
            found.append(
                Unique(
                    name=index.name,
                    columns=tuple(dict.fromkeys(columns)),
                    predicate=index.predicate,
                )
            )
    return tuple(sorted(found, key=lambda u: len(u.columns)))


def excluded(table: Table) -> bool:
    """Whether an exclusion constraint compares rows by more than equality."""
    return any(set(c.operators) != {"="} for c in table.of_kind(ConstraintKind.EXCLUSION))


def ties_of(table: Table, maker: RowMaker) -> tuple[Tie, ...]:
    """Return the foreign keys, those of more columns first.

    One of which a column may not be NULL, and has its value from nowhere else, is not optional.
    """
    nullable = maker.nullable(table)
    keys = [key for key in table.foreign_keys if key.references is not None]
    primary = table.primary_key
    own = primary.columns if primary is not None and len(primary.columns) == 1 else ()

    def optional(key: Constraint) -> bool:
        needed = [c for c in key.columns if c not in nullable and c not in own]
        others = {
            c for k in keys if k is not key and not maker.optional(table, k) for c in k.columns
        }
        return maker.optional(table, key) and all(c in others for c in needed)

    found = [
        Tie(
            name=key.name,
            target=key.references,
            columns=key.columns,
            referenced=key.referenced_columns,
            optional=optional(key),
            deferrable=key.deferrable,
        )
        for key in keys
        if key.references is not None
    ]
    return tuple(sorted(found, key=lambda tie: (-len(tie.columns), tie.name)))


def routing_columns(table: Table, catalog: Catalog) -> frozenset[str]:
    """Return the columns that say which partition a row belongs to, on every level."""
    if table.partition_key is None:
        return frozenset()
    found = {column for column in table.partition_key.columns if column is not None}
    for child in catalog.partitions_of(table.name):
        found |= routing_columns(child, catalog)
    return frozenset(found)


def stand_in(types: TypeValues, column: Column) -> Value:
    """Return what stands for a reference while content is looked for; for no two columns alike."""
    place = Place(label=column.name, position=column.position, number=column.position)
    return types.value(column.type, place)


def birth_of(table: Table) -> Column | None:
    """Return the column that says when a row came about, if there is one."""
    times = [c for c in table.columns if c.type.base in TIMES and not c.type.array]
    key = table.partition_key
    if key is not None and key.strategy is PartitionStrategy.RANGE and len(key.columns) == 1:
        for column in times:
            if column.name == key.columns[0]:
                return column
    by_default = [c for c in times if c.default and _NOW.search(c.default)]
    for group in (by_default, [c for c in times if c.not_null]):
        for column in group:
            if _BORN.search(column.name):
                return column
    return next((c for c in by_default if not _CHANGED.search(c.name)), None)


def quantum_of(column: Column | None, types: TypeValues) -> int:
    """Return the microseconds from one value of a time column to the next."""
    if column is None:
        return 1
    kind = types.base_type(column.type)
    if kind.base == "date":
        return DAY
    return int(SECOND // 10 ** (6 if kind.precision is None else kind.precision))
