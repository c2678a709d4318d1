"""Small catalogs in a few words each, and what a drawing of them comes to."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

from pgassay.core.catalog import (
    Catalog,
    Column,
    ColumnType,
    Constraint,
    ConstraintKind,
    EnumType,
    Index,
    IndexKey,
    Table,
    TypeKind,
)
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.erd.compare import compare_drawing
from pgassay.erd.document import read_drawing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.finding import Finding

# what format_type says: typname
_BASES = {
    "integer": "int4",
    "bigint": "int8",
    "smallint": "int2",
    "boolean": "bool",
    "character varying": "varchar",
    "character": "bpchar",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "double precision": "float8",
    "real": "float4",
}
_SHORT = {
    "int": "integer",
    "varchar": "character varying",
    "char": "character",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "float8": "double precision",
}


def public(name: str) -> QualifiedName:
    return QualifiedName("public", name)


def type_of(text: str, enums: Iterable[str] = ()) -> ColumnType:
    """`varchar(255)`, `numeric(10,2)`, `text[]`, or the name of an enum."""
    array = text.endswith("[]")
    word, _, inside = text.removesuffix("[]").removesuffix(")").partition("(")
    if word in enums:
        name = public(word)
        sql = name.sql + ("[]" if array else "")
        return ColumnType(sql=sql, name=name, kind=TypeKind.ENUM, base=word, array=array)
    numbers = [int(number) for number in inside.split(",") if number]
    full = _SHORT.get(word, word)
    base = _BASES.get(full, full)
    head, _, tail = full.partition(" ") if base.startswith("time") else (full, "", "")
    sql = f"{head}({inside}){' ' + tail if tail else ''}" if inside else full
    text_like = base in ("varchar", "bpchar", "bit", "varbit")
    return ColumnType(
        sql=sql + ("[]" if array else ""),
        name=QualifiedName("pg_catalog", base),
        base=base,
        array=array,
        length=numbers[0] if numbers and text_like else None,
        precision=numbers[0] if numbers and not text_like else None,
        scale=numbers[1] if len(numbers) > 1 else None,
    )


def index(name: str, columns: Iterable[str], *, predicate: str | None = None) -> Index:
    keys = tuple(IndexKey(column=column) for column in columns)
    return Index(
        name=name, method="btree", keys=keys, unique=True, predicate=predicate, definition=name
    )


def table(
    name: str | QualifiedName,
    *columns: str,
    primary: str = "id",
    unique: Iterable[str] = (),
    partly_unique: Iterable[str] = (),
    keys: Iterable[str] = (),
    enums: Iterable[str] = (),
) -> Table:
    """A table of `name type` (`?` after the type: nullable), keys as `user_id -> users`.

    Several columns of a key are separated by commas.
    """
    made = public(name) if isinstance(name, str) else name
    shown = []
    for position, text in enumerate(columns, 1):
        column, _, kind = text.rpartition(" ")
        shown.append(
            Column(
                name=column,
                position=position,
                type=type_of(kind.removesuffix("?"), enums),
                not_null=not kind.endswith("?"),
            )
        )
    constraints, indexes = [], []
    if primary:
        of = tuple(primary.split(","))
        definition = f"PRIMARY KEY ({primary})"
        constraints.append(
            Constraint(
                name="pkey", kind=ConstraintKind.PRIMARY_KEY, columns=of, definition=definition
            )
        )
        indexes.append(index("pkey", of))
    indexes += [index(f"unique_{text}", text.split(",")) for text in unique]
    indexes += [index(f"partly_{t}", t.split(","), predicate="(id > 0)") for t in partly_unique]
    for text in keys:
        child, parent = (part.strip() for part in text.split("->"))
        of = tuple(child.split(","))
        constraints.append(
            Constraint(
                name=f"{made.name}_{child}_fkey",
                kind=ConstraintKind.FOREIGN_KEY,
                columns=of,
                definition=f"FOREIGN KEY ({child}) REFERENCES {parent}",
                references=public(parent),
            )
        )
    return Table(
        name=made, columns=tuple(shown), constraints=tuple(constraints), indexes=tuple(indexes)
    )


def catalog(*tables: Table, **enums: tuple[str, ...]) -> Catalog:
    """A catalog of tables, and of enum types with their labels."""
    made = tuple(EnumType(name=public(name), labels=labels) for name, labels in enums.items())
    return Catalog(major=18, tables=tables, enums=made)


def findings(
    text: str, against: Catalog, *, bookkeeping: Iterable[QualifiedName] = ()
) -> list[Finding]:
    """Return what is found where a document, or one diagram, is held against a catalog."""
    body = dedent(text).lstrip("\n")
    file = "erd.md" if "```" in body else "erd.mmd"
    if not re.match(r"\s*(erDiagram|%%|---|#)", body):
        body = "erDiagram\n" + body
    drawing = read_drawing([(file, body)])
    return compare_drawing(drawing, against, bookkeeping=tuple(bookkeeping))


def errors(text: str, against: Catalog) -> list[str]:
    """Return the fingerprints of what turns a gate red."""
    return [f.fingerprint for f in findings(text, against) if f.severity is Severity.ERROR]


def told(text: str, against: Catalog) -> list[str]:
    """Return what is told as information."""
    return [f.found for f in findings(text, against) if f.severity is Severity.INFO]
