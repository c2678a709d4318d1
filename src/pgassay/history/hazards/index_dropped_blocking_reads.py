"""An index is dropped while even readers wait.

DROP INDEX takes ACCESS EXCLUSIVE on the table and the index. That takes no time, but it first
queues behind the longest query that runs, and everybody else queues behind it. CONCURRENTLY waits
without stopping anybody.

    drop index orders_status_idx;
    drop index concurrently orders_status_idx;

Whether a query needs the index is another question: the plans before and after tell. Source:
PostgreSQL, DROP INDEX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history.evidence import takes
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a dropped index that stopped readers of its table."""
    for statement in evidence.statements:
        gone = [
            o.removeprefix("dropped index ") for o in statement.objects if "dropped index " in o
        ]
        if not statement.tag.startswith("DROP INDEX") or not gone:
            continue
        for lock in statement.strongest().values():
            table = evidence.old.get(lock.relation)
            if table is None or not evidence.busy(lock.relation):
                continue
            if not takes(statement, lock.relation, LockMode.ACCESS_EXCLUSIVE):
                continue
            if table.partition_key is not None or table.partition is not None:
                continue  # CONCURRENTLY is refused there
            yield evidence.finding(
                "index_dropped_blocking_reads",
                statement,
                lock.relation,
                "readers and writers wait while the index is dropped",
                expected="DROP INDEX CONCURRENTLY, outside a transaction",
                why="it queues behind the longest query, and everybody queues behind it",
                way=tuple(Step(sql=f"DROP INDEX CONCURRENTLY {name}", alone=True) for name in gone),
            )
