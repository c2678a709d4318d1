"""Rows are written while a lock is held that others wait for.

DDL and a backfill in one transaction keep ACCESS EXCLUSIVE from the first statement to the last
row: the table is offline for the backfill.

    alter table orders add column memo text;
    update orders set memo = note;             -- nobody reads orders until this is done

Fill in in a later revision, in batches that commit. Source: PostgreSQL, Explicit Locking
(13.3.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.history import words
from pgassay.history.evidence import FEW, MANY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a table that stood still while rows were written."""
    told: set[object] = set()
    for statement in evidence.statements:
        rows = sum(written.total for written in statement.written)
        rows = max(rows, statement.rows or 0) if statement.written else rows
        if rows < FEW:
            continue
        for lock in statement.held:
            relation = lock.relation
            if not lock.mode.blocks_writes or lock.index_of is not None or relation in told:
                continue
            if not evidence.busy(relation):
                continue
            told.add(relation)
            yield evidence.finding(
                "backfill_under_lock",
                statement,
                relation,
                f"{words.rows(rows)} are written while {lock.mode.sql} is held",
                found=f"{statement.tag} took {evidence.took(statement)} for "
                f"{words.rows(rows)}; "
                f"{evidence.held(statement, relation)}",
                expected="DDL in one revision, the backfill in the next, in batches that commit",
                why="a lock is held to the end of its transaction, and so across the backfill",
                fix="move the backfill into a revision of its own; with Alembic:\n"
                "with op.get_context().autocommit_block():\n    …  # one batch after the other",
                severity=Severity.ERROR if rows >= MANY else Severity.WARNING,
            )
