"""A column has another default.

INSERTs of the release that still runs leave the column out and get the new value from now on. The
change takes an instant.

    alter table orders alter column status set default 'open';

Information only: is the new value right for the old code? Silent for columns of the same revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a column whose default differs."""
    for old, new in evidence.kept():
        before = {column.name: column for column in old.columns}
        for column in new.columns:
            was = before.get(column.name)
            if was is None or column.inherited or column.type != was.type:
                continue
            if (column.default, column.identity) != (was.default, was.identity):
                statement = next((s for s in evidence.statements if column.name in s.text), None)
                yield evidence.finding(
                    "default_changed",
                    statement,
                    new.name,
                    "INSERTs of the running release get another value",
                    part=column.name,
                    found=f"{was.default or was.identity or 'no default'} became "
                    f"{column.default or column.identity or 'no default'}",
                    expected="a default that the old code can live with",
                    why="code that leaves the column out does not know",
                    severity=Severity.INFO,
                )
