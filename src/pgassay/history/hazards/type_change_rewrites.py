"""Another type of a column writes the whole table anew.

Where the stored form changes (integer to bigint, another scale of a numeric) or every value has
to be checked (text to varchar(n)), ALTER COLUMN TYPE rewrites table and indexes under ACCESS
EXCLUSIVE. A varchar that is widened, varchar to text, or more precision at the same scale
rewrites nothing, and nothing is said of them.

    alter table items alter column position type bigint;       -- rewrites
    alter table items add column position_wide bigint;         -- then: a trigger that keeps both, a
                                                               -- backfill in batches, and the swap

Source: PostgreSQL, ALTER TABLE, Notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import quote
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a change of a type for which a table was written anew."""
    for statement in evidence.statements:
        for relation in evidence.written_anew(statement, "type"):
            old, new = evidence.old[relation], evidence.new[relation]
            before = {column.name: column.type.sql for column in old.columns}
            changed = [c for c in new.columns if before.get(c.name, c.type.sql) != c.type.sql]
            column = changed[0] if changed else None
            table = relation.sql
            steps: tuple[Step, ...] = ()
            told = ""
            if column is not None:
                wide = quote(f"{column.name}_new")
                told = f"{column.name}: {before[column.name]} becomes {column.type.sql}; "
                steps = (
                    Step(
                        sql=f"ALTER TABLE {table} ADD COLUMN {wide} {column.type.sql}", locks=True
                    ),
                    Step(
                        sql=f"UPDATE {table} SET {wide} = {quote(column.name)} "
                        f"WHERE {wide} IS NULL AND …",
                        apart=True,
                    ),
                )
            yield evidence.finding(
                "type_change_rewrites",
                statement,
                relation,
                "another type: the table is written anew while nobody can read it",
                part=column.name if column else None,
                found=told + evidence.held(statement, relation),
                expected="a new column, kept in step by a trigger, filled in batches, then swapped",
                why="ACCESS EXCLUSIVE is held until the last row and the last index are written",
                way=steps,
                severity=evidence.severity(relation),
            )
