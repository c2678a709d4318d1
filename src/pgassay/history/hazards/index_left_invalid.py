"""An index is there and cannot be used.

A CREATE INDEX CONCURRENTLY that fails leaves an invalid index: it costs every write and serves no
query, and a unique one may not even guard anything. IF NOT EXISTS finds the name and says that all
is well. Drop it first, so that the revision can be run again.

    create unique index concurrently if not exists orders_id_key on orders (id);   -- hides it
    drop index concurrently if exists orders_id_key;                               -- repeatable
    create unique index concurrently orders_id_key on orders (id);

Silent for the index of a partitioned table, which is invalid until all its partitions' indexes are
attached. Source: PostgreSQL, CREATE INDEX, Building Indexes Concurrently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.history.hazards.index_built_blocking_writes import concurrently
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield an index that is invalid behind the revision and that it had to do with."""
    text = "\n".join(statement.text for statement in evidence.statements)
    for table in evidence.after.tables:
        old = evidence.old.get(table.name)
        known = {index.name for index in old.indexes} if old else set()
        for index in table.indexes:
            if index.valid or table.partition_key is not None:
                continue
            if index.name in known and index.name not in text:
                continue  # it was there before, and the revision has nothing to do with it
            statement = next((s for s in evidence.statements if index.name in s.text), None)
            name = QualifiedName(table.name.schema, index.name)
            yield evidence.finding(
                "index_left_invalid",
                statement,
                table.name,
                "the index is invalid",
                part=index.name,
                found="it is there behind the revision, and no query can use it",
                expected="a valid index, or none",
                why="every write pays for it, no read gains, and IF NOT EXISTS hides it for good",
                way=(
                    Step(sql=f"DROP INDEX CONCURRENTLY IF EXISTS {name.sql}", alone=True),
                    Step(sql=concurrently(index.definition), alone=True),
                ),
                severity=Severity.ERROR,
            )
