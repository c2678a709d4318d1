"""A table has a rewrite rule.

What it finds: a rule that a person made on a table.

Why it hurts: a rule rewrites the statement, not the row: its expressions are evaluated more than
once, volatile ones with other results each time, and what RETURNING and the count of rows say is no
longer what happened.

Bad:
    create table item (id bigint primary key);
    create rule keep as on delete to item do instead nothing;

Good:
    create table item (id bigint primary key);
    create function keep() returns trigger language plpgsql as 'begin return null; end';
    create trigger keep before delete on item for each row execute function keep();

Fix: a trigger in its place. The statement given drops the rule.

When to ignore: it is unconditional, simple and tested.

Reference: PostgreSQL documentation, chapter The Rule System, Rules Versus Triggers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the rules on tables."""
    for table in ground.catalog.tables:
        for rule in table.rules:
            yield Problem(
                subject=Subject(object=str(table.name), part=rule.name),
                found=f"the rule {quote(rule.name)} rewrites statements on {table.name}",
                expected="a trigger",
                fix=f"drop rule {quote(rule.name)} on {table.name.sql};",
                evidence=(rule.definition,),
            )
