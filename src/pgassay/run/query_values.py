"""The values that hot queries are asked with, taken from the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, SchemaError, suggestion
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.plans.query import SourceKind
from pgassay.run.query_files import column_of, numbered

if TYPE_CHECKING:
    from pgassay.core.catalog import ColumnType
    from pgassay.core.statement import Session, Value
    from pgassay.plans.places import Places
    from pgassay.plans.query import HotQuery, QueryParameter, ValueSource

_FREQUENCIES = """
with f as (
    select {column} as v, count(*) as n from {table} where {column} is not null group by 1
)
select v::text from f order by {order} limit 1 offset {offset}
"""
_MIDDLE = "(select count(*) / 2 from f)"
_NOBODY = "00000000-0000-4000-8000-00000000dead"
# What is not in a column, by its base type; `{c}` the column, `{t}` the table.
_ABSENT = {
    "uuid": f"'{_NOBODY}'::uuid",
    **dict.fromkeys(("int2", "int4", "int8"), "(select coalesce(max({c}), 0) + 1 from {t})"),
    "numeric": "(select coalesce(max({c}), 0) + 1 from {t})",
    **dict.fromkeys(("text", "varchar", "bpchar"), "left('nobody-has-this-value', {length})"),
    **dict.fromkeys(
        ("timestamp", "timestamptz", "date"),
        "(select coalesce(max({c}), now()::{type}) + interval '100 years' from {t})::{type}",
    ),
}


class Values:
    """Finds values on one database; what was found once is not looked for again."""

    def __init__(self, session: Session, places: Places) -> None:
        self._session, self._places = session, places
        self._known: dict[tuple[str, tuple[Value, ...]], Value | _Nothing] = {}

    def of(self, query: HotQuery, run: str) -> tuple[Value, ...] | None:
        """Return the values of a run, in the order of the parameters.

        None where a column has no such value: an enumeration of which every label is used has
        none that is absent, an empty table none at all.

        Raises:
            SchemaError: a query for a value is refused, or returns something else than one value.
        """
        found: dict[str, Value] = {}
        for parameter in query.parameters:
            source = parameter.source(run) or parameter.source("typical")
            assert source is not None
            value = self._value(query, parameter, source, run, found)
            if isinstance(value, _Nothing):
                return None
            found[parameter.name] = value
        return tuple(found.values())

    def first(self, source: ValueSource, run: str) -> Value:
        """Return the value of a column for a run, None if it has none."""
        sql = self._of_column("", source, run)
        value = NOTHING if sql is None else self._asked(Statement(sql), source.text, source.text)
        return None if isinstance(value, _Nothing) else value

    def _value(
        self,
        query: HotQuery,
        parameter: QueryParameter,
        source: ValueSource,
        run: str,
        before: dict[str, Value],
    ) -> Value | _Nothing:
        if source.kind is SourceKind.CONSTANT:
            return source.text
        if source.kind is SourceKind.QUERY:
            statement = _with(source.text, before, f"{query.file}:{source.line}")
        else:
            sql = self._of_column(query.file, source, run)
            if sql is None:
                return NOTHING
            statement = Statement(sql)
        key = (statement.sql, statement.values)
        if key not in self._known:
            self._known[key] = self._asked(statement, f"{query.file}:{source.line}", parameter.name)
        return self._known[key]

    def _asked(self, statement: Statement, where: str, name: str) -> Value | _Nothing:
        reply = self._session.run(statement)
        if reply.refusal:
            raise SchemaError(
                f"the source of :{name} is refused: {reply.refusal.sqlstate} "
                f"{reply.refusal.message}",
                where=where,
                expected="a query for one value",
            )
        if not reply.rows:
            return NOTHING
        if len(reply.rows) > 1 or len(reply.rows[0]) > 1:
            raise SchemaError(
                f"the source of :{name} returns {len(reply.rows)} rows of {len(reply.rows[0])}",
                where=where,
                expected="one value",
                fix="order by and limit 1",
            )
        return reply.rows[0][0]

    def _of_column(self, file: str, source: ValueSource, run: str) -> str | None:
        table, name = column_of(source, self._places, file)
        column = quote(name)
        if run != "absent":
            order, offset = (
                ("n, v::text", _MIDDLE) if run == "typical" else ("n desc, v::text", "0")
            )
            return _FREQUENCIES.format(table=table, column=column, order=order, offset=offset)
        owner = self._places.table_named(table)
        assert owner is not None
        type_ = owner.column(name).type
        return _absent(table, column, type_)


class _Nothing:
    """A column has no such value."""


NOTHING = _Nothing()


def _absent(table: str, column: str, type_: ColumnType) -> str | None:
    form = None if type_.array else _ABSENT.get(type_.base)
    if form is None:
        return None
    value = form.format(c=column, t=table, length=type_.length or 100, type=type_.sql)
    held = f"exists (select from {table} as held where held.{column} = a.v)"
    return f"select a.v::text from (select {value} as v) as a where not {held}"


def _with(sql: str, before: dict[str, Value], where: str) -> Statement:
    """Return a query for a value, in which earlier parameters may stand as `:name`."""
    numbers, names, _ = numbered(sql, where)
    for name in names:
        if name not in before:
            raise ConfigError(
                f":{name} is no earlier parameter", where=where, expected=suggestion(name, before)
            )
    return Statement(numbers, tuple(before[name] for name in names))
