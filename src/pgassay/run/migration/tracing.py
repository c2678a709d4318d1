"""The trace: the revisions run on rows, statement by statement, watched while they do."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status, Subject, Trial
from pgassay.core.event import CaseFinished, Event, RevisionTraced, StatementTraced
from pgassay.core.names import QualifiedName
from pgassay.core.trace import RelationSize, RevisionTrace
from pgassay.postgres.tracing.probe import install, remember
from pgassay.run.migration.parts import framed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from psycopg import Connection

    from pgassay.run.migration.ground import Ground

_SIZES = """
select n.nspname, c.relname,
       (select sum(pg_catalog.pg_total_relation_size(p.oid)) from (
          select c.oid union select t.relid from pg_catalog.pg_partition_tree(c.oid) t) p)
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't'
  and n.nspname not in ('information_schema', 'pgassay_trace') and n.nspname not like 'pg\\_%'
order by 1, 2
"""


def trace(ground: Ground) -> Iterator[Event]:
    """Run the revisions on a populated database, and tell each statement."""
    yield from framed(ground, "trace", _traced(ground))


def _traced(ground: Ground) -> Iterator[Event]:
    database = ground.populated()
    with ground.server.connect(database) as eye, ground.open(database) as history:
        install(eye)
        for revision in ground.selection.revisions:
            began = perf_counter()
            sizes = sizes_of(eye)
            remember(eye, exclude=ground.route.bookkeeping)
            seen = history.watched(revision.id)
            for statement in seen.statements:
                yield StatementTraced(system=ground.name, revision=revision.id, statement=statement)
            done = RevisionTrace(
                revision=revision,
                statements=seen.statements,
                seconds=sum(seen.seconds),
                transactions=seen.seconds,
                wal=sum(one.wal for one in seen.statements),
                sizes=sizes,
                error=str(seen.error) if seen.error else None,
            )
            ground.traces.append(done)
            yield RevisionTraced(system=ground.name, trace=done)
            trial = Trial(kind="trace", subject=Subject(object=revision.id), title="runs on rows")
            outcome = Outcome(
                case=trial,
                status=Status.FAILED if seen.error else Status.PASSED,
                reason=str(seen.error or ""),
                seconds=perf_counter() - began,
            )
            yield CaseFinished(system=ground.name, outcome=outcome)
            if seen.error:
                return


def sizes_of(connection: Connection[Any]) -> tuple[RelationSize, ...]:
    """Return how much every table holds: exact rows, and bytes with indexes and TOAST."""
    found = []
    for schema, name, size in connection.execute(_SIZES).fetchall():
        relation = QualifiedName(schema, name)
        row = connection.execute(f"select count(*) from {relation.sql}".encode()).fetchone()
        found.append(
            RelationSize(relation=relation, rows=int(row[0]) if row else 0, bytes=int(size))
        )
    return tuple(found)
