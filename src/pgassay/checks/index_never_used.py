"""An index that no query has used.

What it finds: on a database that lives, an index that was scanned not once since the statistics
began, on a table that was read often. Left out are unique indexes, those that a foreign key needs,
and databases whose statistics are younger than `days`. What hot queries need of a database in a
throwaway, pgassay bench --indexes finds out by hiding each index in turn, which is better evidence.

Why it hurts: every INSERT, and every UPDATE that is not HOT, writes to it; it takes up memory and
disk, and vacuum reads it each time.

Bad:
    create table job (id bigint primary key, note text);
    create index job_note on job (note);
    -- read thousands of times, by id alone

Good:
    create table job (id bigint primary key, note text);

Fix: look at the replicas, which count for themselves, and at what runs once a year. Then drop it.

When to ignore: reports of the end of the year need it, or another server uses it.

Reference: PostgreSQL documentation, The Cumulative Statistics System, pg_stat_all_indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import without_index
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import QualifiedName
from pgassay.core.statement import Statement
from pgassay.rows.finding_rows import finds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.LIVE
SEVERITY = Severity.INFO
PROFILE = Profile.STRICT
OPTIONS = {"days": 30, "reads": 1000}

_ASKED = """select i.schemaname, i.indexrelname, i.idx_scan, t.seq_scan + coalesce(t.idx_scan, 0),
  pg_catalog.pg_relation_size(i.indexrelid)
from pg_catalog.pg_stat_user_indexes i
join pg_catalog.pg_stat_user_tables t using (relid)
where coalesce((select stats_reset from pg_catalog.pg_stat_database
  where datname = pg_catalog.current_database()), '-infinity')
  <= pg_catalog.now() - $1::pg_catalog.interval
order by i.schemaname, i.indexrelname"""


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the indexes that nobody has used, those of partitions taken together."""
    assert ground.rows is not None
    used: dict[QualifiedName, tuple[int, int, int]] = {}
    reply = ground.rows.run(Statement(_ASKED, (f"{ground.options['days']} days",)))
    parents = {
        QualifiedName(table.name.schema, index.name): index.parent
        for table in ground.catalog.tables
        for index in table.indexes
    }
    for schema, name, *figures in reply.rows:
        index_name = QualifiedName(str(schema), str(name))
        while (above := parents.get(index_name)) is not None:
            index_name = above
        scans, reads, size = (int(figure or 0) for figure in figures)
        before = used.get(index_name, (0, 0, 0))
        used[index_name] = (before[0] + scans, before[1] + reads, before[2] + size)
    for table, index in ground.indexes():
        scans, reads, size = used.get(QualifiedName(table.name.schema, index.name), (1, 0, 0))
        if scans or reads < ground.options["reads"] or index.unique or index.constraint:
            continue
        led = index.keys[0].column
        if index.clustered or table.replica_identity == index.name:
            continue
        if any(led in k.columns and finds(ground.catalog, table, k) for k in table.foreign_keys):
            continue
        yield Problem(
            subject=Subject(object=str(table.name), part=index.name),
            found=f"{table.name} was read {reads:,} times, by this index never; it has "
            f"{size // 1024:,} kB",
            expected="an index that a query uses",
            fix=without_index(table, index),
            evidence=(index.definition,),
        )
