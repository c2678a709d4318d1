"""The last tasks of a load: VACUUM and ANALYZE."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.names import QualifiedName
from pgassay.postgres.bulk.progress import Stage
from pgassay.postgres.bulk.refusals import in_words
from pgassay.postgres.bulk.statistics import analyze_divided, analyzes_alone, vacuum
from pgassay.postgres.bulk.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.postgres.bulk.lane import Lane
    from pgassay.postgres.bulk.places import Place

    Connection = psycopg.Connection[Any]

# Every partitioned table, at whatever depth, with every partition below it.
_DIVIDED = """
    select n.nspname, c.relname, bn.nspname, b.relname, b.relkind = 'r'
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    cross join lateral pg_catalog.pg_partition_tree(c.oid) t
    join pg_catalog.pg_class b on b.oid = t.relid and b.oid <> c.oid
    join pg_catalog.pg_namespace bn on bn.oid = b.relnamespace
    where c.relkind = 'p'
    order by 1, 2, 3, 4
"""


def ending_tasks(
    connection: Connection, filled: Mapping[QualifiedName, Place], before: Sequence[Task]
) -> list[Task]:
    """Return what is left to do when `before` is done: each table, then those that are divided."""
    rows = {relation: place.rows for relation, place in filled.items()}
    alone = analyzes_alone(connection)
    divided = _divided(connection)
    below = {relation for parts in divided.values() for relation, _ in parts}
    done: dict[QualifiedName, Task] = {}
    for relation, number in rows.items():
        done[relation] = Task(
            stage=Stage.VACUUM,
            subject=str(relation),
            weight=number,
            perform=partial(_vacuum, relation, number, alone or relation not in below),
            after=before,
        )
    ends = list(done.values())
    for parent, parts in divided.items():
        loaded = [relation for relation, _ in parts if relation in rows]
        if not loaded or (not alone and parent in below):
            continue  # an ANALYZE of the topmost one reaches those between
        total = sum(rows[relation] for relation in loaded)
        leaves = [relation for relation, holds_rows in parts if holds_rows]
        ends.append(
            Task(
                stage=Stage.ANALYZE,
                subject=str(parent),
                weight=total,
                perform=partial(_analyze, parent, total, leaves),
                after=[done[relation] for relation in loaded],
            )
        )
    return ends


def _divided(connection: Connection) -> dict[QualifiedName, list[tuple[QualifiedName, bool]]]:
    found: dict[QualifiedName, list[tuple[QualifiedName, bool]]] = {}
    for schema, name, below_schema, below, holds_rows in connection.execute(_DIVIDED):
        parts = found.setdefault(QualifiedName(schema, name), [])
        parts.append((QualifiedName(below_schema, below), holds_rows))
    return found


def _vacuum(relation: QualifiedName, rows: int, known: bool, lane: Lane, _beside: bool) -> None:
    try:
        vacuum(lane.connection, relation, rows, known=known)
    except psycopg.Error as error:
        raise in_words(error, str(relation)) from error


def _analyze(
    parent: QualifiedName, rows: int, below: Sequence[QualifiedName], lane: Lane, _beside: bool
) -> None:
    try:
        analyze_divided(lane.connection, parent, rows, below)
    except psycopg.Error as error:
        raise in_words(error, str(parent)) from error
