"""Everybody may write a table.

What it finds: a table or a column on which PUBLIC has INSERT, UPDATE, DELETE or TRUNCATE.

Why it hurts: every role that can connect and use the schema, those of tomorrow included, changes
the rows.

Bad:
    create table setting (name text primary key, value text);
    grant all on setting to public;

Good:
    create table setting (name text primary key, value text);
    grant select on setting to public;

Fix: revoke it, and grant it to the roles that write.

When to ignore: row level security decides, and the policies have been read.

Reference: PostgreSQL documentation, chapter Data Definition, Privileges.
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
PROFILE = Profile.RECOMMENDED
_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "TRUNCATE"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables that are open, with the columns that are."""
    for table in ground.catalog.tables:
        rights = [r.privilege for r in table.privileges if r.grantee == "PUBLIC" and not r.revoked]
        found = [right for right in rights if right in _WRITES]
        revoked = [f"revoke {', '.join(found).lower()} on {table.name.sql} from public;"]
        if not found:
            revoked = []
        for column in table.columns:
            own = [
                r.privilege
                for r in column.privileges
                if r.grantee == "PUBLIC" and not r.revoked and r.privilege in _WRITES
            ]
            found += [f"{right} ({quote(column.name)})" for right in own]
            revoked += [
                f"revoke {right.lower()} ({quote(column.name)}) on {table.name.sql} from public;"
                for right in own
            ]
        if found:
            yield Problem(
                subject=Subject(object=str(table.name)),
                found=f"PUBLIC has {', '.join(found)} on {table.name}",
                expected="rights for the roles that write",
                fix="\n".join(revoked),
            )
