"""The index of an exclusion constraint is built while nobody can read the table.

EXCLUDE has no form that works beside the traffic: its index is built, and rows are compared,
under ACCESS EXCLUSIVE.

    alter table items add constraint no_overlap exclude using gist (box with &&);

Make a new table with the constraint, fill it in batches and swap; or guard new rows by a trigger
and add the constraint in a maintenance window. Source: PostgreSQL, CREATE TABLE, EXCLUDE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield an exclusion constraint on a table in use."""
    for statement in evidence.statements:
        for build in statement.builds:
            constraint = evidence.constraint_of(build)
            if constraint is None or constraint.kind is not ConstraintKind.EXCLUSION:
                continue
            if evidence.busy(build.table):
                yield evidence.finding(
                    "exclusion_built_under_lock",
                    statement,
                    build.table,
                    "nobody can read or write while the exclusion constraint is built",
                    part=constraint.name,
                    expected="a new table that is filled in batches, then swapped",
                    why="there is no CONCURRENTLY for it: ACCESS EXCLUSIVE is held until it is "
                    ""
                    "built",
                    fix="create a table with the constraint, copy in batches, rename both; or "
                    "accept it "
                    "with a maintenance window as the reason",
                    severity=evidence.severity(build.table),
                )
