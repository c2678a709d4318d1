"""Indexes are rebuilt while nobody can write, or read by them.

REINDEX takes SHARE on the table and ACCESS EXCLUSIVE on each index for as long as it takes to build
it; a query that would use the index waits, also one that only plans to. CONCURRENTLY builds a new
one beside it.

    reindex table orders;
    reindex table concurrently orders;

Source: PostgreSQL, REINDEX, Rebuilding Indexes Concurrently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.history.evidence import rewrites
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a REINDEX that held others up."""
    for statement in evidence.statements:
        if not statement.tag.startswith("REINDEX"):
            continue
        tables = dict.fromkeys(r.index_of for r in statement.rewrites if r.index_of is not None)
        for table in tables:
            if not evidence.busy(table) or rewrites(statement, table):
                continue
            yield evidence.finding(
                "index_rebuilt_blocking",
                statement,
                table,
                "nobody can write, or read by the index, while it is rebuilt",
                expected="REINDEX … CONCURRENTLY, outside a transaction",
                why="the lock is held until the last index is built",
                way=(Step(sql=f"REINDEX TABLE CONCURRENTLY {table.sql}", alone=True),),
                severity=evidence.severity(table),
            )
