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
    from collections.abc import Iterable, Mapping

    from pgassay.core.names import QualifiedName

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
    waiting = list(differences)
    heights = _heights(d for d in waiting if d.change in (Change.MISSING, Change.EXTRA))
    return sorted(waiting, key=lambda difference: _place(difference, heights))


def _place(
    difference: Difference, heights: Mapping[QualifiedName, int]
) -> tuple[int, int, int, str]:
    value = difference.built if difference.change is Change.EXTRA else difference.promised
    rank = _RANK[type(value)]
    name = difference.object
    within = heights.get(value.name, 0) if isinstance(value, Table | View) else 0
    if isinstance(value, Constraint):  # a foreign key needs the key that it refers to
        within = int(value.kind is ConstraintKind.FOREIGN_KEY)
    if difference.change is Change.ORDER:
        return _TOLD, 0, 0, name
    if difference.change is Change.RENAMED:
        return _RENAMED, rank, 0, name
    if difference.change is Change.EXTRA:
        phase = _CLEARED if type(value) in _IN_THE_WAY else _DROPPED
        return phase, -rank, -within, name
    if _is_query(difference, value):
        return _QUERIES, rank, within, name
    return _BUILT, rank, within, name


def _heights(differences: Iterable[Difference]) -> dict[QualifiedName, int]:
    """Return how many tables or views a missing or surplus one stands on, one on top of another.

    A cycle of foreign keys has no order; it is cut where it is met.
    """
    objects = {
        value.name: value
        for difference in differences
        for value in (difference.promised, difference.built)
        if isinstance(value, Table | View)
    }
    heights: dict[QualifiedName, int] = {}

    def height(name: QualifiedName, above: frozenset[QualifiedName]) -> int:
        if name not in heights:
            needs = _needs(objects[name], objects) - above - {name}
            heights[name] = 1 + max((height(n, above | {name}) for n in needs), default=0)
        return heights[name]

    for name in objects:
        height(name, frozenset())
    return heights


def _needs(value: Table | View, others: Iterable[QualifiedName]) -> set[QualifiedName]:
    """Return which of the others must be there first."""
    if isinstance(value, View):
        return {name for name in others if name.sql in value.definition}
    wanted = {c.references for c in value.constraints} | set(value.inherits)
    if value.partition:
        wanted.add(value.partition.parent)
    return {name for name in others if name in wanted}


def _is_query(difference: Difference, value: Any) -> bool:
    """Whether a query is made that may name anything by its promised name."""
    if isinstance(value, Function):
        return value.language == "sql"
    whole = difference.change is Change.MISSING or difference.field == "definition"
    return isinstance(value, View) and whole
