"""Frozen dataclasses to JSON and back, driven by their annotations.

Fields that hold their default are left out, so a file says only what is particular and an added
field does not change the files of schemas that do not use it.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from pgassay.core.names import QualifiedName

T = TypeVar("T")
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def encode(value: object) -> Json:  # noqa: PLR0911 - one return per kind of value
    """Return a JSON value for a dataclass, a tuple, a mapping, an enum or a scalar.

    A `QualifiedName` becomes `[schema, name]`. Raises TypeError for anything else.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, QualifiedName):
        return [value.schema, value.name]
    if isinstance(value, tuple | list | frozenset | set):
        items = sorted(value) if isinstance(value, frozenset | set) else value
        return [encode(item) for item in items]
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: encode(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if getattr(value, f.name) != _default(f)
        }
    raise TypeError(f"cannot encode {type(value).__name__}")


def decode(cls: type[T], data: Json) -> T:
    """Return the dataclass `cls` that `data` describes.

    Raises ValueError for an unknown field, a missing one or a value of the wrong kind.
    """
    return typing.cast("T", _decode(cls, data, cls.__name__))


def _default(field: dataclasses.Field[Any]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _decode(hint: Any, data: Json, path: str) -> Any:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        options = [o for o in typing.get_args(hint) if o is not type(None)]
        return None if data is None else _decode(options[0], data, path)
    if origin is tuple:
        if not isinstance(data, list):
            raise ValueError(f"{path}: expected a list")
        item = typing.get_args(hint)[0]
        return tuple(_decode(item, d, f"{path}[{i}]") for i, d in enumerate(data))
    if hint is QualifiedName:
        if not (isinstance(data, list) and len(data) == 2 and all(type(d) is str for d in data)):  # noqa: PLR2004 - schema and name
            raise ValueError(f"{path}: expected [schema, name]")
        return QualifiedName(*typing.cast("list[str]", data))
    if dataclasses.is_dataclass(hint):
        return _decode_fields(typing.cast("type", hint), data, path)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if isinstance(data, hint):
        return data
    raise ValueError(f"{path}: expected {hint.__name__}, found {type(data).__name__}")


def _decode_fields(cls: type, data: Json, path: str) -> object:
    if not isinstance(data, dict):
        raise ValueError(f"{path}: expected an object")  # noqa: TRY004 - bad data, not bad code
    hints = _hints(cls)
    unknown = sorted(data.keys() - hints.keys())
    if unknown:
        raise ValueError(f"{path}: unknown field {unknown[0]!r}")
    try:
        return cls(**{k: _decode(hints[k], v, f"{path}.{k}") for k, v in data.items()})
    except TypeError as missing:
        raise ValueError(f"{path}: {missing}") from missing
