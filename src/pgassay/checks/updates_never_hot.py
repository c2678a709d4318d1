"""Updates of a table are hardly ever HOT.

What it finds: on a database that lives, a table with many updates of which less than a tenth were
HOT, though its pages are filled to the brim (fillfactor 100).

Why it hurts: an update that is not HOT writes a new entry to every index of the table, whether the
indexed value changed or not, and leaves the old one for vacuum.

Bad:
    create table counter (id bigint primary key, hits bigint);
    -- updated all day

Good:
    create table counter (id bigint primary key, hits bigint) with (fillfactor = 80);

Fix: leave room on the pages (fillfactor 70 to 90, then VACUUM FULL or let it come by itself), and
take columns that are always updated out of indexes.

When to ignore: the updates change an indexed column on purpose; then no room helps.

Reference: PostgreSQL documentation, Heap-Only Tuples (HOT); CREATE TABLE, fillfactor.
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
SEVERITY = Severity.INFO
PROFILE = Profile.ALL
OPTIONS = {"updates": 10_000, "percent": 10}

_ASKED = """select schemaname, relname, n_tup_upd, n_tup_hot_upd
from pg_catalog.pg_stat_user_tables
where n_tup_upd >= $1::bigint and n_tup_hot_upd * 100 < n_tup_upd * $2::bigint
order by schemaname, relname"""


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables whose updates write to every index."""
    assert ground.rows is not None
    asked = Statement(_ASKED, (str(ground.options["updates"]), str(ground.options["percent"])))
    for schema, name, updates, hot in ground.rows.run(asked).rows:
        table = ground.relations.by_name.get(QualifiedName(str(schema), str(name)))
        if table is None or any(option.startswith("fillfactor=") for option in table.options):
            continue
        yield Problem(
            subject=Subject(object=str(table.name)),
            found=f"{int(hot or 0):,} of {int(updates or 0):,} updates were HOT, with "
            f"{len(table.indexes)} indexes and no room on the pages",
            expected="room for a new version beside the old one",
            fix=f"alter table {table.name.sql} set (fillfactor = 80);",
        )
