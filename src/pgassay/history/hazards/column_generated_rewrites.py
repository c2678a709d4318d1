"""A stored generated column is computed for every row at once.

ADD COLUMN … GENERATED … STORED rewrites table and indexes under ACCESS EXCLUSIVE. From PostgreSQL
18 on a VIRTUAL one is computed when it is read and costs nothing to add; before, a view does the
same.

    alter table orders add column gross numeric generated always as (total * 1.21) stored;

Source: PostgreSQL, Generated Columns (5.4), ALTER TABLE, Notes.
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
            for column in (c for c in columns if c.generated and not c.generated_virtual):
                table, name = relation.sql, quote(column.name)
                steps = (
                    Step(
                        sql=f"ALTER TABLE {table} ADD COLUMN {name} {column.type.sql} GENERATED "
                        f"ALWAYS AS ({column.generated}) VIRTUAL",
                        locks=True,
                    ),
                )
                yield evidence.finding(
                    "column_generated_rewrites",
                    statement,
                    relation,
                    "a stored generated column: the table is written anew while nobody can read it",
                    part=column.name,
                    expected="a virtual column (18), a view, or a column that a trigger keeps",
                    why="ACCESS EXCLUSIVE is held until the last row and the last index are "
                    "written",
                    way=steps,
                    severity=evidence.severity(relation),
                )
