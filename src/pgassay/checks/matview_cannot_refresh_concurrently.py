"""A materialised view cannot be refreshed beside its readers.

What it finds: a materialised view without a usable unique index on columns alone and without a
predicate.

Why it hurts: REFRESH MATERIALIZED VIEW CONCURRENTLY refuses; the plain one keeps every reader out
until it is done.

Bad:
    create materialized view totals as select 1 as day, 2 as total;

Good:
    create materialized view totals as select 1 as day, 2 as total;
    create unique index on totals (day);

Fix: a unique index on the columns that tell its rows apart. The statement given takes the first
one; choose the right ones.

When to ignore: it is refreshed when nobody reads.

Reference: PostgreSQL documentation, REFRESH MATERIALIZED VIEW.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import key_columns
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
    """Yield the materialised views without such an index."""
    for view in ground.catalog.views:
        if not view.materialised or not view.columns:
            continue
        if any(
            i.unique and i.valid and i.predicate is None and key_columns(i) for i in view.indexes
        ):
            continue
        yield Problem(
            subject=Subject(object=str(view.name)),
            found=f"{view.name} has no unique index that CONCURRENTLY could use",
            expected="a unique index on columns, without a predicate",
            fix=f"create unique index on {view.name.sql} ({quote(view.columns[0].name)});",
        )
