"""Columns: nullability, identity, generation, what storage makes of them, come, gone, renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import literal, quote
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Column, Table

_TOASTED = frozenset({"text", "varchar", "bpchar", "jsonb", "json", "bytea", "xml"})


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each column, types and defaults aside, and one too many."""
    for table in catalog.tables:
        for column in table.columns:
            yield from _existence(table, column)
            yield from _values(table, column)
            yield from _storage(table, column)
        yield from _added(table)


def _existence(table: Table, column: Column) -> Iterator[Fault]:
    on, name = f"ALTER TABLE {table.name.sql}", quote(column.name)
    yield planted("column-dropped", table.name, column.name, f"{on} DROP COLUMN {name} CASCADE")
    yield planted(
        "column-renamed", table.name, column.name, f"{on} RENAME COLUMN {name} TO pgassay_other"
    )
    comment = literal((column.comment or "") + " other")
    yield planted(
        "column-comment", table.name, column.name,
        f"COMMENT ON COLUMN {table.name.sql}.{name} IS {comment}", explained="a comment",
    )  # fmt: skip


def _values(table: Table, column: Column) -> Iterator[Fault]:
    alter = f"ALTER TABLE {table.name.sql} ALTER COLUMN {quote(column.name)}"
    if column.not_null:
        yield planted("not-null-lost", table.name, column.name, f"{alter} DROP NOT NULL")
    elif column.generated is None:
        yield planted("not-null-added", table.name, column.name, f"{alter} SET NOT NULL")
    if column.identity:
        other = "BY DEFAULT" if column.identity == "ALWAYS" else "ALWAYS"
        yield planted("identity-kind", table.name, column.name, f"{alter} SET GENERATED {other}")
        yield planted("identity-dropped", table.name, column.name, f"{alter} DROP IDENTITY")
    if column.generated is not None:
        yield planted("generated-dropped", table.name, column.name, f"{alter} DROP EXPRESSION")
        null = f"{alter} SET EXPRESSION AS (NULL::{column.type.sql})"
        yield planted("generated-changed", table.name, column.name, null)


def _storage(table: Table, column: Column) -> Iterator[Fault]:
    alter = f"ALTER TABLE {table.name.sql} ALTER COLUMN {quote(column.name)}"
    target = 1 + (column.statistics_target or 100)
    yield planted(
        "column-statistics", table.name, column.name, f"{alter} SET STATISTICS {target}",
        explained="plans only",
    )  # fmt: skip
    if column.type.base in _TOASTED or column.type.array:
        storage = "EXTENDED" if column.storage == "EXTERNAL" else "EXTERNAL"
        method = "default" if column.compression == "pglz" else "pglz"
        for operator, text in (
            ("column-storage", f"SET STORAGE {storage}"),
            ("column-compression", f"SET COMPRESSION {method}"),
        ):
            yield planted(operator, table.name, column.name, f"{alter} {text}", explained="storage")


def _added(table: Table) -> Iterator[Fault]:
    on = f"ALTER TABLE {table.name.sql} ADD COLUMN pgassay_added"
    yield planted(
        "column-added", table.name, "pgassay_added", f"{on} text", change="nullable",
        explained="no promised statement names it",
    )  # fmt: skip
    yield planted(
        "column-added", table.name, "pgassay_added", f"{on} text NOT NULL", change="not null"
    )
