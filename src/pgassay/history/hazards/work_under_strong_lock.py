"""A transaction goes on working while it holds a lock that others wait for.

A lock is held to the end of its transaction. An ALTER TABLE that takes an instant stops its table
for as long as the statements behind it take: a scan, a build, a copy.

    alter table orders add column memo text;              -- ACCESS EXCLUSIVE from here on
    create table order_copy as select * from customers;   -- orders stands still meanwhile

Take strong locks last, or in a transaction of their own. Writes under such a lock, and VALIDATE,
are told by their own names. Source: PostgreSQL, Explicit Locking (13.3.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.history import words
from pgassay.history.evidence import FEW, MANY
from pgassay.history.hazards.rows_under_lock import only_validates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a table that stood still while something else was done."""
    told: set[object] = set()
    for statement in evidence.statements:
        work = {scan.relation: scan.rows for scan in statement.scans if scan.rows >= FEW}
        own = {lock.relation for lock in statement.locks if lock.mode.blocks_writes}
        work |= {build.table: evidence.trace.rows_of(build.table) for build in statement.builds}
        if statement.written or not sum(work.values()) >= FEW:
            continue
        if any(only_validates(statement, relation) for relation in work):
            continue
        for lock in statement.held:
            relation = lock.relation
            if not lock.mode.blocks_writes or lock.index_of is not None or relation in told:
                continue
            if not evidence.busy(relation) or relation in own or (relation in work and own):
                continue
            if statement.tag in ("ALTER TABLE", "CREATE INDEX") and relation in work:
                continue  # told by what it does there
            told.add(relation)
            rows = sum(work.values())
            yield evidence.finding(
                "work_under_strong_lock",
                statement,
                relation,
                f"{lock.mode.sql} is held while {words.listed(work)} is read",
                found=f"{statement.tag} took {evidence.took(statement)} for "
                f"{words.rows(rows)}; "
                f"{evidence.held(statement, relation)}",
                expected="strong locks last, or in a transaction of their own",
                why="a lock is held to the end of its transaction, whatever that does meanwhile",
                fix="move what takes time before the lock, or into another revision",
                severity=Severity.ERROR if rows >= MANY else Severity.WARNING,
            )
