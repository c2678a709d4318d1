"""Everybody may create objects in a schema.

What it finds: a schema in which PUBLIC has CREATE.

Why it hurts: any role that can connect can put a function or an operator there which others then
call by mistake (CVE-2018-1058). Databases that came from PostgreSQL 14 or older have it in public.

Bad:
    create schema shared;
    grant create on schema shared to public;

Good:
    create schema shared;
    grant usage on schema shared to public;

Fix: revoke it, and grant it to the roles that migrate.

When to ignore: never.

Reference: PostgreSQL documentation, chapter Data Definition, Schemas, Usage Patterns.
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


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the schemas that are open."""
    for schema in ground.catalog.schemas:
        if any(
            right.grantee == "PUBLIC" and right.privilege == "CREATE" and not right.revoked
            for right in schema.privileges
        ):
            yield Problem(
                subject=Subject(object=quote(schema.name)),
                found=f"PUBLIC may create in the schema {quote(schema.name)}",
                expected="CREATE for the roles that migrate",
                fix=f"revoke create on schema {quote(schema.name)} from public;",
            )
