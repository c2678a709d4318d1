"""Numbering the rows of a table writes all of it anew.

A serial or identity column that is added to a table takes a number from its sequence for every
row: table and indexes are rewritten under ACCESS EXCLUSIVE.

    alter table customers add column number bigint generated always as identity;   -- rewrites

Add a plain bigint column and a sequence, set the default for rows to come, number the earlier
ones in batches. Source: PostgreSQL, ALTER TABLE, Notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import literal, quote
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
            for column in (
                c for c in columns if c.identity or (c.default and "nextval(" in c.default)
            ):
                table, name = relation.sql, quote(column.name)
                sequence = f"{quote(relation.schema)}.{quote(f'{relation.name}_{column.name}_seq')}"
                steps = (
                    Step(sql=f"CREATE SEQUENCE {sequence}"),
                    Step(sql=f"ALTER TABLE {table} ADD COLUMN {name} bigint", locks=True),
                    Step(
                        sql=f"ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT "
                        f"nextval({literal(sequence)})",
                        locks=True,
                    ),
                    Step(
                        sql=f"UPDATE {table} SET {name} = DEFAULT WHERE {name} IS NULL AND …",
                        apart=True,
                    ),
                )
                yield evidence.finding(
                    "column_numbering_rewrites",
                    statement,
                    relation,
                    "the rows are numbered: the table is written anew while nobody can read it",
                    part=column.name,
                    expected="a plain column and a sequence; earlier rows in batches",
                    why="ACCESS EXCLUSIVE is held until the last row and the last index are "
                    "written",
                    way=steps,
                    severity=evidence.severity(relation),
                )
