"""A partition is detached while nobody can read the table.

DETACH PARTITION takes ACCESS EXCLUSIVE on the parent, and on its default partition. CONCURRENTLY
takes SHARE UPDATE EXCLUSIVE; it cannot run in a transaction, nor where there is a default
partition.

    alter table events detach partition events_2024;
    alter table events detach partition events_2024 concurrently;

Source: PostgreSQL, ALTER TABLE, DETACH PARTITION.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history.evidence import takes
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a partition that is a table of its own now."""
    for old, new in evidence.kept():
        if old.partition is None or new.partition is not None:
            continue
        parent = old.partition.parent
        if parent not in evidence.new or not evidence.busy(parent):
            continue
        for statement in evidence.statements:
            if statement.tag == "ALTER TABLE" and takes(
                statement, parent, LockMode.ACCESS_EXCLUSIVE
            ):
                way = f"ALTER TABLE {parent.sql} DETACH PARTITION {old.name.sql} CONCURRENTLY"
                yield evidence.finding(
                    "partition_detached_blocking",
                    statement,
                    parent,
                    f"nobody can read or write while {old.name} is detached",
                    part=old.name.name,
                    expected="DETACH PARTITION … CONCURRENTLY, outside a transaction",
                    why="it waits for the longest query on any partition; everybody waits behind "
                    "it",
                    way=(Step(sql=way, alone=True),),
                )
                break
