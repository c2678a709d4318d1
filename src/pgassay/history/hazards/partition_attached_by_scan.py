"""A table is read from end to end as it becomes a partition.

ATTACH PARTITION proves that every row fits the bound: it reads the table under ACCESS EXCLUSIVE,
unless a CHECK that is valid says the same. The parent goes on.

    alter table events_2026 add constraint y check (at >= '2026-01-01' and …) not valid;
    alter table events_2026 validate constraint y;
    alter table events attach partition events_2026 for values from ('2026-01-01') to …;

Source: PostgreSQL, Partition Maintenance (5.12.2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history.evidence import has, scanned, takes
from pgassay.history.hazards.rows_under_lock import becomes_partition
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a table that was read in order to be attached."""
    for statement, scan in ((s, scan) for s in evidence.statements for scan in s.scans):
        relation = scan.relation
        if not becomes_partition(evidence, relation) or not evidence.busy(relation):
            continue
        partition = evidence.new[relation].partition
        if statement.tag != "ALTER TABLE" or partition is None or not scanned(statement, relation):
            continue
        if not has(statement, relation, LockMode.ACCESS_EXCLUSIVE):
            continue
        if not takes(statement, partition.parent, LockMode.SHARE_UPDATE_EXCLUSIVE):
            continue  # a CHECK that was added before it is attached
        table = relation.sql
        yield evidence.finding(
            "partition_attached_by_scan",
            statement,
            relation,
            "the table is read from end to end while nobody can use it",
            expected="a CHECK that says what the bound says, validated before",
            why="ACCESS EXCLUSIVE on the new partition is held until the last row is read",
            way=(
                Step(
                    sql=f"ALTER TABLE {table} ADD CONSTRAINT bound CHECK (…) NOT VALID", locks=True
                ),
                Step(sql=f"ALTER TABLE {table} VALIDATE CONSTRAINT bound", apart=True),
                Step(
                    sql=f"ALTER TABLE {partition.parent.sql} ATTACH PARTITION {table} "
                    f"{partition.bound}",
                    apart=True,
                    locks=True,
                ),
            ),
            severity=evidence.severity(relation),
        )
