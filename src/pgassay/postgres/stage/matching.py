"""A snapshot against the schema on the stage: what is the same, and what only one of them has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.snapshot import Held
from pgassay.postgres.stage import inventory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from pgassay.core.names import QualifiedName
    from pgassay.core.snapshot import IndexSeen, RelationSeen, Snapshot
    from pgassay.postgres.stage.inventory import IndexThere, There


@dataclass(slots=True)
class Match:
    """What belongs together, and in words what does not.

    Args:
        tables: relation by relation; indexes: those that both have.
        unknown: indexes of matched tables that the snapshot has not.
        differences: what one has and the other has not.
    """

    tables: list[tuple[RelationSeen, There]] = field(default_factory=list)
    indexes: list[tuple[IndexSeen, IndexThere]] = field(default_factory=list)
    unknown: list[IndexThere] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def align_partitions(connection: psycopg.Connection[Any], snapshot: Snapshot) -> list[str]:
    """Make the partitions that the snapshot has, and no others; return what could not be made.

    Which partitions exist is no part of a schema: migrations make those of today.
    """
    there = inventory.relations(connection)
    seen = {relation.name: relation for relation in snapshot.relations}
    for name, one in there.items():
        if one.partition and name not in seen and _root(name, there) in seen:
            connection.execute(f"drop table if exists {name.sql} cascade".encode())
    problems = []
    for relation in snapshot.relations:
        if relation.parent is None or relation.name in there or relation.bound is None:
            continue
        if relation.kind is not Held.TABLE or relation.parent not in there:
            problems.append(f"the partition {relation.name} is not made: it is not a plain one")
            continue
        # The bound has the form that parse_snapshot allows: literals, and nothing else.
        create = (
            f"create table {relation.name.sql} partition of {relation.parent.sql} {relation.bound}"
        )
        try:
            connection.execute(create.encode())
        except psycopg.Error as refused:
            said = refused.diag.message_primary or str(refused)
            problems.append(f"the partition {relation.name} cannot be made: {said}")
    return problems


def match(
    connection: psycopg.Connection[Any], snapshot: Snapshot, own: AbstractSet[QualifiedName]
) -> Match:
    """Return what of a snapshot is on the stage.

    Args:
        connection: to the stage.
        snapshot: what was seen elsewhere.
        own: tables that tools keep their books in; that they differ is no matter.
    """
    there = inventory.relations(connection)
    by_table: dict[int, list[IndexThere]] = {}
    for index in inventory.indexes(connection):
        by_table.setdefault(index.table, []).append(index)
    found = Match()
    columns: dict[int, set[str]] = {}
    for relation, name in connection.execute(
        "select attrelid, attname from pg_attribute"
        " where attnum > 0 and not attisdropped and attrelid = any (%s)",
        [[one.oid for one in there.values()]],
    ):
        columns.setdefault(relation, set()).add(name)
    for relation in snapshot.relations:
        if relation.name in own:
            continue
        one = there.get(relation.name)
        if one is None or one.kind != relation.kind:
            found.differences.append(f"{relation.name} is in the snapshot and not in the schema")
            continue
        found.tables.append((relation, one))
        known = {column.name for column in relation.columns}
        here = columns.get(one.oid, set())
        found.differences += [
            f"column {relation.name}.{name} is in the snapshot and not in the schema"
            for name in sorted(known - here)
        ]
        found.differences += [
            f"column {relation.name}.{name} is in the schema and not in the snapshot"
            for name in sorted(here - known)
        ]
        _indexes(relation, by_table.get(one.oid, []), found)
    seen = {relation.name for relation in snapshot.relations}
    found.differences += [
        f"{name} is in the schema and not in the snapshot: it is empty"
        for name in there
        if name not in seen and name not in own
    ]
    return found


def _indexes(relation: RelationSeen, here: list[IndexThere], found: Match) -> None:
    """Pair the indexes of one table: by name, as parts of the same, by what they are."""
    left = list(here)
    pairs: dict[QualifiedName, IndexThere] = {}
    rules = (
        lambda s, t: s.name == t.name,
        lambda s, t: s.parent is not None and s.parent == t.parent,
        lambda s, t: (s.method, s.keys, s.predicate) == (t.method, t.keys, t.predicate),
    )
    for rule in rules:
        for seen in relation.indexes:
            if seen.name in pairs:
                continue
            same = next((t for t in left if rule(seen, t) and seen.method == t.method), None)
            if same is not None:
                left.remove(same)
                pairs[seen.name] = same
    for seen in relation.indexes:
        if seen.name in pairs:
            there = pairs[seen.name]
            found.indexes.append((seen, there))
            if seen.keys and (seen.keys, seen.predicate) != (there.keys, there.predicate):
                found.differences.append(
                    f"index {seen.name} of {relation.name} is on ({', '.join(seen.keys)}) in the "
                    f"snapshot and on ({', '.join(there.keys)}) in the schema"
                )
        else:
            found.differences.append(
                f"index {seen.name} of {relation.name} is in the snapshot and not in the schema"
            )
    for one in left:
        found.unknown.append(one)
        found.differences.append(
            f"index {one.name} of {relation.name} is in the schema and not in the snapshot: "
            "its size is estimated"
        )


def _root(name: QualifiedName, there: dict[QualifiedName, There]) -> QualifiedName:
    one = there.get(name)
    while one is not None and one.parent is not None:
        name = one.parent
        one = there.get(name)
    return name


def leaves(match_: Match) -> Iterator[tuple[RelationSeen, There]]:
    """Yield the relations that have a file of their own."""
    for relation, one in match_.tables:
        if one.path is not None:
            yield relation, one
