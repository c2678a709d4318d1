"""Work goes on under a strong lock, and nothing ends it.

lock_timeout ends the wait for a lock, not what is done while it is held. A statement that reads or
writes rows under a lock that others wait for takes as long as there are rows: an instant here, an
hour where the table is a thousand times as large or the disk is busy. With statement_timeout, or
transaction_timeout from PostgreSQL 17 on, it gives up, and the site goes on.

    set local lock_timeout = '5s';
    set local statement_timeout = '20s';
    alter table orders add constraint amount_positive check (amount > 0);

Told once for a revision, from 1,000 rows on; what takes an instant under its lock is not told, nor
what works without one, as CREATE INDEX CONCURRENTLY does. Source: PostgreSQL, Client Connection
Defaults (19.11.1), statement_timeout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history import words
from pgassay.history.evidence import MANY, effective
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.trace import LockTaken, StatementTrace
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield once that much was done under a strong lock without a limit of time."""
    for statement in evidence.statements:
        if statement.statement_timeout or statement.transaction_timeout:
            continue
        rows, lock = _rows(evidence, statement), _lock(evidence, statement)
        if lock is None or rows < MANY:
            continue
        word = "SET" if statement.autocommit else "SET LOCAL"
        yield evidence.finding(
            "no_statement_timeout",
            statement,
            evidence.root(lock.relation),
            "work under a strong lock has no limit of time",
            found=f"{words.rows(rows)} are read or written under {lock.mode.sql} on "
            f"{lock.relation}, and statement_timeout is 0",
            expected="a statement_timeout of what a standstill may last",
            why="where there are more rows, or the disk is slow, everybody waits until it is done",
            way=(Step(sql=f"{word} statement_timeout = '20s'"),),
        )
        return


def _rows(evidence: Evidence, statement: StatementTrace) -> int:
    """Return of how many rows a statement did something: of the one table where it did most."""
    return max(
        (
            *(scan.rows for scan in statement.scans),
            *(written.total for written in statement.written),
            *(
                evidence.trace.rows_of(one.relation)
                for one in statement.rewrites
                if not one.emptied
            ),
        ),
        default=0,
    )


def _lock(evidence: Evidence, statement: StatementTrace) -> LockTaken | None:
    """Return the strongest lock on a table in use that others wait for while it runs."""
    tables = {
        lock.relation
        for lock in (*statement.locks, *statement.held)
        if lock.index_of is None and lock.relation in evidence.old
    }
    locks = [effective(statement, table) for table in tables if evidence.busy(table)]
    strong = [lock for lock in locks if lock and lock.mode.rank >= LockMode.SHARE.rank]
    return max(strong, key=lambda lock: (lock.mode.rank, str(lock.relation)), default=None)
