"""Row-level security is on, and no policy lets a row through.

Everybody but the owner and superusers sees an empty table and can insert nothing, without any
error on reading.

    create policy everybody on diary using (true);
    alter table diary enable row level security;

Source: PostgreSQL, Row Security Policies (5.9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a table whose rows nobody sees any more."""
    for old, new in evidence.kept():
        if not new.row_security or new.policies or (old.row_security and not old.policies):
            continue
        told = f"table {new.name.sql}"
        statement = next((s for s in evidence.statements if told in s.objects), None)
        yield evidence.finding(
            "row_security_hides_rows",
            statement,
            new.name,
            "row-level security is on, and there is no policy",
            found="every row is hidden from everybody but the owner",
            expected="the policies first, ENABLE ROW LEVEL SECURITY after them",
            why="queries find nothing, and nothing says so",
            fix=f"create policy … on {new.name.sql} using (…);",
            severity=Severity.ERROR,
        )
