"""Two catalogs of one server, exactly: what a history that goes back must leave equal.

Drift leaves out what is no promise: names that PostgreSQL made up, which months exist. A history
has no such excuse, both sides were built by the same migrations. Only the order of columns is left
out: a column that comes back comes back at the end.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from pgassay.core.codec import encode
from pgassay.core.names import QualifiedName
from pgassay.drift.difference import named
from pgassay.drift.promises import THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Column

_TEXTS = frozenset(
    {"definition", "expression", "default", "generated", "predicate", "condition", "using", "check"}
)
_LONG = 200  # characters of a value that are told


def unordered(catalog: Catalog) -> Catalog:
    """Return a catalog with the columns of its tables by name."""

    def by_name(columns: tuple[Column, ...]) -> tuple[Column, ...]:
        ordered = sorted(columns, key=lambda column: column.name)
        return tuple(replace(column, position=0) for column in ordered)

    return replace(
        catalog, tables=tuple(replace(t, columns=by_name(t.columns)) for t in catalog.tables)
    )


def catalog_digest(catalog: Catalog) -> str:
    """Return a SHA-256 of a catalog, the order of columns aside."""
    text = json.dumps(encode(unordered(catalog)), separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ExactDifference:
    """One difference in words; `textual` if two texts of one expression may mean the same."""

    text: str
    textual: bool = False

    def __str__(self) -> str:
        """Return the words."""
        return self.text


def exact_differences(one: Catalog, other: Catalog) -> tuple[ExactDifference, ...]:
    """Return every difference between two catalogs, none where they are equal.

    `one` is what was there at first, `other` what is there now.
    """
    one, other = unordered(one), unordered(other)
    return () if one == other else tuple(_of_parts(one, other, ""))


def _of_parts(one: Any, other: Any, place: str) -> Iterator[ExactDifference]:
    for field in fields(one):
        this, that = getattr(one, field.name), getattr(other, field.name)
        if this == that:
            continue
        if _are_objects(this) or _are_objects(that):
            yield from _of_objects(this, that, place)
        else:
            told = f"{place}: {_word(one, field.name)} was {_told(this)}, and is {_told(that)}"
            yield ExactDifference(told, textual=field.name in _TEXTS and None not in (this, that))


def _of_objects(
    ones: tuple[Any, ...], others: tuple[Any, ...], place: str
) -> Iterator[ExactDifference]:
    here, there = _by_name(ones), _by_name(others)
    for name, value in here.items():
        if name not in there:
            yield ExactDifference(f"{_placed(place, value, name)} is gone")
        elif value != there[name]:
            yield from _of_parts(value, there[name], _placed(place, value, name))
    for name, value in there.items():
        if name not in here:
            yield ExactDifference(f"{_placed(place, value, name)} is new")
    if list(here.values()) == list(there.values()) and here:
        yield ExactDifference(f"{place}: the order of {', '.join(here)} is another")


def _by_name(values: tuple[Any, ...]) -> dict[str, Any]:
    return {_name(value, number): value for number, value in enumerate(values)}


def _name(value: Any, number: int) -> str:
    """Return what tells one object of a list from the others."""
    if hasattr(value, "name") or hasattr(value, "object_type"):
        return named(value)
    if hasattr(value, "grantee"):
        return f"{value.privilege} of {value.grantee}"
    return str(number + 1)


def _placed(place: str, value: Any, name: str) -> str:
    thing = THINGS.get(type(value))
    word = thing.of(value) if thing else type(value).__name__.lower()
    return f"{place}, {word} {name}" if place else f"{word} {name}"


def _word(holder: Any, field: str) -> str:
    thing = THINGS.get(type(holder))
    promise = thing.fields.get(field) if thing else None
    return (promise.word if promise else "") or field.replace("_", " ")


def _are_objects(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and _is_object(value[0])


def _is_object(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, QualifiedName)


def _told(value: Any) -> str:
    if value is None:
        return "none"
    text = str(value) if isinstance(value, str | QualifiedName) else repr(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]} …"
