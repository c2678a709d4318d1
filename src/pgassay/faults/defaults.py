"""Defaults: dropped, added, changed to near kin of the same type.

The new default is one that the column's CHECK lists allow, so that it is stored without complaint.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind, TypeKind
from pgassay.core.names import literal, quote
from pgassay.faults.fault import THROUGH_PARENT, Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Column, Table

_OTHER = {
    "uuid": "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
    "varchar": "'z'",
    "bpchar": "'z'",
    "text": "'z'",
    "numeric": "7",
    "float4": "7",
    "float8": "7",
    "int2": "7",
    "int4": "7",
    "int8": "7",
    "json": "'[7]'",
    "jsonb": "'[7]'",
    "timestamp": "'2001-02-03 04:05:06'",
    "timestamptz": "'2001-02-03 04:05:06+00'",
    "date": "'2001-02-03'",
    "bytea": r"'\x07'",
    "interval": "'7 days'",
}
# A clock's kin: other time zone, other moment.
_CLOCKS = {
    "timestamp": ("LOCALTIMESTAMP", "timezone('utc', clock_timestamp())", "timezone('utc', now())"),
    "timestamptz": ("now()", "clock_timestamp()", "date_trunc('day', now())"),
    "date": ("CURRENT_DATE",),
}
_STRING = re.compile(r"'((?:[^']|'')*)'")


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield each default dropped, added and changed."""
    for table in catalog.tables:
        for column in table.columns:
            if column.generated is None and column.identity is None:
                yield from _of_column(catalog, table, column)


def _of_column(catalog: Catalog, table: Table, column: Column) -> Iterator[Fault]:
    alter = f"ALTER TABLE {table.name.sql} ALTER COLUMN {quote(column.name)}"
    explained = THROUGH_PARENT if table.partition else ""
    if column.default is not None:
        yield planted(
            "default-dropped", table.name, column.name, f"{alter} DROP DEFAULT",
            explained=explained,
        )  # fmt: skip
    operator = "default-added" if column.default is None else "default-changed"
    for other in _others(catalog, table, column):
        yield planted(
            operator, table.name, column.name, f"{alter} SET DEFAULT {other}",
            change=f"to {other}", explained=explained,
        )  # fmt: skip


def _others(catalog: Catalog, table: Table, column: Column) -> Iterator[str]:
    kind, base, present = column.type.kind, column.type.base, column.default or ""
    if column.type.array:
        yield "'{}'" if "'{}'" not in present else "NULL"
    elif kind is TypeKind.ENUM:
        labels = catalog.enum(column.type.name).labels
        yield from (literal(label) for label in labels[:2] if literal(label) not in present)
    elif base == "bool":
        yield "false" if present == "true" else "true"
    else:
        listed = [f"'{label}'" for label in _listed(table, column)]
        others = [label for label in listed if label not in present][:1] or _OTHER.get(base)
        if others:
            yield others if isinstance(others, str) else others[0]
        if base in _CLOCKS and "(" in present:
            yield from (clock for clock in _CLOCKS[base] if _plain(clock) != _plain(present))


def _plain(clock: str) -> str:
    return clock.lower().replace("::text", "").replace(" ", "")


def _listed(table: Table, column: Column) -> list[str]:
    """Return the strings that CHECKs of this column alone list."""
    return [
        label
        for check in table.of_kind(ConstraintKind.CHECK)
        if check.columns == (column.name,) and "ARRAY[" in (check.expression or "")
        for label in _STRING.findall(check.expression or "")
    ]
