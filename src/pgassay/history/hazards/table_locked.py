"""A migration locks a table by name.

LOCK TABLE takes ACCESS EXCLUSIVE unless it says otherwise, and holds it to the end of the
transaction, whatever that does meanwhile.

    lock table orders;
    lock table orders in share row exclusive mode;      -- readers go on

Most statements take the lock that they need by themselves. Source: PostgreSQL, LOCK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.history.evidence import strong_locks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a strong lock that was taken for its own sake."""
    for statement in evidence.statements:
        if statement.objects or statement.rewrites or statement.builds:
            continue
        if statement.tag.split()[0] not in ("LOCK", "query", "DO", "SELECT", "CALL"):
            continue
        for lock in strong_locks(statement):
            if evidence.busy(lock.relation):
                yield evidence.finding(
                    "table_locked",
                    statement,
                    lock.relation,
                    "the table is locked by name",
                    expected="the lock that each statement takes by itself, for as short as it can",
                    why="it is held to the end of the transaction, whatever that does meanwhile",
                    fix="leave LOCK TABLE out; where rows must not change meanwhile, take SHARE "
                    "ROW "
                    "EXCLUSIVE, with lock_timeout, in a transaction that does nothing else",
                    severity=evidence.severity(lock.relation),
                )
