"""A CHECK says that a column is not null, and the column is NOT NULL.

What it finds: a validated CHECK that says nothing but `column IS NOT NULL` of columns that are NOT
NULL.

Why it hurts: it is what stays of a migration that set NOT NULL without a scan. Every row is checked
twice, and dropping the NOT NULL later changes nothing.

Bad:
    create table item (name text not null, constraint name_there check (name is not null));

Good:
    create table item (name text not null);

Fix: drop the CHECK.

When to ignore: between the two steps of such a migration.

Reference: PostgreSQL documentation, ALTER TABLE, SET NOT NULL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import without_constraint
from pgassay.core.case import Subject
from pgassay.core.catalog import ConstraintKind
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote, quote_all
from pgassay.rows.finding_rows import not_null_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the CHECKs that repeat it."""
    for table in ground.catalog.tables:
        for check in table.of_kind(ConstraintKind.CHECK):
            if check.inherited or not check.validated or not check.enforced:
                continue
            columns = not_null_columns(check.expression or "")
            if not columns or not columns <= {column.name for column in table.columns}:
                continue
            if not all(table.column(name).not_null for name in columns):
                continue
            yield Problem(
                subject=Subject(object=str(table.name), part=check.name),
                found=f"{quote(check.name)} repeats that {quote_all(tuple(sorted(columns)))} of "
                f"{table.name} is NOT NULL",
                expected="NOT NULL alone",
                fix=without_constraint(table, check),
                evidence=(check.definition,),
            )
