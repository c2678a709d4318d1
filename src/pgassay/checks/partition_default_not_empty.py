"""The default partition holds rows.

What it finds:
    A default partition that is not empty.

Why it hurts:
    It is there for what nobody thought of, and takes what another partition should have. No
    partition for those rows can be created before they are moved, and the whole default partition
    is read, under an ACCESS EXCLUSIVE lock, each time one is. Queries by time read it always.

Bad:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_rest PARTITION OF readings DEFAULT;
    INSERT INTO readings VALUES ('2026-01-01', 1);

Good:
    CREATE TABLE readings (day date NOT NULL, value int) PARTITION BY RANGE (day);
    CREATE TABLE readings_rest PARTITION OF readings DEFAULT;
    CREATE TABLE readings_01 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    INSERT INTO readings VALUES ('2026-01-01', 1);

Fix:
    Detach it, create the partitions that are missing, insert its rows into the table, attach it
    again.

When to ignore:
    For a table divided by list, where the default is a partition like any other: "the rest".

Reference:
    PostgreSQL documentation, ALTER TABLE, ATTACH PARTITION.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.ranges import default_of, divided
from pgassay.core.case import Subject
from pgassay.core.catalog import PartitionStrategy
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Table
    from pgassay.core.statement import Session

NEED = Need.DATA
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the default partitions, of tables divided by range, that hold rows."""
    assert ground.rows is not None
    for parent, parts in divided(ground):
        spare = default_of(parts)
        key = parent.partition_key
        if spare is None or key is None or key.strategy is not PartitionStrategy.RANGE:
            continue
        if _has_rows(ground.rows, spare, live=ground.live):
            yield Problem(
                subject=Subject(object=str(spare.name)),
                found=f"{spare.name} has rows that no partition of {parent.name} takes",
                expected="no row",
                evidence=(f"select * from {spare.name.sql} limit 10;",),
            )


def _has_rows(session: Session, table: Table, *, live: bool) -> bool:
    """Whether a table has a row; of a database that lives, whether the server counts one."""
    counted = "select n_live_tup > 0 from pg_catalog.pg_stat_all_tables where relid = $1::regclass"
    asked = f"select exists (select from {table.name.sql})"
    statement = Statement(counted, (table.name.sql,)) if live else Statement(asked)
    return session.run(statement).rows == (("t",),)
