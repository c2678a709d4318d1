"""A materialized view is filled again while nobody can read it.

REFRESH takes ACCESS EXCLUSIVE on the view for as long as its query runs. CONCURRENTLY compares
the new rows with the old ones, and readers go on; it needs a unique index on the view.

    refresh materialized view totals;
    refresh materialized view concurrently totals;

Source: PostgreSQL, REFRESH MATERIALIZED VIEW.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.trace import LockMode
from pgassay.history.evidence import takes
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a refresh that stopped readers."""
    names = {view.name for view in evidence.before.views if view.materialised}
    for statement in evidence.statements:
        for name in sorted(names):
            if not statement.tag.startswith("REFRESH") or not evidence.busy(name):
                continue
            if takes(statement, name, LockMode.ACCESS_EXCLUSIVE):
                yield evidence.finding(
                    "materialized_view_refreshed_blocking",
                    statement,
                    name,
                    "nobody can read the view while its query runs",
                    expected="REFRESH MATERIALIZED VIEW CONCURRENTLY, with a unique index on the "
                    "view",
                    why="ACCESS EXCLUSIVE is held until the last row is written",
                    way=(Step(sql=f"REFRESH MATERIALIZED VIEW CONCURRENTLY {name.sql}"),),
                    severity=evidence.severity(name),
                )
