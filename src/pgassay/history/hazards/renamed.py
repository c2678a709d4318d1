"""A table or a column has another name.

The change takes no time, and the moment it commits every statement of the running release that
has the old name fails. No order of deployment helps: either the old code or the new one is wrong.

    alter table orders rename column token to secret;
    alter table orders add column secret text;  -- write both, fill in, read the new, drop the old

A renamed table can leave a view of the old name behind, through which simple statements still
work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.core.names import quote
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Column, Table
    from pgassay.core.finding import Finding
    from pgassay.core.trace import StatementTrace
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield what is there under another name."""
    yield from _tables(evidence)
    for old, new in evidence.kept():
        there = {column.name for column in new.columns}
        for column in old.columns:
            found = None if column.name in there else _now(evidence, old, new, column)
            if found is None:
                continue
            now, statement = found
            steps = (
                Step(
                    sql=f"ALTER TABLE {new.name.sql} ADD COLUMN {quote(now.name)} {now.type.sql}",
                    locks=True,
                ),
                Step(
                    sql=f"UPDATE {new.name.sql} SET {quote(now.name)} = {quote(column.name)} "
                    f"WHERE {quote(now.name)} IS NULL AND …",
                    apart=True,
                ),
            )
            yield evidence.finding(
                "renamed",
                statement,
                new.name,
                f"the column is called {now.name} now",
                part=column.name,
                found=f"{column.name} was renamed to {now.name}",
                expected="both names, until no running release uses the old one",
                why="every statement with the old name fails the moment it commits",
                way=steps,
                severity=Severity.ERROR if evidence.busy(old.name) else Severity.WARNING,
            )


def _now(
    evidence: Evidence, old: Table, new: Table, column: Column
) -> tuple[Column, StatementTrace] | None:
    """Return the column that one of before has become, and the statement that did it."""
    known = {one.name for one in old.columns}
    for statement in evidence.statements:
        for now in new.columns:
            told = f"table column {new.name.sql}.{quote(now.name)}"
            fresh = now.name not in known and now.type.base == column.type.base
            if fresh and statement.tag == "ALTER TABLE" and told in statement.objects:
                return now, statement
    return None


def _tables(evidence: Evidence) -> Iterator[Finding]:
    for was, (now, statement) in evidence.renamed.items():
        view = f"CREATE VIEW {was.sql} AS SELECT * FROM {now.sql}"
        yield evidence.finding(
            "renamed",
            statement,
            was,
            f"the table is called {now} now",
            found=f"{was} was renamed to {now}",
            expected="the old name still works, until no running release uses it",
            why="every statement with the old name fails the moment it commits",
            way=(Step(sql=view),),
            severity=Severity.ERROR if evidence.busy(was) else Severity.WARNING,
        )
