"""Policies are written and not in force.

What it finds: a table that has row security policies and on which row level security is not
enabled.

Why it hurts: the policies do nothing. Everybody who may SELECT sees every row, while the schema
reads as if they did not.

Bad:
    create table document (id bigint primary key, owner name not null);
    create policy mine on document using (owner = current_user);

Good:
    create table document (id bigint primary key, owner name not null);
    create policy mine on document using (owner = current_user);
    alter table document enable row level security;

Fix: enable it, after seeing to it that every role has the policies it needs.

When to ignore: in the time between two migrations of which the second enables it.

Reference: PostgreSQL documentation, chapter Data Definition, Row Security Policies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables whose policies are not in force."""
    for table in ground.catalog.tables:
        if table.policies and not table.row_security:
            names = quote_all(tuple(policy.name for policy in table.policies))
            yield Problem(
                subject=Subject(object=str(table.name)),
                found=f"{table.name} has the policies {names}, and no row level security",
                expected="row level security enabled",
                fix=f"alter table {table.name.sql} enable row level security;",
            )
