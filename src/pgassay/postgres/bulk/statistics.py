"""The end of a load: visibility, frozen rows, empty pending lists, and what the planner knows.

ANALYZE reads a random sample of 300 rows for each unit of the statistics target (PostgreSQL
documentation, ANALYZE). Up to `EXACT_ROWS` the sample is made as large as the table, so that the
same rows lead to the same statistics: the largest target of any column decides for all, so that
one column's is raised for the time of the ANALYZE, and the others keep lists as short as they are
in production.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Collection

    import psycopg

    Connection = psycopg.Connection[Any]

_PER_TARGET = 300  # rows of a sample for each unit of the target
_LARGEST_TARGET = 10_000
EXACT_ROWS = _PER_TARGET * _LARGEST_TARGET
_ONLY_SINCE = 18
_USUAL = "select current_setting('default_statistics_target')::integer"
# The cheapest column to know too much of: few different values, or else narrow ones.
_COLUMN = """
    select a.attname, coalesce(a.attstattarget, -1) from pg_catalog.pg_attribute a
    join pg_catalog.pg_type t on t.oid = a.atttypid
    where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped
      and a.attgenerated <> 'v' and coalesce(a.attstattarget, -1) <> 0
      and (t.typtype = 'e' or exists (
        select from pg_catalog.pg_opclass o where o.opcintype = t.oid and o.opcdefault))
    order by (t.typtype = 'e' or t.oid = 'boolean'::regtype) desc, t.typlen < 0, t.typlen, a.attnum
    limit 1
"""


def analyzes_alone(connection: Connection) -> bool:
    """Whether ANALYZE can leave the partitions of a table aside (ANALYZE ONLY, 18 and later)."""
    return connection.info.server_version // 10000 >= _ONLY_SINCE


def vacuum(connection: Connection, relation: QualifiedName, rows: int, *, known: bool) -> None:
    """Leave a table as index-only scans want it; GIN's pending lists are emptied with it.

    Args:
        connection: in autocommit mode.
        relation: a table that holds rows itself.
        rows: how many it has, about.
        known: analyze it as well.
    """
    if known and not _sampled(connection, rows):
        connection.execute(f"vacuum (freeze, analyze) {relation.sql}".encode())
        return
    connection.execute(f"vacuum (freeze) {relation.sql}".encode())
    if known:
        _analyze(connection, relation.sql, rows, (relation,))


def analyze_divided(
    connection: Connection, root: QualifiedName, rows: int, below: Collection[QualifiedName]
) -> None:
    """Analyze a partitioned table over the rows of its partitions.

    Args:
        connection: in autocommit mode.
        root: the partitioned table.
        rows: how many rows it has.
        below: all its partitions. Where the server cannot leave them aside, they are analyzed with
            it, and over all of their rows too.
    """
    if analyzes_alone(connection):
        _analyze(connection, f"only {root.sql}", rows, (root,))
    else:
        _analyze(connection, root.sql, rows, (root, *below))


def _analyze(
    connection: Connection, what: str, rows: int, relations: Collection[QualifiedName]
) -> None:
    if not _sampled(connection, rows):
        connection.execute(f"analyze {what}".encode())
        return
    # Blocks are shared out among partitions, so some more than the rows are asked for.
    target = min(_LARGEST_TARGET, 2 * rows // _PER_TARGET + 100)
    with connection.transaction():
        usual = {relation: _chosen(connection, relation) for relation in relations}
        for relation, column in usual.items():
            if column is not None:
                _set_target(connection, relation, column[0], target)
        connection.execute(f"analyze {what}".encode())
        for relation, column in usual.items():
            if column is not None:
                _set_target(connection, relation, *column)


def _set_target(connection: Connection, relation: QualifiedName, column: str, target: int) -> None:
    alter = f"alter table only {relation.sql} alter column {quote(column)}"
    connection.execute(f"{alter} set statistics {target}".encode())


def _sampled(connection: Connection, rows: int) -> bool:
    """Whether ANALYZE would read a random part of the rows, and need not."""
    row = connection.execute(_USUAL).fetchone()
    return row is not None and row[0] * _PER_TARGET < rows <= EXACT_ROWS


def _chosen(connection: Connection, relation: QualifiedName) -> tuple[str, int] | None:
    row = connection.execute(_COLUMN, [relation.sql]).fetchone()
    return None if row is None else (row[0], row[1])
