"""A policy lets everybody change every row.

What it finds: a permissive policy for PUBLIC whose condition is true, on a table with row level
security, for UPDATE, DELETE or all commands.

Why it hurts: permissive policies are joined by OR. This one makes every other policy of the command
worth nothing.

Bad:
    create table document (id bigint primary key, owner name not null);
    alter table document enable row level security;
    create policy mine on document using (owner = current_user);
    create policy debugging on document using (true);

Good:
    create table document (id bigint primary key, owner name not null);
    alter table document enable row level security;
    create policy mine on document using (owner = current_user);

Fix: drop it, or name the roles that it is for.

When to ignore: the table is open, and row level security is enabled for the sake of a tool.

Reference: PostgreSQL documentation, CREATE POLICY.
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
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED
_WRITING = frozenset({"ALL", "UPDATE", "DELETE"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the policies that are always true."""
    for table in ground.catalog.tables:
        for policy in table.policies:
            if not table.row_security or not policy.permissive or "PUBLIC" not in policy.roles:
                continue
            if policy.command.upper() not in _WRITING:
                continue
            asked = [text for text in (policy.using, policy.check) if text is not None]
            if not asked or any(text.strip("()") != "true" for text in asked):
                continue
            yield Problem(
                subject=Subject(object=str(table.name), part=policy.name),
                found=f"the policy {quote(policy.name)} of {table.name} is true for everybody "
                f"({policy.command})",
                expected="a condition, or the roles that it is for",
                fix=f"drop policy {quote(policy.name)} on {table.name.sql};",
            )
