"""A table is written anew to get rid of empty space.

VACUUM FULL and CLUSTER hold ACCESS EXCLUSIVE for the whole copy: nobody reads or writes. A plain
VACUUM stops nobody; pg_repack and pg_squeeze copy beside the traffic.

    vacuum full archive;
    vacuum archive;

Source: PostgreSQL, Routine Vacuuming (24.1.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a VACUUM FULL or a CLUSTER."""
    for statement in evidence.statements:
        if statement.tag not in ("VACUUM", "CLUSTER"):
            continue
        for rewrite in statement.rewrites:
            if rewrite.index_of is None and evidence.busy(rewrite.relation):
                yield evidence.finding(
                    "table_repacked",
                    statement,
                    rewrite.relation,
                    f"{statement.tag}: the table is copied while nobody can read it",
                    expected="VACUUM, or a tool that copies beside the traffic (pg_repack)",
                    why="ACCESS EXCLUSIVE is held until the last row and the last index are "
                    "written",
                    fix=f"vacuum {rewrite.relation.sql};",
                    severity=evidence.severity(rewrite.relation),
                )
