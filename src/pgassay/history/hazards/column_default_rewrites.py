"""A default that is different for each row writes the whole table anew.

ADD COLUMN with a volatile default (gen_random_uuid(), clock_timestamp(), random()) has to compute
it for every row: table and indexes are rewritten under ACCESS EXCLUSIVE. A constant, or now(), is
stored once and costs nothing.

    alter table orders add column ref uuid default gen_random_uuid();   -- rewrites
    alter table orders add column ref uuid;                              -- an instant
    alter table orders alter column ref set default gen_random_uuid();   -- for rows to come

Then fill in the earlier rows in batches. Source: PostgreSQL, ALTER TABLE, Notes.
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
    """Yield a new column for which a table was written anew."""
    for statement in evidence.statements:
        for relation in evidence.written_anew(statement, "default"):
            known = {column.name for column in evidence.old[relation].columns}
            columns = [c for c in evidence.new[relation].columns if c.name not in known]
            for column in (c for c in columns if c.default and "nextval(" not in c.default):
                table, name = relation.sql, quote(column.name)
                steps = (
                    Step(
                        sql=f"ALTER TABLE {table} ADD COLUMN {name} {column.type.sql}", locks=True
                    ),
                    Step(
                        sql=f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {column.default}",
                        locks=True,
                    ),
                    Step(
                        sql=f"UPDATE {table} SET {name} = {column.default} WHERE {name} IS NULL "
                        "AND …",
                        apart=True,
                    ),
                )
                yield evidence.finding(
                    "column_default_rewrites",
                    statement,
                    relation,
                    "a volatile default: the table is written anew while nobody can read it",
                    part=column.name,
                    expected="the column first, its default after, earlier rows in batches",
                    why="ACCESS EXCLUSIVE is held until the last row and the last index are "
                    "written",
                    way=steps,
                    severity=evidence.severity(relation),
                )
