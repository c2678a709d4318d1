"""The indexes of all partitions are built in one statement.

CREATE INDEX on a partitioned table takes SHARE on the parent and on every partition until the last
of them is done. CONCURRENTLY is refused there. So the parent's is made ONLY (it is invalid at
first and costs nothing), each partition's CONCURRENTLY, and attached; with the last one the
parent's becomes valid.

    create index events_kind on events (kind);                          -- all partitions at once
    create index events_kind on only events (kind);                     -- then, for each:
    create index concurrently events_2024_kind on events_2024 (kind);
    alter index events_kind attach partition events_2024_kind;

Source: PostgreSQL, CREATE INDEX, and Partition Maintenance (5.12.2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import quote
from pgassay.history.hazards.index_built_blocking_writes import concurrently
from pgassay.history.safe_way import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.history.evidence import Evidence


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Yield a partitioned index that was built as a whole."""
    for statement in evidence.statements:
        builds = [build for build in statement.builds if not build.concurrently]
        roots = dict.fromkeys(
            root
            for root in (evidence.root(build.table) for build in builds)
            if evidence.busy(root) and evidence.stays(root) and evidence.old[root].partition_key
        )
        for root in roots:
            indexes = [
                index
                for build in builds
                if evidence.root(build.table) == root and build.table != root
                for index in [evidence.index_of(build)]
                if index is not None and index.parent is not None and index.constraint is None
            ]
            if not indexes:
                continue
            parent = indexes[0].parent
            whole = next(
                (i for i in evidence.new[root].indexes if parent and i.name == parent.name), None
            )
            steps = [Step(sql=whole.definition.replace(" ON ", " ON ONLY ", 1))] if whole else []
            for index in indexes:
                steps.append(Step(sql=concurrently(index.definition), alone=True))
                if whole and parent:
                    name = f"{quote(parent.schema)}.{quote(index.name)}"
                    steps.append(
                        Step(sql=f"ALTER INDEX {parent.sql} ATTACH PARTITION {name}", locks=True)
                    )
            yield evidence.finding(
                "partitioned_index_built_at_once",
                statement,
                root,
                f"the indexes of {len(indexes)} partitions are built under one lock",
                part=parent.name if parent else None,
                expected="ON ONLY the parent, then each partition's CONCURRENTLY, then ATTACH",
                why="nobody can write to any partition until the last index is built",
                way=steps,
                severity=evidence.severity(root),
            )
