"""What of a partition is its own: the rest it has from its parent, where it is compared.

A partition repeats its parent's columns, constraints, indexes and triggers. Were each compared
with its promised twin, one changed constraint would be told once a month. So every partition is
reduced to what it does not share with its parent, and what it lacks of the parent is told by
itself. Names of its copies are the parent's, since PostgreSQL makes them up.

An identity column of the parent is one on the partitions from PostgreSQL 17 on and not before;
it is the parent's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from pgassay.core.catalog import (
    Column,
    Constraint,
    ConstraintKind,
    Index,
    Table,
    TableKind,
    Trigger,
)
from pgassay.core.names import QualifiedName
from pgassay.drift.content import content

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T", Column, Constraint, Index, Trigger)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A partition reduced to its own, and the objects of its parent that it lacks."""

    own: Table
    lacks: tuple[Column | Constraint | Index | Trigger, ...] = ()


def own_share(partition: Table, parent: Table) -> Share:
    """Return what of a partition is its own, and what it lacks of its parent."""
    columns, no_columns = _columns(partition, parent)
    constraints, no_constraints = _constraints(partition, parent)
    indexes, no_indexes = _indexes(partition, parent)
    triggers, no_triggers = _triggers(partition, parent)
    own = replace(
        partition,
        columns=columns,
        constraints=constraints,
        indexes=indexes,
        triggers=triggers,
    )
    return Share(own=own, lacks=(*no_columns, *no_constraints, *no_indexes, *no_triggers))


def completed(own: Table, other: Table, parent: Table) -> Table:
    """Return `own` with the parent's version of every child that only `other` has as its own.

    So that a column that deviates on one side is compared with what the other side has instead.
    """
    return replace(
        own,
        columns=_complete(own.columns, other.columns, map(_as_of_parent, parent.columns)),
        constraints=_complete(
            own.constraints, other.constraints, (replace(c, inherited=True, comment=None)
            for c in parent.constraints)
        ),
        indexes=_complete(
            own.indexes, other.indexes, (_as_attached(i, parent) for i in parent.indexes)
        ),
        triggers=_complete(
            own.triggers, other.triggers,
            (replace(t, inherited=True, comment=None) for t in parent.triggers),
        ),
    )  # fmt: skip


def _complete(own: tuple[T, ...], other: tuple[T, ...], parents: Iterable[T]) -> tuple[T, ...]:
    wanted = {o.name for o in other} - {o.name for o in own}
    if not wanted:
        return own
    children: list[T] = list(own)
    children.extend(p for p in parents if p.name in wanted)
    return tuple(sorted(children, key=lambda child: child.name))


def _as_of_parent(column: Column) -> Column:
    """Return what PARTITION OF makes of a parent's column."""
    return replace(
        column,
        position=0,
        inherited=True,
        identity=None,
        statistics_target=None,
        options=(),
        privileges=(),
        comment=None,
    )


def _columns(partition: Table, parent: Table) -> tuple[tuple[Column, ...], list[Column]]:
    expected = {c.name: c for c in parent.columns}
    own = []
    for column in partition.columns:
        of_parent = expected.pop(column.name, None)
        if of_parent is None:
            own.append(replace(column, position=0))
            continue
        identity = None if of_parent.identity == column.identity else column.identity
        there = replace(column, position=0, inherited=True, identity=identity)
        if content(there) != content(_as_of_parent(of_parent)) or there.comment or there.privileges:
            own.append(there)
    return tuple(own), [] if _reduced(partition) else list(expected.values())


def _reduced(partition: Table) -> bool:
    """Whether it was reduced before: a locked contract holds partitions like that."""
    return all(column.position == 0 for column in partition.columns)


def _constraints(
    partition: Table, parent: Table
) -> tuple[tuple[Constraint, ...], list[Constraint]]:
    waiting = [c for c in parent.constraints if not c.no_inherit]
    own = []
    for constraint in partition.constraints:
        of_parent = _twin(constraint, waiting) if constraint.inherited else None
        if of_parent is None:
            own.append(constraint)
            continue
        waiting.remove(of_parent)
        named = replace(constraint, name=of_parent.name, index=of_parent.index)
        if content(named) != content(replace(of_parent, inherited=True)) or named.comment:
            own.append(named)
    lost = [c for c in waiting if _must_have(c, partition)]
    return tuple(own), [] if _reduced(partition) else lost


def _must_have(constraint: Constraint, partition: Table) -> bool:
    """Whether every partition has a copy of a parent's constraint that can be looked for.

    A foreign table has no keys; a partition may have had the NOT NULL before it was attached.
    """
    if constraint.kind is ConstraintKind.NOT_NULL:
        return False
    keys = (ConstraintKind.CHECK, ConstraintKind.FOREIGN_KEY)
    if partition.kind is TableKind.FOREIGN:
        return constraint.kind is ConstraintKind.CHECK
    return constraint.kind in keys or constraint.index is not None


def _twin(constraint: Constraint, waiting: list[Constraint]) -> Constraint | None:
    """Return the parent's constraint that this one is a copy of."""
    alike = [c for c in waiting if c.kind is constraint.kind and c.columns == constraint.columns]
    wanted = content(constraint)
    for candidate in alike:
        if content(replace(candidate, inherited=True)) == wanted:
            return candidate
    by_name = [c for c in alike if c.name == constraint.name]
    return next(iter(by_name or alike), None)


def _as_attached(index: Index, parent: Table) -> Index:
    """Return what a partition has of a parent's index; `parent` is the table, whose index it is."""
    return replace(index, parent=parent.name, clustered=False, comment=None)


def _indexes(partition: Table, parent: Table) -> tuple[tuple[Index, ...], list[Index]]:
    expected = {QualifiedName(parent.name.schema, i.name): i for i in parent.indexes}
    own = []
    for index in partition.indexes:
        of_parent = expected.pop(index.parent, None) if index.parent else None
        if of_parent is None:
            own.append(index)
            continue
        constraint = index.constraint and (of_parent.constraint or index.constraint)
        named = replace(index, name=of_parent.name, constraint=constraint, parent=parent.name)
        if content(named) != content(_as_attached(of_parent, parent)) or named.comment:
            own.append(named)
    if partition.kind is TableKind.FOREIGN or _reduced(partition):
        return tuple(own), []
    return tuple(own), [i for i in expected.values() if i.valid]


def _triggers(partition: Table, parent: Table) -> tuple[tuple[Trigger, ...], list[Trigger]]:
    expected = {t.name: t for t in parent.triggers if t.for_each_row}
    own = []
    for trigger in partition.triggers:
        of_parent = expected.pop(trigger.name, None) if trigger.inherited else None
        as_parents = of_parent and content(replace(of_parent, inherited=True))
        if content(trigger) != as_parents or trigger.comment:
            own.append(trigger)
    return tuple(own), [] if _reduced(partition) else list(expected.values())
