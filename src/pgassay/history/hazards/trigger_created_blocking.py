"""A trigger is created with nothing to end the wait for its table.

CREATE TRIGGER takes SHARE ROW EXCLUSIVE: an instant, but it waits for every transaction that has
written to the table, and all later writes wait behind it.

    set local lock_timeout = '5s';
    create trigger touched before update on orders …;

Silent where lock_timeout is set. Source: PostgreSQL, Explicit Locking (13.3.1).
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
    """Yield a new trigger on a table in use."""
    for old, new in evidence.kept():
        known = {trigger.name for trigger in old.triggers}
        for trigger in new.triggers:
            if trigger.name in known or trigger.inherited or not evidence.busy(new.name):
                continue
            for statement in evidence.statements:
                if statement.lock_timeout or statement.tag != "CREATE TRIGGER":
                    continue
                if takes(statement, new.name, LockMode.SHARE_ROW_EXCLUSIVE):
                    yield evidence.finding(
                        "trigger_created_blocking",
                        statement,
                        new.name,
                        "writes wait for the trigger, and no lock_timeout ends its own wait",
                        part=trigger.name,
                        expected="SET LOCAL lock_timeout before it, and another try where it runs "
                        ""
                        "out",
                        why="it waits for the longest transaction that writes; all writes wait "
                        "behind",
                        way=(Step(sql="SET LOCAL lock_timeout = '5s'"),),
                    )
                    break
