"""The JSON Schema of the lines of a record, made from the annotations of the events.

It is published in `docs/schemas/`; a test holds the file in step.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any

from pgassay.core.names import QualifiedName
from pgassay.core.record import FORMS
from pgassay.report.recording import SCHEMA

Schema = dict[str, Any]

_SCALARS: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
}


def event_schema() -> Schema:
    """Return the schema that each line of a record satisfies (JSON Schema, draft 2020-12)."""
    classes = _Classes()
    events = {name: classes.object(form, event=name) for name, form in FORMS.items()}
    header: Schema = {
        "type": "object",
        "description": "The first line: the form, which pgassay wrote it, and when.",
        "properties": {
            "format": {"const": SCHEMA},
            "version": {"type": "string"},
            "at": {"type": "string", "format": "date-time"},
        },
        "required": ["format", "version", "at"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "One line of the events of a pgassay run. A field that is left out has its "
        "default. Events and fields may be added without a new number.",
        "oneOf": [
            {"$ref": "#/$defs/header"},
            *({"$ref": f"#/$defs/{name}"} for name in events),
        ],
        "$defs": {"header": header, **events, **classes.made},
    }


class _Classes:
    """The schemas of the dataclasses that fields hold."""

    def __init__(self) -> None:
        self.made: dict[str, Schema] = {}

    def object(self, cls: type, *, event: str | None = None) -> Schema:
        """Return the schema of one dataclass."""
        hints = typing.get_type_hints(cls)
        fields = dataclasses.fields(cls)
        made: Schema = {"type": "object"}
        if cls.__doc__:
            made["description"] = cls.__doc__.strip().split("\n\n")[0].replace("\n    ", " ")
        known: Schema = {"event": {"const": event}} if event else {}
        made["properties"] = known | {f.name: self._of(hints[f.name]) for f in fields}
        made["required"] = [*known, *(f.name for f in fields if _required(f))]
        return made

    def _of(self, hint: Any) -> Schema:  # noqa: PLR0911 - one return per kind of hint
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in (types.UnionType, typing.Union):
            return {"anyOf": [self._of(one) for one in arguments]}
        if hint is type(None):
            return {"type": "null"}
        if origin is tuple:
            return {"type": "array", "items": self._of(arguments[0])}
        if origin in (Mapping, dict):
            return {"type": "object", "additionalProperties": self._of(arguments[1])}
        if hint is QualifiedName:
            return {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}
        if isinstance(hint, type) and issubclass(hint, Enum):
            return {"enum": [member.value for member in hint]}
        if dataclasses.is_dataclass(hint):
            assert isinstance(hint, type)
            return self._reference(hint)
        return _SCALARS[hint]

    def _reference(self, cls: type) -> Schema:
        name = cls.__name__
        if name not in self.made:
            self.made[name] = {}  # a class may hold others of its own kind
            self.made[name] = self.object(cls)
        return {"$ref": f"#/$defs/{name}"}


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is field.default_factory is dataclasses.MISSING
