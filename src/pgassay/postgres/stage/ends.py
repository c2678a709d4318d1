"""Two rows in each table, with the smallest and the largest values of what leads its indexes.

For a range near the end of a histogram the planner looks the end up in the index itself
(`get_actual_variable_range`, selfuncs.c). These rows answer it. They need not be valid: constraints
are put aside for as long as they are written, in the catalogs of a throwaway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.stage.matching import leaves

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from pgassay.core.snapshot import RelationSeen
    from pgassay.core.statement import Refusal
    from pgassay.postgres.stage.matching import Match

_COLUMNS = """
select attrelid, attname from pg_catalog.pg_attribute
where attrelid = any (%s) and attnum > 0 and not attisdropped and attgenerated = ''
order by attrelid, attnum
"""
_MARKS = """
select c.oid, c.relchecks, c.relispartition,
  array(select attnum from pg_catalog.pg_attribute
        where attrelid = c.oid and attnum > 0 and attnotnull)
from pg_catalog.pg_class c where c.oid = any (%s)
"""
_DOMAINS = """
update pg_catalog.pg_type set typnotnull = false
where typtype = 'd' and typnotnull and oid in (
    select atttypid from pg_catalog.pg_attribute where attrelid = any (%s) and attnum > 0)
returning oid
"""
_ASIDE = (
    "update pg_catalog.pg_class set relchecks = 0, relispartition = false where oid = any (%s)",
    "update pg_attribute set attnotnull = false where attrelid = any (%s) and attnum > 0",
)


def write_ends(connection: psycopg.Connection[Any], match: Match) -> list[str]:
    """Write the rows; return in words where that is refused."""
    wanted = [
        (relation, there)
        for relation, there in leaves(match)
        if there.kind == "r" and any(column.low is not None for column in relation.columns)
    ]
    oids = [there.oid for _, there in wanted]
    problems = []
    with connection.transaction():
        columns: dict[int, list[str]] = {}
        for oid, name in connection.execute(_COLUMNS.encode(), [oids]):
            columns.setdefault(oid, []).append(name)
        marks = connection.execute(_MARKS.encode(), [oids]).fetchall()
        domains = connection.execute(_DOMAINS.encode(), [oids]).fetchall()
        connection.execute("set local session_replication_role = replica")
        for statement in _ASIDE:
            connection.execute(statement.encode(), [oids])
        rows = {relation.name: _rows(relation, columns[there.oid]) for relation, there in wanted}
        session = PipelineSession(connection)
        if _inserted(session, [insert for some in rows.values() for insert in some]) is not None:
            for name, some in rows.items():
                refusal = _inserted(session, some)
                if refusal is not None:
                    problems.append(f"the ends of {name} cannot be written: {refusal.message}")
        _put_back(connection, marks, [oid for (oid,) in domains])
    return problems


def _rows(relation: RelationSeen, columns: list[str]) -> list[Statement]:
    """Return what inserts the two rows of a table; one if they are the same."""
    known = [relation.column(name) for name in columns]
    low = tuple(column.low if column else None for column in known)
    high = tuple(column.high if column else None for column in known)
    names = ", ".join(map(quote, columns))
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    insert = f"insert into {relation.name.sql} ({names}) overriding system value values ({places})"
    return [Statement(insert, row) for row in dict.fromkeys((low, high))]


def _inserted(session: PipelineSession, inserts: Sequence[Statement]) -> Refusal | None:
    """Insert rows in one round trip, all of them or none; return why not, if not."""
    replies = session.run_all(
        (Statement("savepoint ends"), *inserts, Statement("release savepoint ends"))
    )
    refusal = next((reply.refusal for reply in replies if reply.refusal), None)
    if refusal is not None:
        session.run_all((Statement("rollback to ends"), Statement("release savepoint ends")))
    return refusal


def _put_back(
    connection: psycopg.Connection[Any],
    marks: list[tuple[int, int, bool, list[int]]],
    domains: list[int],
) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "update pg_catalog.pg_class set relchecks = %s, relispartition = %s where oid = %s",
            [(checks, partition, oid) for oid, checks, partition, _ in marks],
        )
        cursor.executemany(
            "update pg_catalog.pg_attribute set attnotnull = true"
            " where attrelid = %s and attnum = any (%s)",
            [(oid, required) for oid, _, _, required in marks],
        )
        cursor.execute(
            "update pg_catalog.pg_type set typnotnull = true where oid = any (%s)", [domains]
        )
