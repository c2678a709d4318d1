"""A column is of type json.

json has no equality: SELECT DISTINCT, UNION and GROUP BY on the row fail (42883), it cannot be
indexed, and every use parses the text again. jsonb has all of that.

    alter table orders add column extra jsonb;

Ignore it where the exact text has to be kept, spaces and the order of keys included. Source:
PostgreSQL, JSON Types (8.14).
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
    """Yield a new column of type json."""
    for table in evidence.after.tables:
        old = evidence.old.get(table.name)
        known = (
            {column.name for column in old.columns if column.type.base == "json"} if old else set()
        )
        for column in table.columns:
            if column.type.base != "json" or column.name in known or table.partition is not None:
                continue
            statement = next((s for s in evidence.statements if column.name in s.text), None)
            alter = f"ALTER TABLE {table.name.sql} ADD COLUMN {quote(column.name)} jsonb"
            yield evidence.finding(
                "json_column",
                statement,
                table.name,
                "the column is json, which has no equality",
                part=column.name,
                found=f"{column.name} {column.type.sql}",
                expected="jsonb",
                why="SELECT DISTINCT, UNION and GROUP BY fail, and no index helps",
                way=(Step(sql=alter, locks=True),),
            )
