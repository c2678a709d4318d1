"""The partitions by time end soon, or have ended.

What it finds:
    A table partitioned by time whose last partition ends less than two units (months, days, as
    they are wide) after today. It looks at databases that live; one that was built a moment ago
    from migrations has the months that were written into them. With a rule in the configuration
    ([[partitions]]) the gate proves the months ahead by cases.

Why it hurts:
    From then on every INSERT is refused, or all rows pile up in the default partition, which must
    be emptied before the partitions can be made.

Bad:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
    CREATE TABLE readings_rest PARTITION OF readings DEFAULT;

Good:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);

Fix:
    Run what creates the partitions, and see why it did not run by itself.

When to ignore:
    When no rows come any more: an archive.

Reference:
    PostgreSQL documentation, Table Partitioning, Partition Maintenance.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.ranges import bound, default_of, divided, free_name, is_timed, ranges
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.drift.periods import Span, common_pattern, span_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table
    from pgassay.drift.periods import Pattern

NEED = Need.LIVE
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED
OPTIONS = {"ahead": 2}

_ARCHIVE = 24  # units after which nobody can still believe that rows come
_MOST = 120  # partitions that a fix creates


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables whose partitions end within `ahead` units."""
    assert ground.today is not None
    now = datetime.combine(ground.today, datetime.min.time())
    for parent, parts in divided(ground):
        order = ranges(parent, parts) if is_timed(parent) else []
        spans = [span for p in parts if p.partition and (span := span_of(p.partition.bound))]
        pattern = common_pattern(spans)
        last = order[-1] if order else None
        if last is None or pattern is None or not isinstance(last.high, datetime):
            continue
        horizon = _ahead(pattern, now, ground.options["ahead"])
        spare = default_of(parts)
        # Where there is no default, every INSERT has been refused for so long: there is none.
        archive = spare is None and _ahead(pattern, last.high, _ARCHIVE) < now
        if last.high < horizon and not archive:
            goes = f"rows then go to {spare.name}" if spare else "rows are then refused"
            yield Problem(
                subject=Subject(object=str(parent.name)),
                found=f"the last partition ends at {last.high_text}; {goes}",
                expected=f"{pattern}, beyond {horizon:%Y-%m-%d}",
                fix="\n".join(_created(parent, last.high, horizon, pattern, ground)),
                evidence=(
                    f"{last.table.name}: {bound(last.low_text, last.high_text)}",
                    f"today is {ground.today}",
                ),
            )


def _created(
    parent: Table, start: datetime, horizon: datetime, pattern: Pattern, ground: Ground
) -> Iterator[str]:
    """Yield what creates the partitions from `start` to beyond the horizon."""
    taken = set(ground.relations.by_name)
    dated = parent.column(str(parent.partition_key and parent.partition_key.columns[0])).type.base
    for _ in range(_MOST):
        if start >= horizon:
            break
        span = Span(start=start, end=pattern.after(start), dated=dated == "date")
        name = free_name(parent, start.isoformat("_"), taken)
        taken.add(name)
        yield f"CREATE TABLE {name.sql} PARTITION OF {parent.name.sql} {span.bound};"
        start = span.end


def _ahead(pattern: Pattern, start: datetime, units: int) -> datetime:
    moment = start
    for _ in range(units):
        moment = pattern.after(moment)
    return moment
