"""A column may be NULL from now on.

Code that reads it has never met NULL there. The change takes an instant; the surprise comes with
the first row.

    alter table orders alter column customer_id drop not null;

Information only: look for code that reads the column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a column that was NOT NULL."""
    for old, new in evidence.kept():
        before = {column.name for column in old.columns if column.not_null}
        for column in new.columns:
            if column.name in before and not column.not_null and not column.inherited:
                statement = next((s for s in evidence.statements if column.name in s.text), None)
                yield evidence.finding(
                    "not_null_dropped",
                    statement,
                    new.name,
                    "code that reads the column has never met NULL",
                    part=column.name,
                    found="NOT NULL was dropped",
                    expected="readers that know it",
                    why="the first NULL breaks what does not expect it",
                    severity=Severity.INFO,
                )
