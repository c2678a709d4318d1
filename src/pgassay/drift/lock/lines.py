"""One line of a locked contract: what its first words say, and the value after a label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgassay.core import catalog as model
from pgassay.drift.lock.shapes import KEYWORDS, TYPED, Field, Kind
from pgassay.drift.lock.values import DamageError, items_of, name_of, qualified_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.drift.lock.column_types import ColumnTypes

_RIGHT = re.compile(r"(grant|revoke) (.+?) (?:to|from) ")
_OPTION = " with grant option"
_QUALIFIED = (
    model.EnumType,
    model.Domain,
    model.CompositeType,
    model.RangeType,
    model.Sequence,
    model.Table,
    model.View,
    model.ExtendedStatistics,
)


def identity(value: Any) -> Any:
    """Return what must not be there twice among siblings; None where anything may."""
    if isinstance(value, model.IndexKey):
        return None
    if isinstance(value, model.Privilege):
        return value
    if isinstance(value, model.DefaultPrivileges):
        return value.role, value.schema, value.object_type
    return value.name, getattr(value, "arguments", None)


def first_line(cls: type, line: str, types: ColumnTypes) -> dict[str, Any]:
    """Return the fields that the first line of an object holds; DamageError if it is none."""
    if cls is model.Privilege:
        return _right(line)
    if cls is model.Constraint:
        return _constraint(line)
    rest = line[len(KEYWORDS[cls]) + 1 :]
    if cls in _PARTICULAR:
        return _PARTICULAR[cls](rest)
    name, end = qualified_of(rest) if cls in _QUALIFIED else name_of(rest)
    if cls in TYPED:
        return {"name": name, "type": types.of(rest[end + 1 :])}
    return _end({"name": name}, rest, end)


def _nameless(rest: str) -> dict[str, Any]:
    return _end({}, rest, 0)


def _key(rest: str) -> dict[str, Any]:
    if not rest:
        return {"column": None}
    name, end = name_of(rest)
    return _end({"column": name}, rest, end)


def _partition(rest: str) -> dict[str, Any]:
    parent, end = qualified_of(rest.removeprefix("of "))
    return _end({"parent": parent}, rest.removeprefix("of "), end)


def _partition_key(rest: str) -> dict[str, Any]:
    return {"definition": rest}


def _function(rest: str) -> dict[str, Any]:
    name, end = qualified_of(rest)
    if rest[end : end + 1] != "(" or not rest.endswith(")"):
        raise DamageError(f"{rest!r} has no arguments in parentheses")
    return {"name": name, "arguments": rest[end + 1 : -1]}


_PARTICULAR: dict[type, Callable[[str], dict[str, Any]]] = {
    model.DefaultPrivileges: _nameless,
    model.ColumnType: _nameless,
    model.IndexKey: _key,
    model.Partition: _partition,
    model.PartitionKey: _partition_key,
    model.Function: _function,
}


def _end(found: dict[str, Any], rest: str, end: int) -> dict[str, Any]:
    if rest[end:]:
        raise DamageError(f"{rest[end:]!r} is too much")
    return found


def _constraint(line: str) -> dict[str, Any]:
    for kind in model.ConstraintKind:
        if line.startswith(f"{kind.value} "):
            rest = line[len(kind.value) + 1 :]
            name, end = name_of(rest)
            return _end({"kind": kind, "name": name}, rest, end)
    raise DamageError(f"{line!r} is no constraint")


def _right(line: str) -> dict[str, Any]:
    found = _RIGHT.match(line)
    if found is None:
        raise DamageError(f"{line!r} is no right")
    rest = line[found.end() :]
    grantee, end = name_of(rest)
    grantable = rest[end:] == _OPTION
    right = {
        "privilege": found[2],
        "grantee": grantee,
        "grantable": grantable,
        "revoked": found[1] == "revoke",
    }
    return right if grantable else _end(right, rest, end)


def value_of(field: Field, rest: str, block: list[str]) -> Any:
    """Return the value after a label; DamageError if it is none."""
    if field.kind is Kind.CHOICE:
        return _choice(field.cls, rest)
    if field.kind is Kind.TEXT:
        if rest == "":
            raise DamageError("there is no value")
        return text_of(rest, block)
    return _READ[field.kind](rest)


def _qualified(rest: str) -> Any:
    name, end = qualified_of(rest)
    if rest[end:]:
        raise DamageError(f"{rest[end:]!r} is too much")
    return name


def _texts(rest: str) -> tuple[str | None, ...]:
    return tuple(items_of(rest))


def _flag(rest: str) -> bool:
    if rest not in ("", "no"):
        raise DamageError(f"{rest!r} is neither nothing nor no")
    return rest == ""


def _number(rest: str) -> int:
    try:
        return int(rest)
    except ValueError as damage:
        raise DamageError(f"{rest!r} is no number") from damage


def _choice(cls: Any, rest: str) -> Any:
    try:
        return cls(rest)
    except ValueError as damage:
        valid = ", ".join(str(item.value) for item in cls)
        raise DamageError(f"{rest!r} is none of {valid}") from damage


def _names(rest: str) -> tuple[Any, ...]:
    found = []
    at = 0
    while True:
        name, at = qualified_of(rest, at)
        found.append(name)
        if at == len(rest):
            return tuple(found)
        if rest[at : at + 2] != ", ":
            raise DamageError(f"{rest!r} is no list of names")
        at += 2


_READ: dict[Kind, Callable[[str], Any]] = {
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.NAME: _qualified,
    Kind.TEXTS: _texts,
    Kind.NAMES: _names,
}
