"""A column has the same value in every row.

What it finds: a column that, by the planner's statistics, has one value in all rows of a table with
many, or is NULL in all of them.

Why it hurts: it says nothing. Either what should fill it does not, or it is a leftover.

Bad:
    create table job (id bigint primary key, kind text not null);
    insert into job select i, 'plain' from generate_series(1, 20000) i;
    analyze;

Good:
    create table job (id bigint primary key, kind text not null);
    insert into job select i, 'kind ' || i % 3 from generate_series(1, 20000) i;
    analyze;

Fix: mend what should fill it, or drop the column.

When to ignore: the value is a version or a tenant of which there is one so far, or the rows were
made up for a test.

Reference: PostgreSQL documentation, System Views, pg_stats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.sizes import column_of, rows_of
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.STATISTICS
SEVERITY = Severity.INFO
PROFILE = Profile.ALL
OPTIONS = {"rows": 10_000}

_ALL = 0.99999


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the columns that are the same everywhere."""
    for table, column in ground.columns():
        rows = rows_of(ground, table.name)
        known = column_of(ground, table.name, column.name)
        if known is None or rows < ground.options["rows"]:
            continue
        if known.null >= 1 or (known.null == 0 and known.common and known.common[0] > _ALL):
            yield Problem(
                subject=Subject(object=str(table.name), part=column.name),
                found=f"all {rows:,.0f} rows have "
                f"{'NULL' if known.null else 'the same value'} in {quote(column.name)}",
                expected="values that differ",
            )
