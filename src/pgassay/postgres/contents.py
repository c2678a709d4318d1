"""Reading what tables hold, in numbers: counts and digests that any order of rows has the same.

A row's hash is `hashtextextended` of its values as text, and a table's is their sum: it runs
within the server, so that no row travels, and equal rows that another table takes over (a
partitioned one) are seen to be equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg import errors, sql

from pgassay.core.names import QualifiedName
from pgassay.history.content import ColumnContent, Contents, TableContent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

# A partition's rows are read with its root; its writes are counted there as well.
_TABLES = """
select c.oid, n.nspname, c.relname,
  coalesce(w.inserted, 0), coalesce(w.updated, 0), coalesce(w.deleted, 0)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join lateral (
  select sum(s.n_tup_ins)::bigint inserted, sum(s.n_tup_upd)::bigint updated,
    sum(s.n_tup_del)::bigint deleted
  from pg_catalog.pg_stat_all_tables s
  where s.relid = c.oid
    or c.relkind = 'p' and s.relid in (select relid from pg_catalog.pg_partition_tree(c.oid))
) w on true
where c.relkind in ('r', 'p') and not c.relispartition
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
      and d.deptype = 'e')
order by n.nspname, c.relname
"""
_COLUMNS = """
select a.attrelid, a.attname, a.attnum, pg_catalog.format_type(a.atttypid, a.atttypmod),
  a.atttypid
from pg_catalog.pg_attribute a
where a.attrelid = any(%s::oid[]) and a.attnum > 0 and not a.attisdropped
  and a.attgenerated = ''
order by a.attrelid, a.attname
"""
_HASH = "coalesce(sum(pg_catalog.hashtextextended({text}, 0))::text, '')"
_SETTINGS = (
    "set local timezone to 'UTC'",
    "set local datestyle to 'ISO'",
    "set local intervalstyle to 'iso_8601'",
    "set local extra_float_digits to 1",
    "set local bytea_output to 'hex'",
    "set local row_security to off",
)


class _Column(NamedTuple):
    name: str
    number: int
    type: str
    type_oid: int


def read_contents(
    connection: psycopg.Connection[Any],
    *,
    rows: Mapping[QualifiedName, list[tuple[str, ...]]] | None = None,
    casts: Mapping[QualifiedName, Mapping[str, str]] | None = None,
    values: bool = True,
) -> Contents:
    """Read what every table holds; roots of partitions with all their rows.

    Generated columns are left out: what they hold follows from others.

    Args:
        connection: in autocommit mode.
        rows: sets of columns that whole rows are digested over, by table; those that the table
            has not are left out.
        casts: types that values are cast to as well; a cast that is refused is left out.
        values: read the rows; otherwise it is only seen which tables and columns there are.
    """
    connection.execute("select pg_catalog.pg_stat_force_next_flush()")
    with connection.transaction():
        for setting in _SETTINGS:
            connection.execute(setting)
        tables = connection.execute(_TABLES).fetchall()
        columns: dict[int, list[_Column]] = {}
        for oid, *column in connection.execute(_COLUMNS, [[t[0] for t in tables]]):
            columns.setdefault(oid, []).append(_Column(*column))
        return {
            QualifiedName(schema, name): _read(
                connection,
                (oid, QualifiedName(schema, name), tuple(written)),
                columns.get(oid, []),
                (rows or {}).get(QualifiedName(schema, name), []),
                (casts or {}).get(QualifiedName(schema, name), {}),
                values=values,
            )
            for oid, schema, name, *written in tables
        }


def _read(
    connection: psycopg.Connection[Any],
    table: tuple[int, QualifiedName, tuple[int, ...]],
    columns: list[_Column],
    sets: list[tuple[str, ...]],
    casts: Mapping[str, str],
    *,
    values: bool,
) -> TableContent:
    oid, name, (inserted, updated, deleted) = table
    source = sql.SQL("from {}").format(sql.Identifier(name.schema, name.name))
    there = {column.name for column in columns}
    sets = [one for one in sets if there.issuperset(one)]
    asked: list[sql.Composable] = [sql.SQL("count(*)")]
    for column in columns:
        name_ = sql.Identifier(column.name)
        asked += [sql.SQL("count({})").format(name_), _of_value(column.name)]
    asked += [_of_rows(one) for one in sets]
    query = sql.SQL("select {} {}").format(sql.SQL(", ").join(asked), source)
    nothing: tuple[Any, ...] = (0, *(0, "") * len(columns), *[""] * len(sets))
    answer = _one(connection, query) if values else nothing
    found = {
        column.name: ColumnContent(
            number=column.number,
            type=column.type,
            type_oid=column.type_oid,
            filled=answer[1 + 2 * at],
            digest=answer[2 + 2 * at],
            converted=_converted(connection, source, column.name, casts.get(column.name)),
        )
        for at, column in enumerate(columns)
    }
    return TableContent(
        oid=oid,
        rows=answer[0],
        columns=found,
        digests=dict(zip(sets, answer[1 + 2 * len(columns) :], strict=True)),
        written=(inserted, updated, deleted),
    )


def _converted(
    connection: psycopg.Connection[Any], source: sql.Composable, column: str, type_: str | None
) -> str | None:
    if type_ is None:
        return None
    # The type is written by format_type, which quotes it.
    value = sql.SQL("({}::{})::text").format(sql.Identifier(column), sql.SQL(type_))
    asked = sql.SQL("select {} {}").format(sql.SQL(_HASH).format(text=value), source)
    try:
        with connection.transaction():
            return str(_one(connection, asked)[0])
    except (errors.DataError, errors.ProgrammingError, errors.NotSupportedError):
        return None


def _of_value(column: str) -> sql.Composable:
    return sql.SQL(_HASH).format(text=sql.SQL("{}::text").format(sql.Identifier(column)))


def _of_rows(columns: tuple[str, ...]) -> sql.Composable:
    values = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(c)) for c in columns)
    return sql.SQL(_HASH).format(text=sql.SQL("row({})::text").format(values))


def _one(connection: psycopg.Connection[Any], query: sql.Composed) -> tuple[Any, ...]:
    found = connection.execute(query).fetchone()
    assert found is not None
    return tuple(found)
