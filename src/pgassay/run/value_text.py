"""Python values as text in PostgreSQL's input syntax, for the column they are meant for.

What a factory returns is what an application would hand to its driver; the engine hands every
value to the server as text (`core.statement`), which reads it as the type of the column.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.catalog import Catalog, ColumnType, Table
    from pgassay.core.statement import Value

_JSON = frozenset(["json", "jsonb"])
_PLAIN = (
    str,
    int,
    float,
    Decimal,
    UUID,
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)


class ColumnTexts:
    """The texts of values for the columns of one table."""

    def __init__(self, table: Table, catalog: Catalog) -> None:
        labels = {enum.name.name: enum.labels for enum in catalog.enums}
        self._types = {c.name: (c.type, labels.get(c.type.base, ())) for c in table.columns}

    def __call__(self, column: str, value: object) -> Value:
        """Return the text of a value for a column. Raises TypeError where there is none."""
        return as_text(value, *self._types[column])


def as_text(value: object, type_: ColumnType, labels: Sequence[str] = ()) -> Value:
    """Return a value as the server would read it into a column of that type.

    Args:
        value: None, a bool, number, string, bytes, time, interval, UUID, network address or enum
            member; lists and tuples for arrays; anything that JSON can hold for json and jsonb.
        type_: the column's type.
        labels: of the column's enum type, if it has one: a member is stored by its name or by its
            value, whichever the type has.

    Raises:
        TypeError: there is no such text.
    """
    if value is None:
        return None
    if type_.array:
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"{value!r} is no list, and the column is an array")
        return _array(value, type_, labels)
    if type_.base in _JSON:
        return json.dumps(value, default=_in_json, ensure_ascii=False)
    return _scalar(value, type_, labels)


def _scalar(value: object, type_: ColumnType, labels: Sequence[str]) -> str:
    if isinstance(value, Enum):
        value = value.name if value.name in labels else value.value
    if isinstance(value, bool):
        return str(value).lower() if type_.base in {"bool", "text", "varchar"} else str(int(value))
    if isinstance(value, _PLAIN):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "\\x" + bytes(value).hex()
    raise TypeError(f"{value!r} has no text that a column of type {type_.sql} could read")


def _array(items: Sequence[object], type_: ColumnType, labels: Sequence[str]) -> str:
    """Return the text of an array (Arrays, Array Input and Output Syntax)."""
    return "{" + ",".join(_item(item, type_, labels) for item in items) + "}"


def _item(item: object, type_: ColumnType, labels: Sequence[str]) -> str:
    if item is None:
        return "NULL"
    if isinstance(item, (list, tuple)):
        return _array(item, type_, labels)
    in_json = type_.base in _JSON
    text = json.dumps(item, default=_in_json) if in_json else _scalar(item, type_, labels)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in_json(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{value!r} has no form in JSON")
