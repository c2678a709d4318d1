"""A trigger or a rule is disabled.

What it finds: a trigger of a person, or a rewrite rule, that fires for nobody. One that fires only
on a replica is left alone.

Why it hurts: somebody switched it off for a load and forgot it. What it keeps up (a time, a total,
an audit) is not kept up, and the schema looks as if it were.

Bad:
    create table item (id bigint primary key, price numeric);
    create function note() returns trigger language plpgsql as 'begin return new; end';
    create trigger noted before update on item for each row execute function note();
    alter table item disable trigger noted;

Good:
    create table item (id bigint primary key, price numeric);
    create function note() returns trigger language plpgsql as 'begin return new; end';
    create trigger noted before update on item for each row execute function note();

Fix: enable it, or drop it; see to what it has missed.

When to ignore: while a load runs.

Reference: PostgreSQL documentation, ALTER TABLE, DISABLE TRIGGER.
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

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield what is switched off."""
    for table in ground.catalog.tables:
        named = [
            ("trigger", trigger.name, trigger.enabled, trigger.definition)
            for trigger in table.triggers
        ]
        named += [("rule", rule.name, rule.enabled, rule.definition) for rule in table.rules]
        for word, name, enabled, definition in named:
            if enabled is Enabled.DISABLED:
                yield Problem(
                    subject=Subject(object=str(table.name), part=name),
                    found=f"the {word} {quote(name)} of {table.name} is disabled",
                    expected=f"a {word} that fires, or none",
                    fix=f"alter table {table.name.sql} enable {word} {quote(name)};",
                    evidence=(definition,),
                )
