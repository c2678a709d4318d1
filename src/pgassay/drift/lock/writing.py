"""A catalog to the text of a locked contract."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Catalog,
    ColumnType,
    Constraint,
    DefaultPrivileges,
    Function,
    IndexKey,
    Partition,
    PartitionKey,
    Privilege,
    Table,
)
from pgassay.core.names import QualifiedName
from pgassay.drift.lock.column_types import ColumnTypes
from pgassay.drift.lock.form import contract_form, plain_index
from pgassay.drift.lock.shapes import KEYWORDS, ONE_A_LINE, TYPED, Field, Kind, shape_of
from pgassay.drift.lock.values import items_text, name_text, qualified_text, text_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

VERSION = 1
FIRST_LINE = f"pgassay contract {VERSION}"
_HEADER = (
    "# What the database must be, whoever builds it. Every line is a promise: a change here is a",
    "# change of the contract, to be read in review. Written by pgassay, not by hand.",
    "",
    FIRST_LINE,
)
_INDENT = "  "


def write_lock(catalog: Catalog) -> str:
    """Return the text of the locked contract of a catalog.

    The same for one schema on every supported major version, in whatever order it was built.
    """
    form = contract_form(catalog)
    types = ColumnTypes.of_catalog(form)
    lines = list(_HEADER)
    for field in dataclasses.fields(Catalog):
        if field.name == "major":
            continue
        for value in getattr(form, field.name):
            lines.append("")
            lines.extend(_object(_without_plain_indexes(value), types))
    return "\n".join(lines) + "\n"


def _without_plain_indexes(value: Any) -> Any:
    if not isinstance(value, Table):
        return value
    plain = {plain_index(constraint, value) for constraint in value.constraints}
    return replace(value, indexes=tuple(i for i in value.indexes if i not in plain))


def _object(value: Any, types: ColumnTypes) -> Iterator[str]:
    yield _first_line(value)
    if isinstance(value, TYPED) and types.of(value.type.sql) != value.type:
        yield from _below(_object(value.type, types))
    cls: type = type(value)
    shape = shape_of(cls)
    for field in shape.fields:
        item = getattr(value, field.name)
        if item is not None and item != field.default:
            yield from _below(_field(field, item, types))


def _below(lines: Iterable[str]) -> Iterator[str]:
    return (f"{_INDENT}{line}" for line in lines)


def _field(field: Field, item: Any, types: ColumnTypes) -> Iterator[str]:
    if field.kind is Kind.OBJECT:
        yield from _object(item, types)
    elif field.kind is Kind.OBJECTS:
        for one in item:
            yield from _object(one, types)
    elif field.kind is Kind.TEXT:
        yield from text_lines(field.label, item)
    elif field.kind is Kind.FLAG:
        yield field.label if item else f"{field.label} no"
    elif field.name in ONE_A_LINE:
        for text in item:
            yield f"{field.label} {items_text([text])}"
    else:
        yield f"{field.label} {_TEXTS[field.kind](item)}"


def _names(names: tuple[QualifiedName, ...]) -> str:
    return ", ".join(qualified_text(name) for name in names)


_TEXTS: dict[Kind, Callable[[Any], str]] = {
    Kind.NUMBER: str,
    Kind.CHOICE: lambda item: str(item.value),
    Kind.NAME: qualified_text,
    Kind.TEXTS: items_text,
    Kind.NAMES: _names,
}


def _first_line(value: Any) -> str:
    if isinstance(value, Privilege):
        return _right(value)
    if isinstance(value, Constraint):
        return f"{value.kind.value} {name_text(value.name)}"
    keyword = KEYWORDS[type(value)]
    particular = _PARTICULAR.get(type(value))
    if particular:
        return f"{keyword}{particular(value)}"
    is_qualified = isinstance(value.name, QualifiedName)
    name = qualified_text(value.name) if is_qualified else name_text(value.name)
    return f"{keyword} {name} {value.type.sql}" if isinstance(value, TYPED) else f"{keyword} {name}"


def _nothing(_value: Any) -> str:
    return ""


def _key(key: IndexKey) -> str:
    return "" if key.column is None else f" {name_text(key.column)}"


def _partition(partition: Partition) -> str:
    return f" of {qualified_text(partition.parent)}"


def _partition_key(key: PartitionKey) -> str:
    return f" {key.definition}"


def _function(function: Function) -> str:
    return f" {qualified_text(function.name)}({function.arguments})"


_PARTICULAR: dict[type, Callable[[Any], str]] = {
    DefaultPrivileges: _nothing,
    ColumnType: _nothing,
    IndexKey: _key,
    Partition: _partition,
    PartitionKey: _partition_key,
    Function: _function,
}


def _right(privilege: Privilege) -> str:
    grantee = name_text(privilege.grantee)
    if privilege.grantee == "PUBLIC":
        grantee = "PUBLIC"
    if privilege.revoked:
        return f"revoke {privilege.privilege} from {grantee}"
    option = " with grant option" if privilege.grantable else ""
    return f"grant {privilege.privilege} to {grantee}{option}"
