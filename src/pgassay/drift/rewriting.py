"""Other names throughout a catalog, so that an object that was only renamed is compared as one.

Names stand in fields of their own, and qualified in deparsed text (which is read with an empty
`search_path`). Comments and labels are nobody's names and stay as they are.
"""

from __future__ import annotations

import re
import typing
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pgassay.core.catalog import (
    Column,
    Constraint,
    IndexKey,
    Sequence,
    Table,
)
from pgassay.core.names import QualifiedName, quote
from pgassay.drift.promises import THINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")
_TEXTS = frozenset({"definition", "sql", "arguments", "returns", "subtype"})
_COLUMN_NAMES = frozenset({"columns", "set_columns", "include"})


def with_names(value: T, names: Mapping[QualifiedName, QualifiedName]) -> T:
    """Return a catalog, or a part of one, with objects called by other names."""
    if not names:
        return value
    texts = _Texts({old.sql: new.sql for old, new in names.items()})

    def changed(owner: type, field: str, item: Any) -> Any:
        if isinstance(item, QualifiedName):
            return names.get(item, item)
        if isinstance(item, tuple) and item and isinstance(item[0], QualifiedName):
            return tuple(names.get(i, i) for i in item)
        return texts.within(item) if isinstance(item, str) and is_text(owner, field) else item

    return typing.cast("T", rebuilt(value, changed))


def with_columns(value: T, table: QualifiedName, names: Mapping[str, str]) -> T:
    """Return a catalog, or a part of one, with columns of one table called by other names."""
    texts = _Texts({quote(old): quote(new) for old, new in names.items()})

    def here(owner: type, field: str, item: Any) -> Any:
        if isinstance(item, str):
            own = (owner is Column and field == "name") or (owner is IndexKey and field == "column")
            if own:
                return names.get(item, item)
            return texts.within(item) if is_text(owner, field) else item
        if isinstance(item, tuple) and field in _COLUMN_NAMES:
            return tuple(names.get(i, i) if isinstance(i, str) else i for i in item)
        return item

    def elsewhere(part: Any) -> Any:
        if isinstance(part, Table) and (part.name == table or _parent(part) == table):
            return rebuilt(part, here)
        if isinstance(part, Constraint) and part.references == table:
            referenced = tuple(names.get(c, c) for c in part.referenced_columns)
            return replace(part, referenced_columns=referenced)
        if isinstance(part, Sequence) and part.owned_by == table and part.owned_column:
            return replace(part, owned_column=names.get(part.owned_column, part.owned_column))
        return part

    return typing.cast("T", _each(value, elsewhere))


def is_text(owner: type, field: str) -> bool:
    """Whether a field holds deparsed SQL, in which names occur."""
    return field in _TEXTS or THINGS[owner].fields[field].place is not None


def rebuilt(value: Any, change: Callable[[type, str, Any], Any]) -> Any:
    """Return a dataclass with `change(owner, field, item)` applied to every field within it."""
    if isinstance(value, tuple):
        items = [rebuilt(item, change) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else tuple(items)
    if not is_dataclass(value) or isinstance(value, QualifiedName | type):
        return value
    changes = {}
    for field in fields(value):
        old = getattr(value, field.name)
        new = change(type(value), field.name, rebuilt(old, change))
        if new is not old and new != old:
            changes[field.name] = new
    return replace(value, **changes) if changes else value


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return the value with `change` applied to every dataclass within it, the inner ones first."""
    if isinstance(value, tuple):
        return tuple(_each(item, change) for item in value)
    if not is_dataclass(value) or isinstance(value, QualifiedName | type):
        return value
    inner = {f.name: _each(getattr(value, f.name), change) for f in fields(value)}
    return change(replace(value, **inner))


def _parent(table: Table) -> QualifiedName | None:
    return table.partition.parent if table.partition else None


class _Texts:
    """Replaces SQL names in SQL text, all at once, so that names can be exchanged."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        names = "|".join(re.escape(t) for t in sorted(texts, key=len, reverse=True))
        self._pattern = re.compile(rf'(?<![\w"$.])(?:{names})(?![\w"$])')

    def within(self, text: str) -> str:
        """Return the text with the names replaced."""
        return self._pattern.sub(lambda found: self._texts[found[0]], text)
