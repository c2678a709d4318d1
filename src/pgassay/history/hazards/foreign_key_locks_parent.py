"""A foreign key stops writes to the table it refers to, with nothing to end the wait.

However new or empty the referring table is: its foreign key takes SHARE ROW EXCLUSIVE on the
table it refers to. If a long transaction is writing there, the statement waits, and every later
write waits behind it. With lock_timeout it gives up instead, and can be tried again.

    create table reviews (order_id integer references orders);     -- all writes to orders queue
    set local lock_timeout = '5s';                                  -- first

Source: PostgreSQL, ALTER TABLE, ADD FOREIGN KEY; Explicit Locking (13.3.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.trace import LockMode
from pgassay.history.evidence import scanned, takes
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a referred table that was locked without a lock_timeout."""
    told = set()
    keys = [
        (table.name, key)
        for table in evidence.after.tables
        for key in evidence.fresh_constraints(table.name)
        if key.kind is ConstraintKind.FOREIGN_KEY and not key.inherited
    ]
    for statement in evidence.statements:
        for child, key in keys:
            parent = key.references
            if statement.lock_timeout or parent is None or parent in told or parent == child:
                continue
            if not evidence.busy(parent) or scanned(statement, child):
                continue  # a child that is read is told as a key that is checked under lock
            if takes(statement, parent, LockMode.SHARE_ROW_EXCLUSIVE):
                told.add(parent)
                yield evidence.finding(
                    "foreign_key_locks_parent",
                    statement,
                    parent,
                    f"a foreign key of {child} stops writes here, and no lock_timeout ends its "
                    "wait",
                    expected="SET LOCAL lock_timeout before it, and another try where it runs out",
                    why="it waits for the longest transaction that writes; all writes wait behind "
                    "it",
                    way=(Step(sql="SET LOCAL lock_timeout = '5s'"),),
                )
