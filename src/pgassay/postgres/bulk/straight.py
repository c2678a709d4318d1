"""The straight manner: rows into the finished tables, every key and CHECK as it stands.

Each table is one transaction, after those that it refers to, so that what is committed is whole.
Tables that refer to each other in a circle are one transaction together, their keys deferred where
they can be. Triggers that people made rest meanwhile: the rows are those of the volume.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.names import quote
from pgassay.postgres.bulk.copying import copy_pieces, copy_stream
from pgassay.postgres.bulk.progress import Copied, Stage, Step
from pgassay.postgres.bulk.refusals import in_words
from pgassay.postgres.bulk.tasks import Task
from pgassay.postgres.bulk.validation import foreign_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pgassay.core.names import QualifiedName
    from pgassay.core.volume import Stream
    from pgassay.postgres.bulk.lane import Lane
    from pgassay.postgres.bulk.places import Place

    Connection = psycopg.Connection[Any]
    Tell = Callable[[Step], None]

_TRIGGERS = """
    select tgname, tgenabled from pg_catalog.pg_trigger
    where tgrelid = %s::regclass and not tgisinternal and tgenabled <> 'D' order by tgname
"""
_ENABLE = {"O": "enable", "A": "enable always", "R": "enable replica"}


def straight_tasks(
    connection: Connection, filled: Mapping[QualifiedName, Place], tell: Tell
) -> list[Task]:
    """Return what a straight load consists of."""
    streams = {place.stream.relation: place.stream for place in filled.values()}
    refers: dict[QualifiedName, set[QualifiedName]] = {name: set() for name in streams}
    at_once: dict[QualifiedName, set[QualifiedName]] = {name: set() for name in streams}
    for key in foreign_keys(connection, validated=False):
        if key.relation in filled:
            child = filled[key.relation].stream.relation
            parents = {filled[leaf].stream.relation for leaf in key.leaves if leaf in filled}
            refers[child] |= parents
            if not key.deferrable:
                at_once[child] |= parents
    tasks: dict[QualifiedName, Task] = {}
    for group in in_groups(refers):
        # Of a circle, those first that keys refer to which cannot be deferred.
        within = {name: at_once[name] & set(group) - {name} for name in group}
        together = [streams[name] for some in in_groups(within) for name in some]
        touched = {r for r, p in filled.items() if p.stream in together} | set(group)
        earlier = {parent for name in group for parent in refers[name]} - set(group)
        circular = len(group) > 1 or group[0] in refers[group[0]]
        task = Task(
            stage=Stage.COPY,
            subject=", ".join(str(name) for name in group),
            weight=sum(stream.rows * (3 + len(stream.columns)) for stream in together),
            perform=partial(_copy, _Group(together, touched, circular), tell),
            after=[tasks[name] for name in sorted(earlier)],
        )
        tasks.update(dict.fromkeys(group, task))
    return list(dict.fromkeys(tasks.values()))


def in_groups(
    refers: dict[QualifiedName, set[QualifiedName]],
) -> Iterator[tuple[QualifiedName, ...]]:
    """Yield tables after those that they refer to; those of a circle together, in given order."""
    circles: list[set[QualifiedName]] = []

    def group_of(name: QualifiedName) -> frozenset[QualifiedName]:
        return frozenset(next((c for c in circles if name in c), {name}))

    while True:
        graph: dict[frozenset[QualifiedName], set[frozenset[QualifiedName]]] = {}
        for name, parents in refers.items():
            group = group_of(name)
            others = {group_of(parent) for parent in parents} - {group}
            graph.setdefault(group, set()).update(others)
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as found:
            circle: set[QualifiedName] = set().union(*found.args[1])
            circles = [c for c in circles if not c & circle] + [circle]
            continue
        for members in order:
            yield tuple(name for name in refers if name in members)
        return


@dataclass(frozen=True, slots=True)
class _Group:
    """What one transaction copies.

    Args:
        streams: in this order.
        touched: the relations whose triggers rest meanwhile.
        circular: rows may refer to later ones.
    """

    streams: Sequence[Stream]
    touched: Collection[QualifiedName]
    circular: bool


def _copy(group: _Group, tell: Tell, lane: Lane, _beside: bool) -> None:
    connection = lane.connection
    stream = group.streams[0]
    try:
        with connection.transaction():
            if group.circular:
                connection.execute("set constraints all deferred")
            resting = {name: _let_rest(connection, name) for name in group.touched}
            for stream in group.streams:
                report = partial(_tell, tell, stream)
                if group.circular:
                    copy_stream(connection, lane.source, stream, report, freeze=False)
                else:
                    copy_pieces(connection, lane.source, stream, report)
            if group.circular:
                connection.execute("set constraints all immediate")
            for relation, triggers in resting.items():
                _wake(connection, relation, triggers)
    except psycopg.Error as error:
        raise in_words(error, str(stream.relation)) from error


def _tell(tell: Tell, stream: Stream, rows: int, size: int) -> None:
    tell(Copied(relation=stream.relation, root=stream.root, rows=rows, size=size))


def _let_rest(connection: Connection, relation: QualifiedName) -> Collection[tuple[str, str]]:
    """Disable the triggers that people made, for the rest of the transaction."""
    triggers = [(n, e) for n, e in connection.execute(_TRIGGERS, [relation.sql])]
    if triggers:
        connection.execute(f"alter table only {relation.sql} disable trigger user".encode())
    return triggers


def _wake(
    connection: Connection, relation: QualifiedName, triggers: Collection[tuple[str, str]]
) -> None:
    for name, enabled in triggers:
        verb = _ENABLE[enabled]
        alter = f"alter table only {relation.sql} {verb} trigger {quote(name)}"
        connection.execute(alter.encode())
