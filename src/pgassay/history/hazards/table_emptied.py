"""A table that has rows is emptied.

TRUNCATE takes all rows of a table at once, and with CASCADE those of every table that refers to it,
however far. It holds ACCESS EXCLUSIVE on all of them, and no trigger for each row fires.

    truncate orders cascade;     -- items, too

Name every table that is meant. Where it is meant, accept it with the reason. Source: PostgreSQL,
TRUNCATE.
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
    """Yield a table that has lost all its rows."""
    for statement in evidence.statements:
        for rewrite in statement.rewrites:
            rows = evidence.trace.rows_of(rewrite.relation)
            if rewrite.emptied and rows and rewrite.relation in evidence.old:
                yield evidence.finding(
                    "table_emptied",
                    statement,
                    rewrite.relation,
                    f"{words.rows(rows)} are gone",
                    found=f"{statement.tag} took {words.rows(rows)}",
                    expected="rows that nobody needs are deleted by name, in batches",
                    why="it cannot be undone, and CASCADE reaches tables that nobody named",
                    fix="where it is meant: accept it, with the reason, in accepted.toml",
                    severity=Severity.ERROR,
                )
