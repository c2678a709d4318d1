"""Tables for tests without a server: columns of one type, keys by a word each."""

from __future__ import annotations

from pgassay.core.catalog import (
    Action,
    Catalog,
    Column,
    ColumnType,
    Constraint,
    ConstraintKind,
    Table,
)
from pgassay.core.names import QualifiedName
from pgassay.rows.row import Row

INT = ColumnType(sql="integer", name=QualifiedName("pg_catalog", "int4"), base="int4")


def name(text: str) -> QualifiedName:
    return QualifiedName("public", text)


def table(text: str, columns: str, *keys: Constraint, indexes: tuple = ()) -> Table:
    """Columns are words; one that ends in `!` is NOT NULL; the first one is the primary key."""
    words = columns.split()
    primary = Constraint(
        name=f"{text}_pkey",
        kind=ConstraintKind.PRIMARY_KEY,
        columns=(words[0].rstrip("!"),),
        definition=f"PRIMARY KEY ({words[0]})",
        index=f"{text}_pkey",
    )
    return Table(
        name=name(text),
        columns=tuple(
            Column(name=word.rstrip("!"), position=at, type=INT, not_null=word.endswith("!"))
            for at, word in enumerate(words, 1)
        ),
        constraints=(primary, *keys),
        indexes=indexes,
    )


def unique(text: str, *columns: str) -> Constraint:
    return Constraint(
        name=text, kind=ConstraintKind.UNIQUE, columns=columns, definition="UNIQUE", index=text
    )


def refers(
    text: str,
    columns: str,
    to: str,
    there: str = "id",
    *,
    delete: Action = Action.NO_ACTION,
    update: Action = Action.NO_ACTION,
    late: bool = False,
    sets: str = "",
) -> Constraint:
    return Constraint(
        name=text,
        kind=ConstraintKind.FOREIGN_KEY,
        columns=tuple(columns.split()),
        definition=f"FOREIGN KEY ({columns}) REFERENCES {to}",
        references=name(to),
        referenced_columns=tuple(there.split()),
        on_delete=delete,
        on_update=update,
        deferrable=late,
        initially_deferred=late,
        set_columns=tuple(sets.split()),
    )


def catalog(*tables: Table) -> Catalog:
    return Catalog(major=18, tables=tables)


def row(of: Table, *values: str | None) -> Row:
    return Row(table=of, values=dict(zip((c.name for c in of.columns), values, strict=True)))
