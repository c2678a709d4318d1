"""A strong lock is asked for with nothing to end the wait.

A statement that needs a lock queues behind the transactions that are there, and everybody who
comes later queues behind it, even those that would not have been in each other's way. One long
SELECT and one ALTER TABLE without lock_timeout stop a site. With it the statement gives up, and
can be tried again.

    set local lock_timeout = '5s';
    alter table orders add column memo text;

Told once for a revision. Source: PostgreSQL, Client Connection Defaults (19.11.1), lock_timeout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history import words
from pgassay.history.evidence import strong_locks, takes
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.names import QualifiedName
    from pgassay.core.trace import StatementTrace
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield once that strong locks were taken without a lock_timeout."""
    found = [
        (statement, lock)
        for statement in evidence.statements
        if not statement.lock_timeout
        for lock in strong_locks(statement)
        if evidence.busy(lock.relation) and not _let_go(evidence, statement, lock.relation)
    ]
    if found:
        statement, lock = found[0]
        names = dict.fromkeys(lock.relation for _, lock in found)
        yield evidence.finding(
            "no_lock_timeout",
            statement,
            None,
            "strong locks are asked for without lock_timeout",
            found=f"{lock.mode.sql} on {words.listed(names)}, and lock_timeout is 0",
            expected="a lock_timeout of a few seconds, and another try where it runs out",
            why="while it waits for one long transaction, everybody else waits behind it",
            way=(Step(sql="SET LOCAL lock_timeout = '5s'"),),
        )


def _let_go(evidence: Evidence, statement: StatementTrace, relation: QualifiedName) -> bool:
    """Whether it is a partition that is detached CONCURRENTLY: no query of the parent is left."""
    old, new = evidence.old.get(relation), evidence.new.get(relation)
    if old is None or old.partition is None or (new is not None and new.partition is not None):
        return False
    return not takes(statement, old.partition.parent, LockMode.SHARE)
