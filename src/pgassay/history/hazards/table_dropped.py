"""A table is dropped.

Its rows are gone, code that still runs fails, and with CASCADE foreign keys and views of others go
with it. DROP takes ACCESS EXCLUSIVE on the table, and on every table that refers to it.

    drop table archive;

Stop using it first, in a release of its own; keep a dump. Then accept this with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.history import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a table of before that is not there any more."""
    for statement in evidence.statements:
        for told in statement.objects:
            name = told.removeprefix("dropped table ")
            table = next((t for t in evidence.before.tables if t.name.sql == name), None)
            if name == told or table is None or table.partition is not None:
                continue
            if table.name in evidence.new:
                continue  # another one has its name now
            rows = evidence.trace.rows_of(table.name)
            others = [
                one.removeprefix("dropped ")
                for one in statement.objects
                if one.startswith(("dropped view", "dropped materialized view"))
                or (one.startswith("dropped table constraint") and f" on {name}" not in one)
            ]
            also = f"; with it {words.listed(others)}" if others else ""
            yield evidence.finding(
                "table_dropped",
                statement,
                table.name,
                f"{words.rows(rows)} are gone" if rows else "an empty table is gone",
                found=f"DROP TABLE took {words.rows(rows)}{also}",
                expected="a table that nobody uses any more, and a dump of it",
                why="it cannot be undone, and code that still runs fails",
                fix="where it is meant: accept it, with the reason, in accepted.toml",
                severity=Severity.ERROR if rows else Severity.WARNING,
            )
