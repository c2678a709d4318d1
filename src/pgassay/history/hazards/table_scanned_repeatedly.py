"""Several statements of one transaction read the same table from end to end.

ALTER TABLE does everything that it is told in one pass; two statements make two passes, both
under the same lock.

    alter table orders add check (amount > 0), add check (amount < 100);

Silent for VALIDATE, which is better by itself. Source: PostgreSQL, ALTER TABLE, Notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.history.hazards.rows_under_lock import only_validates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a table that one transaction read more than once."""
    seen: dict[tuple[int, object], int] = {}
    for statement in evidence.statements:
        if statement.tag != "ALTER TABLE" or statement.autocommit:
            continue
        for scan in statement.scans:
            relation = scan.relation
            if not scan.rows or not evidence.busy(relation) or only_validates(statement, relation):
                continue
            place = statement.transaction, relation
            seen[place] = seen.get(place, 0) + 1
            if seen[place] == _TWICE:
                yield evidence.finding(
                    "table_scanned_repeatedly",
                    statement,
                    relation,
                    "one transaction reads the table more than once",
                    expected="one ALTER TABLE with several clauses",
                    why="each statement is a pass of its own under the same lock",
                    fix=f"alter table {relation.sql} …, …;",
                    severity=Severity.INFO,
                )


_TWICE = 2
