"""A large table is read from end to end, over and over.

What it finds: on a database that lives, a table that was scanned sequentially more often than by
any index, `scans` times at least, reading `rows` rows each time on average.

Why it hurts: some frequent query has no index. It is bearable now and gets slower with every row.

Bad:
    create table job (id bigint primary key, owner text);
    -- select * from job where owner = $1, a thousand times

Good:
    create table job (id bigint primary key, owner text);
    create index on job (owner);

Fix: find the query (pg_stat_statements), make it a hot query of pgassay bench, and let it say which
index would pay.

When to ignore: exports and reports read the table on purpose.

Reference: PostgreSQL documentation, The Cumulative Statistics System, pg_stat_all_tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.LIVE
SEVERITY = Severity.WARNING
PROFILE = Profile.STRICT
OPTIONS = {"scans": 1000, "rows": 10_000}

_ASKED = """select schemaname, relname, seq_scan, coalesce(idx_scan, 0), seq_tup_read
from pg_catalog.pg_stat_user_tables
where seq_scan > coalesce(idx_scan, 0) and seq_scan >= $1::bigint
  and seq_tup_read / seq_scan >= $2::bigint
order by schemaname, relname"""


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables that are mostly read whole."""
    assert ground.rows is not None
    asked = Statement(_ASKED, (str(ground.options["scans"]), str(ground.options["rows"])))
    for schema, name, *figures in ground.rows.run(asked).rows:
        table = ground.relations.by_name.get(QualifiedName(str(schema), str(name)))
        if table is None:
            continue
        whole, by_index, read = (int(figure or 0) for figure in figures)
        yield Problem(
            subject=Subject(object=str(table.name)),
            found=f"it was read whole {whole:,} times, {read // whole:,} rows each, and "
            f"{by_index:,} times by an index",
            expected="an index for what is asked often",
        )
