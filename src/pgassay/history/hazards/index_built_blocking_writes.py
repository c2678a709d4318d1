"""An index is built while nobody can write to its table.

CREATE INDEX takes SHARE on the table for the whole build: INSERT, UPDATE and DELETE wait until it
is done, and whatever queues behind them. CONCURRENTLY takes SHARE UPDATE EXCLUSIVE, reads the
table twice and stops nobody; it cannot run in a transaction block.

    create index orders_token_idx on orders (token);                -- writers wait
    create index concurrently orders_token_idx on orders (token);   -- nobody waits

Silent for a table made in the same revision or one that holds few rows. The index of a constraint,
and those of partitions, are told by other names. Source: PostgreSQL, CREATE INDEX, Building
Indexes Concurrently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield an index build that held writers up."""
    for statement in evidence.statements:
        for build in statement.builds:
            index = evidence.index_of(build)
            if build.concurrently or not evidence.busy(build.table) or index is None:
                continue
            table = evidence.old.get(build.table)
            rebuilt = table is not None and index.name in {one.name for one in table.indexes}
            if (
                index.constraint
                or index.parent
                or rebuilt
                or evidence.new[build.table].partition_key
            ):
                continue
            yield evidence.finding(
                "index_built_blocking_writes",
                statement,
                build.table,
                "nobody can write while the index is built",
                part=build.index.name,
                expected="CREATE INDEX CONCURRENTLY, outside a transaction",
                why="INSERT, UPDATE and DELETE wait for SHARE until the build is done",
                way=(Step(sql=concurrently(index.definition), alone=True),),
                severity=evidence.severity(build.table),
            )


def concurrently(definition: str) -> str:
    """Return a CREATE INDEX, as pg_get_indexdef writes it, that stops nobody."""
    head, _, rest = definition.partition(" INDEX ")
    return f"{head} INDEX CONCURRENTLY {rest}"
