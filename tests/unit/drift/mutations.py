"""Every change of one field of one object of a catalog, made by reflection.

A field is changed to another value of its own kind; an element of a list is lost. What a change
must lead to is the business of the tests.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """`owner` is the class whose `field` was changed, `path` where, `catalog` the result.

    `lost` is the name of the element that a list lost, if one did.
    """

    owner: type
    field: str
    path: str
    lost: str
    catalog: Catalog

    def __str__(self) -> str:
        return f"{self.path}.{self.field}" + (f" without {self.lost}" if self.lost else "")


def mutations(catalog: Catalog, but: str) -> Iterator[Mutation]:
    """Yield every mutation of a catalog, but for those at a place that the pattern matches."""
    for path, owner, field, lost, made in _mutated(catalog, "catalog"):
        if re.match(but, f"{path}.{field}"):
            continue
        yield Mutation(owner=owner, field=field, path=path, lost=lost, catalog=made)


Made = tuple[str, type, str, str, Any]


def _mutated(value: Any, path: str) -> Iterator[Made]:
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        for other in _others(item, _hints(type(value))[field.name]):
            lost = _lost(item, other)
            yield path, type(value), field.name, lost, replace(value, **{field.name: other})
        for where, owner, name, lost, inner in _within(item, f"{path}.{field.name}"):
            yield where, owner, name, lost, replace(value, **{field.name: inner})


def _lost(item: Any, other: Any) -> str:
    if not isinstance(item, tuple) or len(item) < len(other):
        return ""
    gone = [one for one in item if one not in other]
    return str(getattr(gone[0], "name", gone[0])) if gone else ""


def _within(item: Any, path: str) -> Iterator[Made]:
    if isinstance(item, tuple):
        for place, one in enumerate(item):
            if not _is_object(one):
                continue
            name = getattr(one, "name", place)
            for where, owner, field, lost, made in _mutated(one, f"{path}[{name}]"):
                yield where, owner, field, lost, (*item[:place], made, *item[place + 1 :])
    elif _is_object(item):
        yield from _mutated(item, path)


def _is_object(item: Any) -> bool:
    return dataclasses.is_dataclass(item) and not isinstance(item, QualifiedName | type)


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _others(item: Any, hint: Any) -> Iterator[Any]:
    """Yield other values of one field."""
    args = typing.get_args(hint)
    optional = type(None) in args
    if isinstance(item, bool):
        yield not item
    elif isinstance(item, int):
        yield item + 1
    elif isinstance(item, Enum):
        yield next(member for member in type(item) if member is not item)
    elif isinstance(item, str):
        yield item + "x"
    elif isinstance(item, QualifiedName):
        yield QualifiedName(item.schema, item.name + "x")
        yield QualifiedName("other", item.name)
    elif isinstance(item, tuple):
        yield from _other_tuples(item, args[0])
    elif item is None:
        yield from _instead_of_none(next(a for a in args if a is not type(None)))
    elif not optional:
        yield next(_mutated(item, ""))[-1]
    if optional and item is not None:
        yield None


def _other_tuples(item: tuple[Any, ...], inner: Any) -> Iterator[tuple[Any, ...]]:
    for place in range(len(item)):
        yield (*item[:place], *item[place + 1 :])
    if inner in (str, QualifiedName) or typing.get_args(inner):
        yield (*item, QualifiedName("public", "new") if inner is QualifiedName else "new")


def _instead_of_none(kind: Any) -> Iterator[Any]:
    if kind in (str, int):
        yield kind(7)
    elif kind is QualifiedName:
        yield QualifiedName("public", "new")
