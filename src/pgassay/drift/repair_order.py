"""The order in which repairs can be applied one after the other.

First goes what stands in the way (a constraint, an index, a trigger that nobody promised), then
everything is built and changed from the types up to the triggers, then what is no longer needed
is dropped, and names are changed, because statements use the names that are there. Views and SQL
functions come last: their text uses the promised names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import (
    Column,
    CompositeType,
    Constraint,
    ConstraintKind,
    DefaultPrivileges,
    Domain,
    EnumType,
    EventTrigger,
    ExtendedStatistics,
    Extension,
    Function,
    Index,
    Policy,
    RangeType,
    Rule,
    Schema,
    Sequence,
    Table,
    Trigger,
    View,
)
from pgassay.drift.difference import Change, Difference

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLASSES = (
    Schema,
    Extension,
    EnumType,
    Domain,
    CompositeType,
    RangeType,
    Sequence,
    Function,
    Table,
    Column,
    Constraint,
    Index,
    ExtendedStatistics,
    View,
    Trigger,
    Policy,
    Rule,
    EventTrigger,
    DefaultPrivileges,
)
_RANK = {cls: rank for rank, cls in enumerate(_CLASSES)}
_IN_THE_WAY = frozenset(
    {Constraint, Index, ExtendedStatistics, View, Trigger, Policy, Rule, EventTrigger}
)
_CLEARED, _BUILT, _DROPPED, _RENAMED, _QUERIES, _TOLD = range(6)


def in_order(differences: Iterable[Difference]) -> list[Difference]:
    """Return the differences in the order of their repairs; stable where the order is free."""
    return sorted(differences, key=_place)


def _place(difference: Difference) -> tuple[int, int, int, str]:
    value = difference.built if difference.change is Change.EXTRA else difference.promised
    rank = _RANK[type(value)]
    name = difference.object
    if difference.change is Change.ORDER:
        return _TOLD, 0, 0, name
    if difference.change is Change.RENAMED:
        return _RENAMED, rank, 0, name
    if difference.change is Change.EXTRA:
        phase = _CLEARED if type(value) in _IN_THE_WAY else _DROPPED
        return phase, -rank, -_within(value), name
    if _is_query(difference, value):
        return _QUERIES, rank, 0, name
    return _BUILT, rank, _within(value), name


def _is_query(difference: Difference, value: Any) -> bool:
    """Whether a query is made that may name anything by its promised name."""
    if isinstance(value, Function):
        return value.language == "sql"
    whole = difference.change is Change.MISSING or difference.field == "definition"
    return isinstance(value, View) and whole


def _within(value: Any) -> int:
    """A foreign key needs the key it refers to, a partition its parent."""
    if isinstance(value, Constraint):
        return int(value.kind is ConstraintKind.FOREIGN_KEY)
    if isinstance(value, Table):
        return int(value.partition is not None)
    return 0
