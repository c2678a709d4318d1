"""One transaction takes strong locks on several tables, one after the other.

While it waits for the second table it holds the first; an application that uses both in the other
order comes to a deadlock with it, and one of the two is ended.

    alter table orders add column memo text;
    alter table customers add column memo text;      -- another transaction

One revision for each table, or the same order as the application. Silent for a partition tree,
and for the two tables of one foreign key; information only where readers go on (foreign keys of
new tables). Source: PostgreSQL, Deadlocks (13.3.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.history import words
from pgassay.history.evidence import strong_locks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a transaction that locked several tables in turn."""
    taken: dict[int, dict[QualifiedName, bool]] = {}
    for statement in evidence.statements:
        if statement.autocommit:
            continue
        roots = taken.setdefault(statement.transaction, {})
        fresh: dict[QualifiedName, bool] = {}
        for lock in strong_locks(statement):
            root = evidence.root(lock.relation)
            if evidence.busy(lock.relation) and lock.relation in evidence.old and root not in roots:
                fresh[root] = lock.mode.blocks_reads or fresh.get(root, False)
        if roots and fresh:
            stops_readers = any((*roots.values(), *fresh.values()))
            yield evidence.finding(
                "locks_on_several_tables",
                statement,
                next(iter(fresh)),
                f"a strong lock is asked for while {words.listed(roots)} is locked",
                expected="one transaction for each table that is in use",
                why="an application that uses the tables in the other order comes to a deadlock",
                fix="a revision for each table, or transaction_per_migration with one table each",
                severity=Severity.WARNING if stops_readers else Severity.INFO,
            )
            return
        roots |= fresh
