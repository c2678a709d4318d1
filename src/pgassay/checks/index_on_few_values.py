"""An index on a column that has so few values that the planner never takes it.

What it finds: an index on one column alone, without a predicate, of a table with many rows, every
value of which more than a tenth of all rows have. An index that a foreign key needs is left out,
and so is a unique one.

Why it hurts: to fetch a tenth of the rows by an index touches every page of the table, so that is
read as a whole. The index is written by every INSERT and UPDATE and read by nobody.

Bad:
    create table job (id bigint primary key, done boolean not null);
    create index on job (done);
    insert into job select i, i % 2 = 0 from generate_series(1, 20000) i;
    analyze;

Good:
    create table job (id bigint primary key, done boolean not null);
    create index on job (id) where not done;
    insert into job select i, i % 2 = 0 from generate_series(1, 20000) i;
    analyze;

Fix: drop it. Where one value is asked for and will be rare, make the index partial on that value;
where it is asked for together with another column, put that column first.

When to ignore: the rows of a test are spread otherwise than those of production, or the index is
read alone, for a count or in order.

Reference: PostgreSQL documentation, chapters Partial Indexes, Row Estimation Examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import without_index
from pgassay.checks.sizes import column_of, rows_of
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.rows.finding_rows import finds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.statistics import ColumnStatistics

NEED = Need.STATISTICS
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT
OPTIONS = {"rows": 10_000, "share": 0.1}

_ALL = 0.999  # of the rows are in the list of common values, or NULL: it is complete


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the indexes whose every value too many rows have."""
    for table, index in ground.indexes():
        if index.unique or index.predicate or index.method not in ("btree", "hash"):
            continue
        column = index.keys[0].column
        rows = rows_of(ground, table.name)
        if len(index.keys) != 1 or index.include or column is None or rows < ground.options["rows"]:
            continue
        if any(column in key.columns and finds(ground.catalog, table, key)
               for key in table.foreign_keys):  # fmt: skip
            continue
        known = column_of(ground, table.name, column)
        rarest = _rarest(known) if known else None
        if known is None or rarest is None or rarest <= ground.options["share"]:
            continue
        yield Problem(
            subject=Subject(object=str(table.name), part=index.name),
            found=f"{column} has {len(known.common)} values, and {rarest:.0%} of {rows:,.0f} rows "
            "have even the rarest",
            expected="an index that narrows down, or none",
            fix=without_index(table, index),
            evidence=(index.definition,),
        )


def _rarest(known: ColumnStatistics) -> float | None:
    """Return the share of the rarest value, NULL among them; None if not all are known."""
    if not known.common or sum(known.common) + known.null < _ALL:
        return None
    return min((*known.common, *([known.null] if known.null else [])))
