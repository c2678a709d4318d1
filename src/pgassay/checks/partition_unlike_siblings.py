"""A partition is not like the others.

What it finds:
    A partition with a default, a storage or compression of a column, storage parameters, a CHECK,
    a foreign key, a trigger or an index of its own that most of its siblings do not have, or
    without one that most of them have. Nothing of this comes from the parent.

Why it hurts:
    It was changed by hand, or made before a script was mended. The same query is fast for one
    month and slow for another, the same row is taken in one and refused in the next.

Bad:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE readings_02 PARTITION OF readings FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    CREATE TABLE readings_03 PARTITION OF readings FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
    CREATE INDEX ON readings_01 (value);
    CREATE INDEX ON readings_03 (value);

Good:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE readings_02 PARTITION OF readings FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    CREATE TABLE readings_03 PARTITION OF readings FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
    CREATE INDEX ON readings (value);

Fix:
    Declare it on the parent, which every partition follows; what cannot be declared there, bring
    in line on the partition.

When to ignore:
    When old partitions are kept otherwise on purpose: compressed, or with an index less. Only one
    odd partition of several is told; where old and new ones differ, more than a third does.

Reference:
    PostgreSQL documentation, Table Partitioning, Declarative Partitioning.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.ranges import divided
from pgassay.core.case import Subject
from pgassay.core.catalog import ConstraintKind
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Column, Index, Table, Trigger

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED

_SIBLINGS = 3  # of two that differ nobody can say which is odd


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the partitions that a third of their siblings at most are like."""
    for parent, parts in divided(ground):
        plain = [p for p in parts if p.partition and not p.partition.is_default]
        if len(plain) < _SIBLINGS:
            continue
        traits = {part.name: _traits(part, _divides(parent)) for part in plain}
        counted = Counter(trait for of_one in traits.values() for trait in of_one)
        for part in plain:
            mine = traits[part.name]
            odd = [text for key, text in mine.items() if 3 * counted[key] <= len(plain)]
            usual = {k: t for of_one in traits.values() for k, t in of_one.items() if k not in mine}
            lacking = [t for k, t in usual.items() if 3 * (len(plain) - counted[k]) <= len(plain)]
            if odd or lacking:
                yield _problem(part, odd, lacking, len(plain))


def _problem(part: Table, odd: list[str], lacking: list[str], siblings: int) -> Problem:
    told = [f"has {text}" for text in sorted(odd)] + [f"lacks {text}" for text in sorted(lacking)]
    return Problem(
        subject=Subject(object=str(part.name)),
        found=f"{part.name} {'; '.join(told)}, unlike most of {siblings} partitions",
        expected="partitions that are alike",
        evidence=(f"{part.name}: {part.partition.bound}",) if part.partition else (),
    )


def _divides(parent: Table) -> frozenset[str]:
    """Return the columns by which a table is divided."""
    key = parent.partition_key
    return frozenset(column for column in key.columns if column) if key else frozenset()


def _traits(part: Table, divides: frozenset[str]) -> Mapping[object, str]:
    """Return what a partition has of its own, comparable with its siblings', in words."""
    found: dict[object, str] = {("option", option): option for option in part.options}
    for column in part.columns:
        found |= _of_column(column)
    for constraint in part.constraints:
        # A CHECK on what divides the table is its bound, written down to attach it without a scan.
        bound = constraint.kind is ConstraintKind.CHECK and divides.issuperset(constraint.columns)
        if not constraint.inherited and constraint.kind in _OWN and not bound:
            found["constraint", constraint.kind, constraint.definition] = constraint.definition
    for index in part.indexes:
        if index.parent is None and index.valid:
            found["index", _index(index)] = f"an index on ({_keys(index)})"
    for trigger in part.triggers:
        if not trigger.inherited:
            found["trigger", _trigger(trigger)] = f"trigger {trigger.name}"
    if part.access_method:
        found["access method", part.access_method] = part.access_method
    return found


def _of_column(column: Column) -> Mapping[object, str]:
    words = {
        "DEFAULT": column.default,
        "NOT NULL": "" if column.not_null else None,
        "STORAGE": column.storage,
        "COMPRESSION": column.compression,
    }
    return {
        (word, column.name, value): f"{word} {value} of {column.name}".replace("  ", " ")
        for word, value in words.items()
        if value is not None
    }


_OWN = (ConstraintKind.CHECK, ConstraintKind.FOREIGN_KEY, ConstraintKind.EXCLUSION)


def _index(one: Index) -> object:
    return one.method, one.keys, one.include, one.predicate, one.unique


def _trigger(one: Trigger) -> object:
    return one.function, one.timing, one.events, one.columns, one.condition, one.for_each_row


def _keys(one: Index) -> str:
    return ", ".join(key.column or key.expression or "" for key in one.keys)
