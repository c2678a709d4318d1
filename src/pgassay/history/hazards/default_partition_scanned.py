"""The default partition is read for rows that a new partition should have.

Where a default partition exists, every new partition is held against it: it is read from end to
end under ACCESS EXCLUSIVE, and CREATE TABLE … PARTITION OF holds the same lock on the parent
meanwhile. The statement fails if a row is found.

    create table readings_2027 partition of readings for values from …;      -- reads readings_rest

Do without a default partition, or give it a CHECK, valid, that excludes the new bound. Make the
table first and ATTACH it: then the parent goes on. Source: PostgreSQL, ALTER TABLE, ATTACH
PARTITION.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history.evidence import has
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a default partition that was read for a new one."""
    for statement, scan in ((s, scan) for s in evidence.statements for scan in s.scans):
        relation = scan.relation
        table = evidence.old.get(relation)
        if table is None or table.partition is None or not table.partition.is_default:
            continue
        if not scan.rows or not evidence.busy(relation):
            continue
        if statement.tag not in ("CREATE TABLE", "ALTER TABLE"):
            continue
        fresh = [
            one
            for one in evidence.after.partitions_of(table.partition.parent)
            if one.name not in {old.name for old in evidence.before.tables if old.partition}
        ]
        if not fresh or not has(statement, relation, LockMode.ACCESS_EXCLUSIVE):
            continue
        yield evidence.finding(
            "default_partition_scanned",
            statement,
            relation,
            f"the default partition is read for {fresh[0].name} while nobody can use it",
            part=fresh[0].name.name,
            expected="no default partition, or a CHECK on it that excludes the new bound",
            why="ACCESS EXCLUSIVE is held until its last row is read; one row that fits refuses "
            "it all",
            way=(
                Step(
                    sql=f"ALTER TABLE {relation.sql} ADD CONSTRAINT … CHECK (not …) NOT VALID",
                    locks=True,
                ),
                Step(sql=f"ALTER TABLE {relation.sql} VALIDATE CONSTRAINT …", apart=True),
            ),
            severity=evidence.severity(relation),
        )
