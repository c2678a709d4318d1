"""Partitions are older than rows are to be kept.

What it finds:
    Partitions by time that end before what the option `months` says for their table. Without the
    option it finds nothing.

Why it hurts:
    The job that drops them does not run: the disk fills, and what had to be forgotten is there.

Bad:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2019-01-01') TO ('2019-02-01');
    -- [tool.pgassay.checks.options.partitions_past_retention.months]
    -- readings = 24

Good:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_now PARTITION OF readings DEFAULT;

Fix:
    Detach them (CONCURRENTLY, where the table is busy), keep a copy if one is due, drop them.

When to ignore:
    While somebody looks into these rows.

Reference:
    PostgreSQL documentation, Table Partitioning, Partition Maintenance.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.ranges import divided, is_timed, ranges
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.LIVE
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED
OPTIONS: dict[str, dict[str, int]] = {"months": {}}


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the partitions that should be gone."""
    tables = {parent.name.label: (parent, parts) for parent, parts in divided(ground)}
    for label, months in ground.options["months"].items():
        if label not in tables:
            raise ConfigError(
                f'no partitioned table is called "{label}"',
                where="partitions_past_retention.months",
                expected=suggestion(label, tables),
            )
        if ground.today is None:
            continue
        count = ground.today.year * 12 + ground.today.month - 1 - int(months)
        oldest = datetime(count // 12, count % 12 + 1, 1)  # noqa: DTZ001 - bounds are compared without a zone, as UTC
        parent, parts = tables[label]
        for one in ranges(parent, parts) if is_timed(parent) else ():
            if isinstance(one.high, datetime) and one.high <= oldest:
                yield Problem(
                    subject=Subject(object=str(one.table.name)),
                    found=f"{one.table.name} ends at {one.high_text}",
                    expected=f"{months} months of {parent.name}: none that ends by "
                    f"{oldest:%Y-%m-%d}",
                    fix=f"ALTER TABLE {parent.name.sql} DETACH PARTITION {one.table.name.sql};",
                )
