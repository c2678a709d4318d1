"""A column is required, and no row of before has a value for it.

ADD COLUMN … NOT NULL without a default fails on any table that has rows (23502), though not on the
empty one of a test. Where it does go through, INSERTs of the code that is still running fail,
because it does not know the column.

    alter table orders add column region text not null;                  -- fails
    alter table orders add column region text not null default 'eu';     -- no rewrite: a constant

Or add it nullable, write it, fill in the rest in batches, and demand it in a later revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.core.names import quote
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a new column that is NOT NULL and has no default."""
    for statement in evidence.statements:
        refusal = statement.refusal
        if refusal is None or refusal.sqlstate != "23502" or refusal.column is None:
            continue
        for table in evidence.before.tables:
            known = {column.name for column in table.columns}
            if table.name.name == refusal.table and refusal.column not in known:
                yield evidence.finding(
                    "column_required",
                    statement,
                    table.name,
                    "a new column is NOT NULL, and no row has a value for it",
                    part=refusal.column,
                    found=statement.error or "",
                    expected="a default, or a nullable column that is filled in and then demanded",
                    why="it fails on every database that has rows",
                    fix=f"alter table {table.name.sql} add column {quote(refusal.column)} … "
                    "default …;",
                    severity=Severity.ERROR,
                )
    for old, new in evidence.kept():
        known = {column.name for column in old.columns}
        for column in new.columns:
            if column.name in known or not column.not_null or column.inherited:
                continue
            if column.default or column.identity or column.generated:
                continue
            told = f"table column {new.name.sql}.{quote(column.name)}"
            if any(told in one.objects and one.tag == "ALTER TABLE" for one in evidence.statements):
                continue  # renamed
            adding = next((s for s in evidence.statements if column.name in s.text), None)
            yield evidence.finding(
                "column_required",
                adding,
                new.name,
                "code that does not know the new column cannot insert any more",
                part=column.name,
                found=f"{column.type.sql} NOT NULL without a default, on a table that was there "
                "before",
                expected="a default, at least until the code writes the column",
                why="INSERTs of the running release fail with 23502; so does the revision where "
                "the table has rows",
                way=(
                    Step(
                        sql=f"ALTER TABLE {new.name.sql} ADD COLUMN {quote(column.name)} "
                        f"{column.type.sql}",
                        locks=True,
                    ),
                ),
                severity=Severity.ERROR,
            )
