"""Triggers are off behind the revision.

DISABLE TRIGGER lasts until somebody enables it again, for everybody; ALL takes the checks of
foreign keys along. To write without them in one session, a superuser sets
session_replication_role for the transaction.

    alter table items disable trigger all;

Source: PostgreSQL, ALTER TABLE, DISABLE TRIGGER.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import Enabled
from pgassay.core.finding import Severity
from pgassay.core.names import quote
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a trigger that is disabled now."""
    for old, new in evidence.kept():
        before = {trigger.name: trigger.enabled for trigger in old.triggers}
        for trigger in new.triggers:
            was = before.get(trigger.name, Enabled.ORIGIN)
            if trigger.enabled is Enabled.DISABLED and was is not Enabled.DISABLED:
                statement = next(
                    (s for s in evidence.statements if f"table {new.name.sql}" in s.objects), None
                )
                enable = f"ALTER TABLE {new.name.sql} ENABLE TRIGGER {quote(trigger.name)}"
                yield evidence.finding(
                    "triggers_disabled",
                    statement,
                    new.name,
                    "the trigger does not fire any more",
                    part=trigger.name,
                    found="it is disabled behind the revision",
                    expected="a trigger that fires, or none",
                    why="what it kept in order is not kept from now on, for anybody",
                    way=(Step(sql=enable, locks=True),),
                    severity=Severity.ERROR,
                )
