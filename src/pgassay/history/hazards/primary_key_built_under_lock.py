"""The index of a primary key is built while nobody can read the table.

ADD PRIMARY KEY builds the index, and reads every row for NOT NULL, under ACCESS EXCLUSIVE. Prove
NOT NULL first (a CHECK that is NOT VALID, validated, then SET NOT NULL), build the index
CONCURRENTLY, then add the key USING INDEX.

    alter table archive add primary key (id);                                    -- under lock
    create unique index concurrently archive_pkey on archive (id);
    alter table archive add constraint archive_pkey primary key using index archive_pkey;

Source: PostgreSQL, ALTER TABLE, ADD table_constraint_using_index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote
from pgassay.history.hazards.index_built_blocking_writes import concurrently
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a constraint whose index was built with it."""
    for statement in evidence.statements:
        for build in statement.builds:
            constraint, index = evidence.constraint_of(build), evidence.index_of(build)
            if (
                constraint is None
                or index is None
                or constraint.kind is not ConstraintKind.PRIMARY_KEY
            ):
                continue
            if build.concurrently or not evidence.busy(build.table) or index.parent is not None:
                continue
            table, name = build.table.sql, quote(constraint.name)
            yield evidence.finding(
                "primary_key_built_under_lock",
                statement,
                build.table,
                "nobody can read or write while the primary key's index is built",
                part=constraint.name,
                expected="NOT NULL proven first, CREATE UNIQUE INDEX CONCURRENTLY, then PRIMARY "
                "KEY USING INDEX",
                why="ACCESS EXCLUSIVE is held until the index is built",
                way=(
                    Step(sql=concurrently(index.definition), alone=True),
                    Step(
                        sql=f"ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY "
                        f"USING INDEX {name}",
                        locks=True,
                    ),
                ),
                severity=evidence.severity(build.table),
            )
