"""Dropping a foreign key stops the table it refers to, with nothing to end the wait.

DROP CONSTRAINT of a foreign key takes ACCESS EXCLUSIVE on both tables, because the referred one
loses its triggers. Readers of a busy parent wait for as long as it waits itself.

    alter table items drop constraint items_order_id_fkey;     -- readers of orders queue, too
    set local lock_timeout = '5s';                              -- first

Source: PostgreSQL, Explicit Locking (13.3.1); seen in pg_locks.
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
    """Yield a referred table that was locked without a lock_timeout."""
    told = set()
    gone = [
        (old.name, key.references)
        for old, new in evidence.kept()
        for key in old.foreign_keys
        if key.name not in {constraint.name for constraint in new.constraints}
    ]
    for statement in evidence.statements:
        for child, parent in gone:
            if statement.lock_timeout or parent is None or parent in told or parent == child:
                continue
            if evidence.busy(parent) and takes(statement, parent, LockMode.ACCESS_EXCLUSIVE):
                told.add(parent)
                yield evidence.finding(
                    "foreign_key_dropped_locks_parent",
                    statement,
                    parent,
                    f"dropping a foreign key of {child} stops readers here, and no lock_timeout "
                    "ends "
                    "its wait",
                    expected="SET LOCAL lock_timeout before it, and another try where it runs out",
                    why="it waits for the longest query, and everybody waits behind it",
                    way=(Step(sql="SET LOCAL lock_timeout = '5s'"),),
                )
