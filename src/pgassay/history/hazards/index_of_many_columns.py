"""A new index that guards nothing has more than three columns.

The planner uses the first columns of an index and filters by the rest; a fourth column seldom pays
for what it costs in size and writes. Where it is there so that the table need not be read, INCLUDE
says so and keeps the inner pages small.

    create index on orders (placed_at, total, token, amount);
    create index on orders (placed_at, total) include (token, amount);

Ignore it where the plan of a hot query shows that all columns are conditions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a new index of four key columns or more."""
    for old, new in evidence.kept():
        known = {index.name for index in old.indexes}
        for index in new.indexes:
            wide = len(index.keys) > _MOST and not index.unique and index.constraint is None
            if index.name in known or not wide or index.parent is not None:
                continue
            statement = next((s for s in evidence.statements if index.name in s.text), None)
            yield evidence.finding(
                "index_of_many_columns",
                statement,
                new.name,
                f"{len(index.keys)} key columns",
                part=index.name,
                found=index.definition,
                expected=f"{_MOST} key columns or fewer; others as INCLUDE",
                why="columns behind the third seldom narrow a search, and every write pays for "
                ""
                "them",
                fix="keep the columns that hot queries compare; INCLUDE those that they only "
                "return",
                severity=Severity.INFO,
            )


_MOST = 3
