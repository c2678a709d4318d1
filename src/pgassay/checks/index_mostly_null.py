"""An index is mostly made of NULLs.

What it finds: an index that is not unique and has no predicate, on one column that is NULL in more
than nine rows of ten, of a table with many rows.

Why it hurts: B-trees hold NULLs like any other value. Nearly all of the index is entries that no
equality ever looks for; it is ten times as large as it need be, and every INSERT writes to it.

Bad:
    create table task (id bigint primary key, failed_at timestamptz);
    create index on task (failed_at);
    insert into task select i, case when i % 50 = 0 then now() end
      from generate_series(1, 20000) i;
    analyze;

Good:
    create table task (id bigint primary key, failed_at timestamptz);
    create index on task (failed_at) where failed_at is not null;
    insert into task select i, case when i % 50 = 0 then now() end
      from generate_series(1, 20000) i;
    analyze;

Fix: create it again with the predicate that the column is not null. A foreign key is served by
that as well.

When to ignore: queries ask for the rows that have NULL, in the order of this index.

Reference: PostgreSQL documentation, chapter Partial Indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import index_on, without_index
from pgassay.checks.sizes import column_of, rows_of
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.STATISTICS
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT
OPTIONS = {"rows": 10_000, "share": 0.9}


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the B-trees on one column that are nearly all NULL."""
    for table, index in ground.indexes():
        column = index.keys[0].column
        plain = len(index.keys) == 1 and index.method == "btree" and index.constraint is None
        if index.unique or index.predicate or not plain or column is None:
            continue
        rows, known = rows_of(ground, table.name), column_of(ground, table.name, column)
        if known is None or rows < ground.options["rows"] or known.null <= ground.options["share"]:
            continue
        predicate = f" where {quote(column)} is not null"
        yield Problem(
            subject=Subject(object=str(table.name), part=index.name),
            found=f"{column} is NULL in {known.null:.0%} of {rows:,.0f} rows",
            expected=f"an index{predicate}",
            fix=f"{without_index(table, index)}\n{index_on(table, (column,), tail=predicate)}",
            evidence=(index.definition,),
        )
