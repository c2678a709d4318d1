"""Two rows in each table, with the smallest and the largest values of what leads its indexes.

For a range near the end of a histogram the planner looks the end up in the index itself
(`get_actual_variable_range`, selfuncs.c). These rows answer it. They need not be valid: constraints
are put aside for as long as they are written, in the catalogs of a throwaway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.names import quote
from pgassay.postgres.stage.matching import leaves

if TYPE_CHECKING:
    from pgassay.core.snapshot import RelationSeen
    from pgassay.postgres.stage.inventory import There
    from pgassay.postgres.stage.matching import Match

_ASIDE = (
    "update pg_catalog.pg_class set relchecks = 0, relispartition = false where oid = %s",
    "update pg_catalog.pg_attribute set attnotnull = false where attrelid = %s and attnum > 0",
)
_DOMAINS = """
update pg_catalog.pg_type set typnotnull = false
where typtype = 'd' and typnotnull and oid in (
    select atttypid from pg_catalog.pg_attribute where attrelid = %s and attnum > 0)
returning oid
"""


def write_ends(connection: psycopg.Connection[Any], match: Match) -> list[str]:
    """Write the rows; return in words where that is refused."""
    problems = []
    for relation, there in leaves(match):
        if there.kind == "r" and any(c.low is not None for c in relation.columns):
            try:
                with connection.transaction():
                    _write(connection, relation, there)
            except psycopg.Error as refused:
                said = refused.diag.message_primary or str(refused)
                problems.append(f"the ends of {relation.name} cannot be written: {said}")
    return problems


def _write(connection: psycopg.Connection[Any], relation: RelationSeen, there: There) -> None:
    known = connection.execute(
        "select attname, attnotnull, attgenerated <> '' from pg_catalog.pg_attribute"
        " where attrelid = %s and attnum > 0 and not attisdropped",
        [there.oid],
    ).fetchall()
    checks, partition = connection.execute(
        "select relchecks, relispartition from pg_catalog.pg_class where oid = %s", [there.oid]
    ).fetchone() or (0, False)
    required = [name for name, not_null, _ in known if not_null]
    given = [name for name, _, generated in known if not generated]
    connection.execute("set local session_replication_role = replica")
    for statement in _ASIDE:
        connection.execute(statement.encode(), [there.oid])
    domains = connection.execute(_DOMAINS.encode(), [there.oid]).fetchall()
    written: set[tuple[str | None, ...]] = set()
    for end in ("low", "high"):
        row = []
        for name in given:
            column = relation.column(name)
            row.append(None if column is None else getattr(column, end))
        if tuple(row) in written or not any(value is not None for value in row):
            continue
        written.add(tuple(row))
        columns = ", ".join(map(quote, given))
        places = ", ".join(["%s"] * len(row))
        connection.execute(
            f"insert into {relation.name.sql} ({columns}) overriding system value"
            f" values ({places})".encode(),
            row,
        )
    connection.execute(
        "update pg_catalog.pg_class set relchecks = %s, relispartition = %s where oid = %s",
        [checks, partition, there.oid],
    )
    connection.execute(
        "update pg_catalog.pg_type set typnotnull = true where oid = any (%s)",
        [[oid for (oid,) in domains]],
    )
    connection.execute(
        "update pg_catalog.pg_attribute set attnotnull = true"
        " where attrelid = %s and attname = any (%s)",
        [there.oid, required],
    )
