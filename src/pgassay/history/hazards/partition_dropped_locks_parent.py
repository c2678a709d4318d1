"""Dropping a partition stops the whole partitioned table.

DROP TABLE of a partition takes ACCESS EXCLUSIVE on the parent, too: it waits for the longest
query on any partition, and everybody waits behind it. Its rows are gone.

    drop table events_2024;
    alter table events detach partition events_2024 concurrently;      -- nobody waits; then drop it

Source: PostgreSQL, Partition Maintenance (5.12.2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.core.trace import LockMode
from pgassay.history.evidence import takes
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a partition that was dropped while it was one."""
    for table in evidence.before.tables:
        if table.partition is None or table.name in evidence.new:
            continue
        parent = table.partition.parent
        if parent not in evidence.new:
            continue
        told = f"dropped table {table.name.sql}"
        for statement in evidence.statements:
            if told not in statement.objects:
                continue
            if not takes(statement, parent, LockMode.ACCESS_EXCLUSIVE):
                continue
            alter = f"ALTER TABLE {parent.sql} DETACH PARTITION {table.name.sql} CONCURRENTLY"
            rows = evidence.trace.rows_of(table.name)
            yield evidence.finding(
                "partition_dropped_locks_parent",
                statement,
                parent,
                f"nobody can read or write while {table.name} is dropped, and its rows are gone",
                part=table.name.name,
                expected="DETACH PARTITION … CONCURRENTLY first, and a dump",
                why="it waits for the longest query on any partition; everybody waits behind it",
                way=(
                    Step(sql=alter, alone=True),
                    Step(sql=f"DROP TABLE {table.name.sql}", apart=True),
                ),
                severity=Severity.ERROR if rows else Severity.WARNING,
            )
