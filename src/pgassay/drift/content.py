"""What an object is apart from its name: the same content under another name is a renaming."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Column,
    Domain,
    ExtendedStatistics,
    Function,
    Rule,
    Sequence,
    Table,
    Trigger,
    View,
)
from pgassay.core.names import QualifiedName, quote
from pgassay.drift.promises import THINGS, How

if TYPE_CHECKING:
    from collections.abc import Callable

_APART = frozenset({"comment", "privileges"})
_COMPARED: dict[type, tuple[tuple[str, Any], ...]] = {
    cls: tuple(
        (field, promise.by)
        for field, promise in thing.fields.items()
        if promise.how not in (How.NAME, How.SILENT, How.LAST) and field not in _APART
    )
    for cls, thing in THINGS.items()
}


def content(value: Any) -> Any:
    """Return what is compared of an object, without its name, comment and rights.

    Two objects of one class have equal content if nothing but those differs.
    """
    special = _SPECIAL.get(type(value))
    if special:
        return special(value)
    return tuple(
        by(getattr(value, field)) if by else getattr(value, field)
        for field, by in _COMPARED[type(value)]
    )


def _table(table: Table) -> Any:
    """A partition is known by its bound, whatever it has of its own."""
    if table.partition:
        return table.partition
    return frozenset((c.name, c.type.sql, c.not_null) for c in table.columns)


def _view(view: View) -> Any:
    return view.materialised, view.definition


def _function(function: Function) -> Any:
    head = f"{function.name.sql}("
    return function.arguments, function.definition.replace(head, "(", 1)


def _domain(domain: Domain) -> Any:
    checks = frozenset(content(c) for c in domain.constraints)
    return domain.type.sql, domain.not_null, domain.default, domain.collation, checks


def _sequence(sequence: Sequence) -> Any:
    if sequence.owned_by is not None:
        return sequence.owned_by, sequence.owned_column
    return tuple(getattr(sequence, field) for field, _ in _COMPARED[Sequence])


def _rule(rule: Rule) -> Any:
    return named_like(rule, "").definition, rule.enabled


def _statistics(statistics: ExtendedStatistics) -> Any:
    return named_like(statistics, QualifiedName("", "")).definition, statistics.target


def named_like(value: Any, name: Any) -> Any:
    """Return an object under another name, in the text that repeats it as well."""
    if isinstance(value, Trigger | Rule):
        word = "TRIGGER" if isinstance(value, Trigger) else "RULE"
        old, new = f"{word} {quote(value.name)} ", f"{word} {quote(name)} "
    elif isinstance(value, ExtendedStatistics):
        old, new = f"STATISTICS {value.name.sql} ", f"STATISTICS {name.sql} "
    else:
        return replace(value, name=name)
    return replace(value, name=name, definition=value.definition.replace(old, new, 1))


def _column(column: Column) -> Any:
    return tuple(
        by(getattr(column, f)) if by else getattr(column, f)
        for f, by in _COMPARED[Column]
        if f != "inherited"
    )


_SPECIAL: dict[type, Callable[[Any], Any]] = {
    Table: _table,
    View: _view,
    Function: _function,
    Domain: _domain,
    Sequence: _sequence,
    Column: _column,
    Rule: _rule,
    ExtendedStatistics: _statistics,
}
