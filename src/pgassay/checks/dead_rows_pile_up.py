"""Dead rows pile up, and vacuum does not come.

What it finds: on a database that lives, a table of which more than `percent` of the rows are dead,
`rows` at least: more than the usual settings of autovacuum let happen.

Why it hurts: every scan reads the dead rows as well, indexes point to them, and the table grows
though nothing is added. An old transaction, a forgotten replication slot or autovacuum switched off
is behind it.

Bad:
    create table job (id bigint primary key) with (autovacuum_enabled = false);
    -- updated all day

Good:
    create table job (id bigint primary key);

Fix: end the transaction or drop the slot that holds vacuum back, let autovacuum work, and VACUUM
the table.

When to ignore: right after a large delete, before autovacuum has come round.

Reference: PostgreSQL documentation, chapter Routine Vacuuming.
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
OPTIONS = {"rows": 10_000, "percent": 40}

_ASKED = """select schemaname, relname, n_live_tup, n_dead_tup,
  coalesce(greatest(last_vacuum, last_autovacuum)::text, 'never')
from pg_catalog.pg_stat_user_tables
where n_dead_tup >= $1::bigint
  and n_dead_tup * 100 >= (n_live_tup + n_dead_tup) * $2::bigint
order by schemaname, relname"""


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the tables that are full of dead rows."""
    assert ground.rows is not None
    asked = Statement(_ASKED, (str(ground.options["rows"]), str(ground.options["percent"])))
    for schema, name, live, dead, last in ground.rows.run(asked).rows:
        table = ground.relations.by_name.get(QualifiedName(str(schema), str(name)))
        if table is None:
            continue
        off = [o for o in table.options if o.startswith("autovacuum_enabled")]
        yield Problem(
            subject=Subject(object=str(table.name)),
            found=f"{int(dead or 0):,} dead rows beside {int(live or 0):,}; last vacuumed: {last}",
            expected=f"less than {ground.options['percent']} percent",
            fix=f"vacuum (analyze) {table.name.sql};",
            evidence=tuple(off),
        )
