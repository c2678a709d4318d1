"""An index of a partitioned table is not there on every partition.

What it finds:
    An index of a partitioned table that is not valid because a partition has none attached to it:
    it was made with ON ONLY, and the last step was forgotten.

Why it hurts:
    Such an index keeps nothing unique and can be no target of ON CONFLICT or of a foreign key.
    Queries are served on the partitions that happen to have one, and on the others not.

Bad:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE INDEX readings_value ON ONLY readings (value);

Good:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE INDEX readings_value ON ONLY readings (value);
    CREATE INDEX readings_01_value ON readings_01 (value);
    ALTER INDEX readings_value ATTACH PARTITION readings_01_value;

Fix:
    Create the index on each partition that lacks it, CONCURRENTLY, and attach it. Created once more
    on the table it takes over the indexes that are there already, under a lock that stops writes.

When to ignore:
    While it is being built.

Reference:
    PostgreSQL documentation, Table Partitioning, Partition Maintenance; ALTER INDEX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.ranges import divided
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Index, Table

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the partitioned indexes that are not complete, the topmost of each."""
    for parent, parts in divided(ground):
        for index in parent.indexes:
            if index.valid or index.parent is not None:
                continue
            name = QualifiedName(parent.name.schema, index.name)
            lacking = [p.name for p in parts if not _attached(p, name)]
            # Of several levels it is the one below that is not complete.
            where = ", ".join(map(str, lacking)) or "a partition of a partition"
            yield Problem(
                subject=Subject(object=str(parent.name), part=index.name),
                found=f"{index.name} is not valid: {where} has no index attached to it",
                expected="an index of every partition, attached",
                fix="" if index.constraint else f"DROP INDEX {name.sql};\n{index.definition};",
                evidence=(
                    index.definition,
                    *(
                        f"{part.name} has {other.name}, which is like it and not attached"
                        for part in parts
                        for other in part.indexes
                        if other.parent is None and _alike(index, other)
                    ),
                ),
            )


def _attached(part: Table, name: QualifiedName) -> bool:
    return any(index.parent == name for index in part.indexes)


def _alike(one: Index, other: Index) -> bool:
    return (one.method, one.keys, one.include, one.predicate, one.unique) == (
        other.method,
        other.keys,
        other.include,
        other.predicate,
        other.unique,
    )
