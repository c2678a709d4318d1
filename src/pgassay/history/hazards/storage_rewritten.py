"""Another kind of storage writes the whole table anew.

SET UNLOGGED, SET LOGGED, SET ACCESS METHOD and SET TABLESPACE copy the table under ACCESS
EXCLUSIVE. An unlogged table is empty after a crash, and on a standby.

    alter table archive set unlogged;

Make a new table with the storage that is wanted, fill it in batches, swap the names. Source:
PostgreSQL, ALTER TABLE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a change of storage for which a table was written anew."""
    for statement in evidence.statements:
        if statement.tag not in ("ALTER TABLE", "ALTER MATERIALIZED VIEW"):
            continue
        for rewrite in statement.rewrites:
            relation, reason = rewrite.relation, rewrite.reason
            moved = not reason or "persistence" in reason or "access method" in reason
            if (
                rewrite.index_of is None
                and moved
                and not rewrite.emptied
                and evidence.busy(relation)
            ):
                yield evidence.finding(
                    "storage_rewritten",
                    statement,
                    relation,
                    f"the table is copied ({reason or 'to another place'}) while nobody can read "
                    "it",
                    expected="a new table that is filled in batches, then swapped",
                    why="ACCESS EXCLUSIVE is held until the last row is copied",
                    fix="create table … (like … including all), copy in batches, rename both",
                    severity=evidence.severity(relation),
                )
