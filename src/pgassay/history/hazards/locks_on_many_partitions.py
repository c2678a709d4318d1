"""One statement locks a great many partitions.

ALTER TABLE on a partitioned table takes its lock on every partition, one after the other, and keeps
those it has while it waits for the next: one long query on any partition stops all of them. And
each lock takes a place in a table that all sessions share, 64 for each session by default
(max_locks_per_transaction); when it is full, whoever comes next is refused (53200).

    alter table metrics alter column kind set storage external;        -- all of them
    alter table metrics_70 alter column kind set storage external;     -- those that need it

What only matters to new rows is asked of the newest partitions; indexes are built partition by
partition and attached; old partitions are detached CONCURRENTLY before. Where every partition has
to have it, a short lock_timeout and another try. Told from more than 64 relations on. Source:
PostgreSQL, Lock Management (19.12).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history.safe_way import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.core.trace import LockTaken, StatementTrace
    from pgassay.history.evidence import Evidence

_SHARED = 64  # max_locks_per_transaction as PostgreSQL has it


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield once for each partitioned table that a statement locked very many relations of."""
    told: set[QualifiedName] = set()
    for statement in evidence.statements:
        for root, locks in _by_root(evidence, statement).items():
            partitions = {lock.index_of or lock.relation for lock in locks} - {root}
            strongest = max((lock.mode for lock in locks), key=lambda mode: mode.rank)
            many = len({lock.relation for lock in locks}) > _SHARED
            if root in told or not many or not evidence.busy(root):
                continue
            told.add(root)
            yield evidence.finding(
                "locks_on_many_partitions",
                statement,
                root,
                f"{len(partitions)} partitions are locked by one statement",
                found=f"{strongest.sql} and less on {len(locks)} tables and indexes of {root}, "
                f"kept to the end of the transaction",
                expected=f"no more than {_SHARED} at once (max_locks_per_transaction)",
                why="a long query on any partition holds up all of them, and the table of locks "
                "is shared by all sessions",
                fix=f"set local lock_timeout = '{TIMEOUT}'; and another try; or only the "
                "partitions that need it, in revisions of their own",
            )


def _by_root(evidence: Evidence, statement: StatementTrace) -> dict[QualifiedName, list[LockTaken]]:
    """Return the new locks that are more than a reader's, by partitioned table."""
    found: dict[QualifiedName, list[LockTaken]] = {}
    for lock in statement.strongest().values():
        table = lock.index_of or lock.relation
        root = evidence.root(table)
        partitioned = root in evidence.old and evidence.old[root].partition_key is not None
        if partitioned and lock.mode.rank > LockMode.ROW_EXCLUSIVE.rank:
            found.setdefault(root, []).append(lock)
    return found
