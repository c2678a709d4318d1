"""A view shows rows that a policy would hide.

What it finds: a view without security_invoker that names a table with row level security.

Why it hurts: a view reads with its owner's rights, and the owner is exempt from the policies.
Whoever may read the view sees every row.

Bad:
    create table document (id bigint primary key, owner name not null);
    alter table document enable row level security;
    create policy mine on document using (owner = current_user);
    create view documents as select id from document;

Good:
    create table document (id bigint primary key, owner name not null);
    alter table document enable row level security;
    create policy mine on document using (owner = current_user);
    create view documents with (security_invoker = true) as select id from document;

Fix: let the view read as its reader.

When to ignore: the view is there to show more than the policies do; or the policies are forced upon
the owner as well.

Reference: PostgreSQL documentation, CREATE VIEW, security_invoker.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import View

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT
_ON = frozenset({"true", "on", "yes", "1"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the views, each with the tables whose policies it passes."""
    secured = [
        (table, re.compile(rf"(?<![\w\".]){re.escape(table.name.sql)}(?![\w\"])"))
        for table in ground.catalog.tables
        if table.row_security and not table.force_row_security
    ]
    for view in ground.catalog.views:
        if view.materialised or _invoker(view):
            continue
        passed = [str(table.name) for table, name in secured if name.search(view.definition)]
        if passed:
            yield Problem(
                subject=Subject(object=str(view.name)),
                found=f"{view.name} reads {', '.join(passed)} as its owner",
                expected="security_invoker",
                fix=f"alter view {view.name.sql} set (security_invoker = true);",
            )


def _invoker(view: View) -> bool:
    pairs = (option.partition("=") for option in view.options)
    return any(name == "security_invoker" and value in _ON for name, _, value in pairs)
