"""Asks of the database that a revision has left what its catalog does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.names import QualifiedName
from pgassay.history.aftermath import (
    Aftermath,
    RefusedWrites,
    new_expression_indexes,
    new_partitioned,
    rule_questions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from pgassay.core.catalog import Catalog
    from pgassay.history.aftermath import RuleQuestion

_NOW = "select pg_catalog.clock_timestamp()::text"
_ANALYZED = """
select n.nspname, c.relname
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm')
  and pg_catalog.pg_stat_get_last_analyze_time(c.oid) >= %(since)s::timestamptz
"""
_KNOWN = """
select 1 from pg_catalog.pg_stats s
where s.schemaname = %(schema)s and s.tablename = %(name)s limit 1
"""
_UNTRUSTED = """
select 'language ' || l.lanname from pg_catalog.pg_language l where not l.lanpltrusted
union all
select 'extension ' || v.name from pg_catalog.pg_available_extension_versions v
where v.installed and v.superuser and not v.trusted
"""


def moment(connection: Connection[Any]) -> str:
    """Return what time it is by the server, before a revision."""
    return str(_one(connection, _NOW))


def read_aftermath(
    connection: Connection[Any], before: Catalog, after: Catalog, *, since: str
) -> Aftermath:
    """Return what the server says of the database behind a revision.

    Args:
        connection: to that database; within the transaction of the revision, if that is still open.
        before: the catalog before it.
        after: the catalog behind it.
        since: the `moment` at which it began.
    """
    # What the session has been told of the counters before is kept to the end of a transaction.
    connection.execute("select pg_catalog.pg_stat_clear_snapshot()")
    analyzed = connection.execute(_ANALYZED, {"since": since}).fetchall()
    return Aftermath(
        refused=tuple(_refused(connection, before, after)),
        analyzed=frozenset(QualifiedName(schema, name) for schema, name in analyzed),
        without_statistics=frozenset(
            index
            for _, index in new_expression_indexes(before, after)
            if _one(connection, _KNOWN, schema=index.schema, name=index.name) is None
        ),
        filled={
            table.name: int(_one(connection, f"select count(*) from {table.name.sql}"))
            for table in new_partitioned(before, after)
        },
        untrusted=frozenset(name for (name,) in connection.execute(_UNTRUSTED).fetchall())
        if _may_be_untrusted(before, after)
        else frozenset(),
    )


def _may_be_untrusted(before: Catalog, after: Catalog) -> bool:
    return (before.extensions, before.functions) != (after.extensions, after.functions)


def _refused(
    connection: Connection[Any], before: Catalog, after: Catalog
) -> Iterator[RefusedWrites]:
    for asked in rule_questions(before, after):
        rows = int(_answer(connection, asked.rows) or 0)
        default = bool(_answer(connection, asked.default))
        if rows or default:
            yield _told(asked, rows, default=default)


def _told(asked: RuleQuestion, rows: int, *, default: bool) -> RefusedWrites:
    return RefusedWrites(
        table=asked.table,
        rule=asked.rule,
        rows=rows,
        default=asked.defaults if default else None,
        query=asked.query,
    )


def _answer(connection: Connection[Any], question: str | None) -> Any:
    """Return the one value of a question; None where the server cannot answer it.

    A CHECK may speak of the whole row, or call what fails on a default: then nothing is known.
    """
    if question is None:
        return None
    try:
        with connection.transaction():
            return _one(connection, question)
    except psycopg.DatabaseError:
        return None


def _one(connection: Connection[Any], query: str, **given: str) -> Any:
    row = connection.execute(query.encode(), given or None).fetchone()
    return row[0] if row else None
