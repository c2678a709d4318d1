"""Two triggers of a table do the same at the same time.

What it finds: two triggers of one table that are enabled and call the same function with the same
arguments, at the same time, for the same events, columns and condition.

Why it hurts: the function runs twice for each row: counters count double, an audit has each line
twice.

Bad:
    create table item (id bigint primary key);
    create function note() returns trigger language plpgsql as 'begin return new; end';
    create trigger noted before update on item for each row execute function note();
    create trigger item_noted before update on item for each row execute function note();

Good:
    create table item (id bigint primary key);
    create function note() returns trigger language plpgsql as 'begin return new; end';
    create trigger noted before update on item for each row execute function note();

Fix: drop one of them; the statement given drops the one that is later by name.

When to ignore: never.

Reference: PostgreSQL documentation, CREATE TRIGGER.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.catalog import Enabled
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Trigger

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield each trigger that another one doubles."""
    for table in ground.catalog.tables:
        kept: dict[str, Trigger] = {}
        for trigger in table.triggers:
            if trigger.inherited or trigger.enabled is Enabled.DISABLED:
                continue
            # All that a definition says after the name.
            says = trigger.definition.replace(f" {quote(trigger.name)} ", " ", 1)
            same = kept.setdefault(says, trigger)
            if same is not trigger:
                yield Problem(
                    subject=Subject(object=str(table.name), part=trigger.name),
                    found=f"{quote(trigger.name)} does what {quote(same.name)} does",
                    expected="one trigger",
                    fix=f"drop trigger {quote(trigger.name)} on {table.name.sql};",
                    evidence=(trigger.definition,),
                )
