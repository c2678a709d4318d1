"""The index of a unique constraint is built while nobody can read the table.

ADD UNIQUE, or a column that is added with UNIQUE, builds the index under ACCESS EXCLUSIVE. Build it
CONCURRENTLY first; ADD CONSTRAINT … USING INDEX then takes an instant.

    alter table orders add constraint orders_token_key unique (token);          -- under lock
    create unique index concurrently orders_token_key on orders (token);        -- beside
    alter table orders add constraint orders_token_key unique using index orders_token_key;

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
            if constraint is None or index is None or constraint.kind is not ConstraintKind.UNIQUE:
                continue
            if build.concurrently or not evidence.busy(build.table) or index.parent is not None:
                continue
            table, name = build.table.sql, quote(constraint.name)
            yield evidence.finding(
                "unique_built_under_lock",
                statement,
                build.table,
                "nobody can read or write while the index of the constraint is built",
                part=constraint.name,
                expected="CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX",
                why="ACCESS EXCLUSIVE is held until the index is built",
                way=(
                    Step(sql=concurrently(index.definition), alone=True),
                    Step(
                        sql=f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}",
                        locks=True,
                    ),
                ),
                severity=evidence.severity(build.table),
            )
