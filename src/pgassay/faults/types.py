"""Types: near kin, lengths and precisions moved by one, collation.

PostgreSQL documentation: Data Types; ALTER TABLE, SET DATA TYPE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import TypeKind
from pgassay.core.names import quote
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Column, ColumnType, Table

_KIN = {
    "text": ("character varying", "character varying(255)"),
    "int2": ("integer",),
    "int4": ("smallint", "bigint", "numeric"),
    "int8": ("integer", "numeric"),
    "float4": ("double precision",),
    "float8": ("real", "numeric"),
    "bool": ("text", "smallint"),
    "uuid": ("text",),
    "json": ("jsonb", "text"),
    "jsonb": ("json", "text"),
    "timestamp": ("timestamp with time zone", "timestamp(3) without time zone", "date"),
    "timestamptz": ("timestamp without time zone", "timestamp(3) with time zone", "date"),
    "date": ("timestamp without time zone",),
    "bytea": ("text",),
}
_TEXTS = frozenset({"text", "varchar", "bpchar"})
_WORDS = {"varchar": "character varying", "bpchar": "character"}


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield each column with each other type that is near its own."""
    for table in catalog.tables:
        for column in table.columns:
            if column.generated is None:
                for operator, other, explained in _others(column.type):
                    yield _changed(operator, table, column, other, explained)
                yield from _collation(table, column)


def _others(type_: ColumnType) -> Iterator[tuple[str, str, str]]:
    array = "[]" if type_.array else ""
    if type_.kind is TypeKind.ENUM:
        yield "type-changed", f"text{array}", ""
    elif type_.kind is not TypeKind.BASE:
        return
    elif type_.base in _WORDS and type_.length:
        word = _WORDS[type_.base]
        for step in (-1, 1):
            if type_.length + step > 0:
                yield "length", f"{word}({type_.length + step}){array}", ""
        yield "type-changed", f"text{array}", ""
        other = "character" if type_.base == "varchar" else "character varying"
        yield "type-changed", f"{other}({type_.length}){array}", ""
    elif type_.base == "varchar":
        yield "type-changed", f"text{array}", "neither type has a limit"
    elif type_.base == "numeric":
        yield from (("precision", f"{other}{array}", "") for other in _numerics(type_))
        yield "type-changed", f"double precision{array}", ""
    else:
        for other in _KIN.get(type_.base, ()):
            same = "neither type has a limit" if other == "character varying" else ""
            if other != type_.sql:
                yield "type-changed", f"{other}{array}", same


def _numerics(type_: ColumnType) -> Iterator[str]:
    if type_.precision is None:
        yield "numeric(20,4)"
        return
    precision, scale = type_.precision, type_.scale or 0
    yield f"numeric({precision + 1},{scale})"
    yield f"numeric({precision - 1},{scale})"
    yield f"numeric({precision},{scale + 1})"
    if scale:
        yield f"numeric({precision},{scale - 1})"
    yield "numeric"


def _changed(operator: str, table: Table, column: Column, other: str, explained: str) -> Fault:
    name = quote(column.name)
    alter = f"ALTER TABLE {table.name.sql} ALTER COLUMN {name}"
    cast = "integer::" if (column.type.base, other) == ("bool", "smallint") else ""
    change = f"{alter} TYPE {other} USING {name}::{cast}{other}"
    statements = [change]
    if column.default is not None:
        # A default need not cast to the other type by itself.
        again = column.default
        if column.type.base == "bool" or other == "text":
            again = f"CAST({again} AS text)" if other == "text" else f"CAST({again} AS integer)"
        statements = [f"{alter} DROP DEFAULT", change, f"{alter} SET DEFAULT {again}"]
    return planted(
        operator, table.name, column.name, *statements, change=f"to {other}", explained=explained
    )


def _collation(table: Table, column: Column) -> Iterator[Fault]:
    if column.type.base not in _TEXTS or column.type.kind is not TypeKind.BASE:
        return
    here = column.collation.name if column.collation else None
    other = 'pg_catalog."default"' if here == "C" else 'pg_catalog."C"'
    alter = f"ALTER TABLE {table.name.sql} ALTER COLUMN {quote(column.name)}"
    yield planted(
        "collation", table.name, column.name,
        f"{alter} TYPE {column.type.sql} COLLATE {other}", change=f"to {other}",
        explained="equality is the same; the throwaway's collation orders by code point, as C does",
    )  # fmt: skip
