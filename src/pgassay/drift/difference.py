"""A difference between two catalogs, as data; words and statements are made of it later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pgassay.core.names import QualifiedName, quote
from pgassay.drift.promises import THINGS


class Change(StrEnum):
    """In what way the built object differs from the promised one."""

    MISSING = "missing"
    EXTRA = "extra"
    CHANGED = "changed"
    RENAMED = "renamed"
    ORDER = "order"  # of a table's columns: information, no finding that fails


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference.

    Args:
        change: in what way they differ.
        promised: the object that was promised; None if it was not.
        built: the one that is there; None if there is none.
        field: of a CHANGED object, the field that differs.
        promised_in: the table, view or type that holds the promised object.
        built_in: the one that holds the built object.
        grantee: whose rights differ, where rights do.
        note: words and repair, where the objects alone do not say them (partitions).
    """

    change: Change
    promised: Any = None  # any catalog dataclass
    built: Any = None
    field: str = ""
    promised_in: Any = None  # a Table, View, Domain or CompositeType
    built_in: Any = None
    grantee: str = ""
    note: Note | None = None

    @property
    def thing(self) -> str:
        """What the object is called: `foreign key`, `partition`, `grant`."""
        if self.grantee:
            return "grant"
        known = self.built if self.built is not None else self.promised
        return THINGS[type(known)].of(known)

    @property
    def aspect(self) -> str:
        """What people call that which differs: `default`, `on delete`; empty for a whole object."""
        if self.note:
            return self.note.aspect
        if self.change is Change.RENAMED:
            return "name"
        if self.change is Change.ORDER:
            return "column order"
        if not self.field:
            return ""
        return THINGS[type(self.promised)].fields[self.field].word

    @property
    def object(self) -> str:
        """The object that stands by itself, as people write it."""
        if self.promised_in is not None or self.built_in is not None:
            return named(self.built_in if self.built_in is not None else self.promised_in)
        return named(self.promised if self.promised is not None else self.built)

    @property
    def part(self) -> str | None:
        """The column, constraint, … within it."""
        if self.promised_in is None and self.built_in is None:
            return None
        return named(self.promised if self.promised is not None else self.built)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words and repair of a difference that is not one between two objects."""

    aspect: str
    title: str
    found: str
    expected: str
    why: str
    fix: str = ""


def named(value: object) -> str:
    """Return the name of any catalog object as people write it."""
    name = getattr(value, "name", None)
    if isinstance(name, QualifiedName):
        arguments = getattr(value, "arguments", None)
        return str(name) if arguments is None else f"{name}({arguments})"
    if isinstance(name, str):
        return quote(name)
    role, schema, kind = (getattr(value, f) for f in ("role", "schema", "object_type"))
    return f"{kind} of {quote(role)}" + (f" in {quote(schema)}" if schema else "")
