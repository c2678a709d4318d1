"""A value is unique within each partition, and not in the table.

What it finds:
    A unique index on the partitions of a table, on columns that no unique index of the table
    itself holds.

Why it hurts:
    It looks like a key, and is none: the same value may be there once in every partition. A unique
    index of a partitioned table needs the columns that divide it.

Bad:
    CREATE TABLE orders (number text NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
    CREATE TABLE orders_01 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE orders_02 PARTITION OF orders FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    CREATE UNIQUE INDEX ON orders_01 (number);
    CREATE UNIQUE INDEX ON orders_02 (number);

Good:
    CREATE TABLE orders (number text NOT NULL, day date NOT NULL, UNIQUE (number, day))
      PARTITION BY RANGE (day);
    CREATE TABLE orders_01 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE orders_02 PARTITION OF orders FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');

Fix:
    Keep the values in a table of their own that is not divided, or make the partition follow from
    the value.

When to ignore:
    When the value itself says in which partition it is, as a number that begins with the month.

Reference:
    PostgreSQL documentation, Table Partitioning, Limitations.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.ranges import divided
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns that two or more partitions hold unique, each for itself."""
    for parent, parts in divided(ground):
        kept = [columns for index in parent.indexes if index.unique
                and (columns := frozenset(key.column for key in index.keys))]  # fmt: skip
        counted = Counter(key for part in parts for key in _own(part))
        for key, count in counted.items():
            if count > 1 and not any(columns <= frozenset(key) for columns in kept):
                yield Problem(
                    subject=Subject(object=str(parent.name), part=", ".join(key)),
                    found=f"{count} partitions of {parent.name} each keep {', '.join(key)} unique, "
                    "and nothing does between them",
                    expected="a key of the table, or none",
                    evidence=tuple(
                        index.definition
                        for part in parts
                        for index in part.indexes
                        if tuple(k.column for k in index.keys) == key and index.parent is None
                    )[:2],
                )


def _own(part: Table) -> set[tuple[str, ...]]:
    return {
        tuple(key.column for key in index.keys if key.column)
        for index in part.indexes
        if index.unique and index.parent is None and all(key.column for key in index.keys)
    }
