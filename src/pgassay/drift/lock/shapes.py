"""The shape of each catalog dataclass in a lock: its first line, and a label for every field.

The first line holds a keyword and what identifies the object. Every other field that is compared
and does not hold its default has a line of its own: a label, which is the field's name in words,
and a value. A field that is added to a dataclass is written from then on without a change here.
"""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from pgassay.core import catalog as model
from pgassay.core.names import QualifiedName
from pgassay.drift.promises import THINGS, How

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYWORDS: dict[type, str] = {
    model.Schema: "schema",
    model.Extension: "extension",
    model.EnumType: "enum",
    model.Domain: "domain",
    model.CompositeType: "type",
    model.RangeType: "range",
    model.Sequence: "sequence",
    model.Table: "table",
    model.View: "view",
    model.Function: "function",
    model.EventTrigger: "event trigger",
    model.DefaultPrivileges: "default privileges",
    model.Column: "column",
    model.Index: "index",
    model.IndexKey: "key",
    model.Trigger: "trigger",
    model.Policy: "policy",
    model.Rule: "rule",
    model.ExtendedStatistics: "statistics",
    model.PartitionKey: "partition key",
    model.Partition: "partition",
    model.ColumnType: "type in full",
}
"""The first word of an object. A constraint's is its kind; a right's is `grant` or `revoke`."""

TYPED = (model.Column, model.Domain)
"""Objects whose first line also says their type."""

NAMELESS = (model.DefaultPrivileges, model.ColumnType, model.IndexKey)
"""Objects whose first line may be the keyword alone."""

ONE_A_LINE = frozenset({"labels"})
"""Lists of which each item has its own line, because items are added in the middle."""

_LABELS = {"predicate": "where", "collation": "collate", "labels": "label"}

DERIVED: dict[tuple[type, str], Any] = {
    (model.Column, "position"): 0,
    (model.Constraint, "definition"): "",
    (model.Index, "definition"): "",
    (model.Index, "keys"): (),
    (model.Extension, "version"): "",
    (model.Table, "columns"): (),
    (model.View, "columns"): (),
    (model.CompositeType, "columns"): (),
    (model.EnumType, "labels"): (),
    (model.DefaultPrivileges, "schema"): None,
    (model.DefaultPrivileges, "privileges"): (),
}
"""What a missing line means where the dataclass has no default for it.

It is no part of the contract, follows from the rest and is put in again, or is an empty list.
"""


class Kind(Enum):
    """How the value of a field is written."""

    FLAG = "flag"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    NAME = "name"
    TEXTS = "texts"
    NAMES = "names"
    OBJECT = "object"
    OBJECTS = "objects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a dataclass as it stands in a lock. `cls` is the class of its value or items."""

    name: str
    label: str
    kind: Kind
    cls: type
    default: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The fields that have lines of their own, in the order of the dataclass.

    `beginnings` are the words with which a line below the object can begin, by their first word,
    the longest first.
    """

    fields: tuple[Field, ...]
    beginnings: Mapping[str, tuple[tuple[str, Field], ...]]

    def begun(self, line: str) -> Field | None:
        """Return the field that a line says something of."""
        for text, field in self.beginnings.get(line.partition(" ")[0], ()):
            named = field.kind is Kind.OBJECTS and field.cls not in NAMELESS
            if line.startswith(f"{text} ") or (line == text and not named):
                return field
        return None

    @property
    def labels(self) -> list[str]:
        """All words with which a line below the object can begin."""
        return sorted({text for group in self.beginnings.values() for text, _ in group})


def _beginnings(fields: tuple[Field, ...]) -> dict[str, tuple[tuple[str, Field], ...]]:
    found: dict[str, list[tuple[str, Field]]] = {}
    # Objects last, so that they win over a label of the same words.
    for field in sorted(fields, key=lambda f: f.kind in (Kind.OBJECT, Kind.OBJECTS)):
        for text in _words_of(field):
            found.setdefault(text.partition(" ")[0], []).insert(0, (text, field))
    return {
        word: tuple(sorted(group, key=lambda pair: -len(pair[0]))) for word, group in found.items()
    }


def _words_of(field: Field) -> list[str]:
    if field.kind not in (Kind.OBJECT, Kind.OBJECTS):
        return [field.label]
    if field.cls is model.Constraint:
        return [kind.value for kind in model.ConstraintKind]
    return ["grant", "revoke"] if field.cls is model.Privilege else [KEYWORDS[field.cls]]


_IN_FIRST_LINE: dict[type, frozenset[str]] = {
    model.Constraint: frozenset({"name", "kind"}),
    model.Function: frozenset({"name", "arguments"}),
    model.IndexKey: frozenset({"column"}),
    model.Partition: frozenset({"parent"}),
    model.Privilege: frozenset({"grantee", "privilege", "grantable", "revoked"}),
    model.DefaultPrivileges: frozenset(),
    model.Column: frozenset({"name", "type"}),
    model.Domain: frozenset({"name", "type"}),
    model.PartitionKey: frozenset({"definition"}),
    model.ColumnType: frozenset(),
}


@cache
def shape_of(cls: type) -> Shape:
    """Return the shape of a catalog dataclass."""
    first = _IN_FIRST_LINE.get(cls, frozenset({"name"}))
    hints = typing.get_type_hints(cls)
    promises = THINGS[cls].fields
    made = []
    for field in dataclasses.fields(cls):
        if field.name in first:
            continue
        if promises[field.name].how is How.SILENT and cls is not model.ColumnType:
            continue
        kind, inner = _kind(hints[field.name])
        made.append(
            Field(
                name=field.name,
                label=_LABELS.get(field.name, field.name.replace("_", " ")),
                kind=kind,
                cls=inner,
                default=DERIVED.get((cls, field.name), field.default),
            )
        )
    return Shape(fields=tuple(made), beginnings=_beginnings(tuple(made)))


def _kind(hint: Any) -> tuple[Kind, type]:
    args = [a for a in typing.get_args(hint) if a is not type(None)]
    if typing.get_origin(hint) is tuple:
        inner = args[0]
        if dataclasses.is_dataclass(inner) and inner is not QualifiedName:
            return Kind.OBJECTS, typing.cast("type", inner)
        return (Kind.NAMES if inner is QualifiedName else Kind.TEXTS), str
    cls: type = args[0] if args else hint
    if cls is QualifiedName:
        return Kind.NAME, cls
    if dataclasses.is_dataclass(cls):
        return Kind.OBJECT, cls
    if issubclass(cls, Enum):
        return Kind.CHOICE, cls
    return {bool: Kind.FLAG, int: Kind.NUMBER}.get(cls, Kind.TEXT), cls
