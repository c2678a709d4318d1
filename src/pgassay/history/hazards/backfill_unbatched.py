"""One statement writes a large part of a table.

An UPDATE or DELETE keeps every row it has touched locked to the end of its transaction, writes
all of it to the WAL at once (replicas fall behind), and leaves as many dead rows.

    update orders set note = 'x';
    update orders set note = 'x' where id between 1 and 10000;     -- commit, and the next

Told from a thousand rows on, or half a table. Source: PostgreSQL, Routine Vacuuming (24.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.history import words
from pgassay.history.evidence import FEW, MANY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield an UPDATE or DELETE of many rows."""
    for statement in evidence.statements:
        for written in statement.written:
            rows, there = (
                written.updated + written.deleted,
                evidence.trace.rows_of(written.relation),
            )
            share = rows >= FEW and rows * 2 >= there
            if written.relation not in evidence.old or not (rows >= MANY or share):
                continue
            yield evidence.finding(
                "backfill_unbatched",
                statement,
                written.relation,
                f"one statement writes {words.rows(rows)}",
                found=f"{words.rows(rows)} of {there:,} in {evidence.took(statement)}, "
                f"{statement.wal:,} bytes of WAL",
                expected="batches of a few thousand rows by the primary key, each committed",
                why="rows stay locked to the end, replicas fall behind, as many dead rows are left",
                fix="with op.get_context().autocommit_block():\n"
                "    while op.get_bind().execute(batch).rowcount:\n        pass",
            )
