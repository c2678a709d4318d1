"""Between two partitions there is a range that none of them takes.

What it finds:
    A table partitioned by range over one column of time or number, whose partitions leave a gap
    between one and the next.

Why it hurts:
    A row of that range is refused, or goes to the default partition, where it waits to stand in
    the way of the partition that is missing. A gap in the months to come shows on the first of
    that month, at night.

Bad:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE readings_03 PARTITION OF readings FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');

Good:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE readings_02 PARTITION OF readings FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    CREATE TABLE readings_03 PARTITION OF readings FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');

Fix:
    Create the missing partition; move the rows of that range out of the default partition first.

When to ignore:
    When that range is empty for good, as a month that was dropped.

Reference:
    PostgreSQL documentation, Table Partitioning, Partition Maintenance.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.ranges import bound, default_of, divided, free_name, ranges
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield every gap."""
    taken = set(ground.relations.by_name)
    for parent, parts in divided(ground):
        spare = default_of(parts)
        for one, two in pairwise(ranges(parent, parts)):
            if one.high is None or two.low is None or one.high == two.low:
                continue
            assert one.high_text is not None
            name = free_name(parent, one.high_text, taken)
            gap = bound(one.high_text, two.low_text)
            goes = f"goes to {spare.name}" if spare else "is refused"
            yield Problem(
                subject=Subject(object=str(parent.name)),
                found=f"no partition takes {one.high_text} to {two.low_text}: such a row {goes}",
                expected=f"a partition {gap}",
                fix=f"CREATE TABLE {name.sql} PARTITION OF {parent.name.sql} {gap};",
                evidence=tuple(
                    f"{p.table.name}: {p.table.partition.bound}"
                    for p in (one, two)
                    if p.table.partition
                ),
                discriminator=one.high_text,
            )
