"""Frozen dataclasses to JSON and back, driven by their annotations.

Fields that hold their default are left out, so a file says only what is particular and an added
field does not change the files of schemas that do not use it. Keys stand in the order of the
fields, so equal values give equal text. Every class is looked at once: what its fields need is
kept in closures.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from pgassay.core.names import QualifiedName

if typing.TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_SCALARS = frozenset({str, int, bool, float, type(None)})


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    """What is wrong with the data; the path to it is gathered on the way out."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.path = ""


def encode(value: object) -> Json:
    """Return a JSON value for a dataclass, a tuple, a mapping, an enum or a scalar.

    A `QualifiedName` becomes `[schema, name]`. Raises TypeError for anything else.
    """
    cls: Any = type(value)
    return typing.cast("Json", _encoder(cls)(value))


def decode(cls: type[T], data: Json) -> T:
    """Return the dataclass `cls` that `data` describes.

    Raises ValueError for an unknown field, a missing one or a value of the wrong kind, naming
    the place: `Catalog.tables[3].name: expected [schema, name]`.
    """
    hint: Any = cls
    try:
        return typing.cast("T", _decoder(hint)(data))
    except _Wrong as wrong:
        raise ValueError(f"{cls.__name__}{wrong.path}: {wrong}") from None


def _items(value: Any) -> list[Any]:
    return [item if type(item) in _SCALARS else encode(item) for item in value]


@cache
def _encoder(cls: Any) -> Callable[[Any], Any]:  # noqa: PLR0911 - one return per kind of value
    if issubclass(cls, Enum):
        return lambda value: value.value
    if cls in _SCALARS or issubclass(cls, str | int | float):
        return lambda value: value
    if issubclass(cls, QualifiedName):
        return lambda value: [value.schema, value.name]
    if issubclass(cls, tuple | list):
        return _items
    if issubclass(cls, frozenset | set):
        return lambda value: _items(sorted(value))
    if issubclass(cls, dict):
        return lambda value: {str(key): encode(item) for key, item in value.items()}
    if dataclasses.is_dataclass(cls):
        return _fields_encoder(typing.cast("type", cls))
    raise TypeError(f"cannot encode {cls.__name__}")


def _fields_encoder(cls: type) -> Callable[[Any], dict[str, Any]]:
    plan = [(field.name, _default(field)) for field in dataclasses.fields(cls)]

    def encode_fields(value: Any) -> dict[str, Any]:
        made = {}
        for name, default in plan:
            item = getattr(value, name)
            if item != default:
                made[name] = item if type(item) in _SCALARS else encode(item)
        return made

    return encode_fields


def _default(field: dataclasses.Field[Any]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


@cache
def _decoder(hint: Any) -> Callable[[Any], Any]:  # noqa: PLR0911 - one return per kind of hint
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _optional_decoder(hint)
    if origin is tuple:
        return _tuple_decoder(typing.get_args(hint)[0])
    if origin in (Mapping, dict):
        return _mapping_decoder(*typing.get_args(hint))
    if hint is QualifiedName:
        return _qualified_name
    if dataclasses.is_dataclass(hint):
        return _fields_decoder(typing.cast("type", hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum_decoder(hint)
    if hint is float:
        return _float
    if hint in _SCALARS:
        return _scalar_decoder(hint)
    raise TypeError(f"cannot decode {hint}")


def _optional_decoder(hint: Any) -> Callable[[Any], Any]:
    present = [option for option in typing.get_args(hint) if option is not type(None)]
    if len(present) != 1:
        raise TypeError(f"cannot decode {hint}: a union can only be with None")
    decode_present = _decoder(present[0])
    return lambda data: None if data is None else decode_present(data)


def _tuple_decoder(item: Any) -> Callable[[Any], Any]:
    decode_item = _decoder(item)

    def decode_tuple(data: Any) -> tuple[Any, ...]:
        if type(data) is not list:
            raise _Wrong("expected a list")
        made: list[Any] = []
        try:
            for entry in data:
                made.append(decode_item(entry))  # noqa: PERF401 - its length is the error's place
        except _Wrong as wrong:
            wrong.path = f"[{len(made)}]{wrong.path}"
            raise
        return tuple(made)

    return decode_tuple


def _mapping_decoder(key: Any, item: Any) -> Callable[[Any], Any]:
    decode_key, decode_item = _decoder(key), _decoder(item)

    def decode_mapping(data: Any) -> dict[Any, Any]:
        if type(data) is not dict:
            raise _Wrong("expected an object")
        made: dict[Any, Any] = {}
        name = ""
        try:
            for name, entry in data.items():
                made[decode_key(name)] = decode_item(entry)
        except _Wrong as wrong:
            wrong.path = f".{name}{wrong.path}"
            raise
        return made

    return decode_mapping


def _fields_decoder(cls: type) -> Callable[[Any], Any]:
    # Resolved at the first use, so that a class may hold others of its own kind.
    resolved: dict[str, Callable[[Any], Any]] = {}

    def decode_fields(data: Any) -> Any:
        if not resolved:
            hints = typing.get_type_hints(cls)
            resolved.update({f.name: _decoder(hints[f.name]) for f in dataclasses.fields(cls)})
        if type(data) is not dict:
            raise _Wrong("expected an object")
        made: dict[str, Any] = {}
        name = ""
        try:
            for name, value in data.items():
                made[name] = resolved[name](value)
        except _Wrong as wrong:
            wrong.path = f".{name}{wrong.path}"
            raise
        except KeyError:
            raise _Wrong(f"unknown field {name!r}") from None
        try:
            return cls(**made)
        except TypeError:
            missing = [n for n in _required(cls) if n not in made]
            raise _Wrong(f"missing field {', '.join(map(repr, missing))}") from None

    return decode_fields


def _required(cls: type) -> list[str]:
    return [f.name for f in dataclasses.fields(cls) if _default(f) is dataclasses.MISSING]


def _enum_decoder(hint: type[Enum]) -> Callable[[Any], Any]:
    members = {member.value: member for member in hint}

    def decode_enum(data: Any) -> Enum:
        try:
            return members[data]
        except (KeyError, TypeError):
            raise _Wrong(f"expected one of {', '.join(map(str, members))}") from None

    return decode_enum


def _qualified_name(data: Any) -> QualifiedName:
    if type(data) is list:
        match data:
            case [str(schema), str(name)]:
                return QualifiedName(schema, name)
    raise _Wrong("expected [schema, name]")


def _float(data: Any) -> Any:
    if type(data) not in (float, int):
        raise _Wrong(f"expected float, found {type(data).__name__}")
    return data  # as written: a whole number stays one, so that equal values give equal text


def _scalar_decoder(hint: type) -> Callable[[Any], Any]:
    def decode_scalar(data: Any) -> Any:
        if type(data) is not hint:
            raise _Wrong(f"expected {hint.__name__}, found {type(data).__name__}")
        return data

    return decode_scalar
