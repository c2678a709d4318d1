"""The bare manner: rows into bare tables, then indexes, then foreign keys."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.errors import PgassayError
from pgassay.postgres.bulk.bareness import catalog_state, let_speak, unlike
from pgassay.postgres.bulk.orders import Order
from pgassay.postgres.bulk.progress import Copied, Stage, Step
from pgassay.postgres.bulk.refusals import in_words
from pgassay.postgres.bulk.tasks import Task
from pgassay.postgres.bulk.validation import ForeignKey, foreign_keys, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pgassay.core.names import QualifiedName
    from pgassay.core.volume import Stream
    from pgassay.postgres.bulk.bareness import Bareness, HiddenIndex
    from pgassay.postgres.bulk.lane import Lane
    from pgassay.postgres.bulk.places import Place

    Tell = Callable[[Step], None]

_HEAVY = {"gin": 6.0, "gist": 12.0, "spgist": 4.0, "brin": 0.3, "hash": 1.5}  # btree is 1
_SHOWN = 5


def bare_tasks(
    connection: psycopg.Connection[Any],
    filled: Mapping[QualifiedName, Place],
    bareness: Bareness,
    tell: Tell,
    *,
    workers: int,
) -> list[Task]:
    """Return what a bare load consists of.

    An index is built as soon as its table is loaded, keys are validated when the indexes of their
    table are there and the tables that they refer to are loaded. Up to then no two lanes wait for
    each other's locks: a hidden index is not opened by whoever plans a query.
    """
    tasks: list[Task] = []
    copies: dict[QualifiedName, Task] = {}
    builds: dict[QualifiedName, list[Task]] = defaultdict(list)
    by_stream: dict[Stream, Task] = {}
    for place in filled.values():
        stream = place.stream
        if stream not in by_stream:
            freeze = place.is_direct and _is_empty(connection, place.relation)
            by_stream[stream] = Task(
                stage=Stage.COPY,
                subject=str(stream.relation),
                weight=stream.rows * (3 + len(stream.columns)),
                perform=partial(_copy, Order(stream=stream, freeze=freeze), tell),
            )
        copies[place.relation] = by_stream[stream]
    tasks += by_stream.values()
    for index in bareness.indexes:
        share = _HEAVY.get(index.method, 1.0) * index.width
        build = Task(
            stage=Stage.INDEX,
            subject=index.sql,
            weight=filled[index.relation].rows * share,
            perform=partial(_build, index, workers),
            after=(copies[index.relation],),
        )
        builds[index.relation].append(build)
        tasks.append(build)
    of_relation: dict[QualifiedName, list[ForeignKey]] = defaultdict(list)
    for key in foreign_keys(connection):
        if key.relation in filled:
            of_relation[key.relation].append(key)
    for relation, keys in of_relation.items():
        parents = {leaf for key in keys for leaf in key.leaves if leaf in copies}
        tasks.append(
            Task(
                stage=Stage.VALIDATE,
                subject=str(relation),
                weight=filled[relation].rows * len(keys),
                perform=partial(_validate, relation, keys),
                after=(
                    copies[relation],
                    *builds[relation],
                    *(copies[parent] for parent in sorted(parents)),
                ),
            )
        )
    return tasks


def put_right(connection: psycopg.Connection[Any], bareness: Bareness) -> None:
    """Give the triggers back, and see that the catalog is what it was.

    Raises PgassayError where it is not: the load is at fault, and the database of no use.
    """
    let_speak(connection, bareness)
    differences = unlike(bareness.before, catalog_state(connection))
    if differences:
        more = f"\nand {len(differences) - _SHOWN} more" if len(differences) > _SHOWN else ""
        raise PgassayError(
            "the catalog is not what it was before the load:\n"
            + "\n".join(differences[:_SHOWN])
            + more,
            expected="the same rows in every system catalog",
            why="a populated database that differs from the migrated one proves nothing about it",
            fix="report this to pgassay; --straight loads without taking indexes away",
        )


def _copy(order: Order, tell: Tell, lane: Lane, _beside: bool) -> None:
    stream = order.stream

    def report(rows: int, size: int) -> None:
        tell(Copied(relation=stream.relation, root=stream.root, rows=rows, size=size))

    try:
        lane.copy(order, report)
    except psycopg.Error as error:
        raise in_words(error, str(stream.relation)) from error


def _build(index: HiddenIndex, workers: int, lane: Lane, beside: bool) -> None:
    """Build an index; the last ones get the cores that nobody else needs any more."""
    helpers = 0 if beside else workers - 1
    try:
        lane.connection.execute(f"set max_parallel_maintenance_workers = {helpers}".encode())
        lane.connection.execute(f"reindex index {index.sql}".encode())
    except psycopg.Error as error:
        raise in_words(error, index.sql) from error


def _validate(
    relation: QualifiedName, keys: Sequence[ForeignKey], lane: Lane, _beside: bool
) -> None:
    try:
        validate(lane.connection, relation, keys)
    except psycopg.Error as error:
        raise in_words(error, str(relation)) from error


def _is_empty(connection: psycopg.Connection[Any], relation: QualifiedName) -> bool:
    query = f"select not exists (select from only {relation.sql})"
    row = connection.execute(query.encode()).fetchone()
    return bool(row and row[0])
