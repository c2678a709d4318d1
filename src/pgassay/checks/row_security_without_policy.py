"""Row level security is enabled and nobody is let in.

What it finds: a table with row level security and without any policy.

Why it hurts: every role but the owner and those with BYPASSRLS sees no row and gets no error: an
empty table. Where all work as the owner, it does nothing at all.

Bad:
    create table document (id bigint primary key, owner name not null);
    alter table document enable row level security;

Good:
    create table document (id bigint primary key, owner name not null);
    alter table document enable row level security;
    create policy mine on document using (owner = current_user);

Fix: write the policies that are missing. The statement given lets the owner's members in and keeps
all others out, which is what happens today.

When to ignore: only roles with BYPASSRLS are to read it.

Reference: PostgreSQL documentation, chapter Data Definition, Row Security Policies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables that nobody is let into."""
    for table in ground.tables:
        if table.row_security and not table.policies:
            yield Problem(
                subject=Subject(object=str(table.name)),
                found=f"{table.name} has row level security, and no policy",
                expected="a policy for every role that is to see rows",
                fix=f"create policy nobody on {table.name.sql} using (false);",
            )
