"""Expressions brought to a fixed point by building them and reading them back.

Each is built on a temporary table that has the holder's name and columns, so that references to
the whole row and from subqueries still resolve (pg_temp is searched before any path), and nothing
of the database is touched: everything is rolled back. Implements `pgassay.drift.fixpoint.Fixpoint`.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import tuple_row

from pgassay.core.names import quote
from pgassay.drift.fixpoint import Expression, Place
from pgassay.postgres.catalog.deparsed import clause
from pgassay.postgres.catalog.settings import undone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.catalog import Column
    from pgassay.core.names import QualifiedName

_ROUNDS = 5  # two are enough for all that was seen; a text that never settles is left as it is

# What a server says of a statement; a lost connection or a full disk is no answer.
_REFUSALS = (psycopg.DataError, psycopg.NotSupportedError, psycopg.ProgrammingError)

_ON_TABLE = frozenset(
    {Place.CHECK, Place.GENERATED, Place.KEY, Place.PREDICATE, Place.WHEN, Place.POLICY}
)

# {on} is the temporary table, {text} the expression, {type} its type.
_BUILD = {
    Place.CHECK: "alter table {on} add constraint pgassay_probe check ({text})",
    Place.DOMAIN_CHECK: (
        "create domain pg_temp.pgassay_probe as {type} constraint pgassay_probe check ({text})"
    ),
    Place.DEFAULT: "create temporary table pgassay_probe (it {type} default {text})",
    Place.GENERATED: (
        "alter table {on} add column pgassay_generated {type} generated always as ({text}) stored"
    ),
    Place.KEY: "create index pgassay_probe on {on} (({text}))",
    Place.PREDICATE: "create index pgassay_probe on {on} ((1)) where {text}",
    # Any function that returns trigger does; this one is part of every server.
    Place.WHEN: (
        "create trigger pgassay_probe after update on {on} for each row when ({text})"
        " execute function pg_catalog.suppress_redundant_updates_trigger()"
    ),
    Place.POLICY: "create policy pgassay_probe on {on} using ({text})",
    Place.VIEW: "create temporary view {name} as {text}",
}
_CONSTRAINT = (
    "select pg_catalog.pg_get_expr(con.conbin, con.conrelid) from pg_catalog.pg_constraint con"
    " where con.conname = 'pgassay_probe' and con.connamespace = pg_catalog.pg_my_temp_schema()"
)
_DEFAULT = (
    "select pg_catalog.pg_get_expr(f.adbin, f.adrelid) from pg_catalog.pg_attrdef f"
    " join pg_catalog.pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum"
    " join pg_catalog.pg_class c on c.oid = a.attrelid"
    " where c.relnamespace = pg_catalog.pg_my_temp_schema() and "
)
_INDEX = (
    "select pg_catalog.pg_get_expr(i.{}, i.indrelid) from pg_catalog.pg_index i"
    " where i.indexrelid = 'pg_temp.pgassay_probe'::pg_catalog.regclass"
)
_READ = {
    Place.CHECK: _CONSTRAINT,
    Place.DOMAIN_CHECK: _CONSTRAINT,
    Place.DEFAULT: _DEFAULT + "c.relname = 'pgassay_probe'",
    Place.GENERATED: _DEFAULT + "a.attname = 'pgassay_generated'",
    Place.KEY: _INDEX.format("indexprs"),
    Place.PREDICATE: _INDEX.format("indpred"),
    Place.WHEN: (
        "select pg_catalog.pg_get_triggerdef(tg.oid) from pg_catalog.pg_trigger tg"
        " join pg_catalog.pg_class c on c.oid = tg.tgrelid"
        " where tg.tgname = 'pgassay_probe'"
        " and c.relnamespace = pg_catalog.pg_my_temp_schema()"
    ),
    Place.POLICY: (
        "select pg_catalog.pg_get_expr(o.polqual, o.polrelid) from pg_catalog.pg_policy o"
        " join pg_catalog.pg_class c on c.oid = o.polrelid"
        " where o.polname = 'pgassay_probe'"
        " and c.relnamespace = pg_catalog.pg_my_temp_schema()"
    ),
    Place.VIEW: (
        "select pg_catalog.pg_get_viewdef(c.oid) from pg_catalog.pg_class c"
        " where c.relkind = 'v' and c.relnamespace = pg_catalog.pg_my_temp_schema()"
    ),
}


class ServerFixpoint:
    """Settles expressions on one connection.

    The database must hold what the expressions speak of (types, functions, for views the tables),
    as any built by one of the routes does. The connection may be inside a transaction.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def settle(self, expressions: Sequence[Expression]) -> Sequence[str]:
        """Return the text of each expression once building and reading it back changes nothing.

        What the server refuses to build comes back as it was. Raises psycopg.OperationalError
        where the connection is lost.
        """
        if not expressions:
            return []
        with undone(self._connection):
            settled: list[str] = []
            for (holder, columns), group in groupby(expressions, lambda e: (e.holder, e.columns)):
                settled += self._settle_on(holder, columns, list(group))
            return settled

    def _settle_on(
        self, holder: QualifiedName, columns: Sequence[Column], group: list[Expression]
    ) -> list[str]:
        with self._connection.transaction(force_rollback=True):
            if any(expression.place in _ON_TABLE for expression in group):
                self._connection.execute(self._table(holder, columns))
            return [self._settle_one(expression) for expression in group]

    def _table(self, holder: QualifiedName, columns: Sequence[Column]) -> bytes:
        """Return the statement for the table; columns of types that are not there are left out."""
        types = [column.type.sql for column in columns]
        known = self._rows(
            "select pg_catalog.to_regtype(k.name) is not null"
            " from unnest(%s::text[]) with ordinality k (name, position) order by k.position",
            (types,),
        )
        written = [
            f"{quote(column.name)} {column.type.sql}"
            + (f" collate {column.collation.sql}" if column.collation else "")
            for column, (there,) in zip(columns, known, strict=True)
            if there
        ]
        return f"create temporary table {quote(holder.name)} ({', '.join(written)})".encode()

    def _settle_one(self, expression: Expression) -> str:
        text = expression.text
        for _ in range(_ROUNDS):
            rebuilt = self._rebuild(expression, text)
            if rebuilt is None:
                return expression.text
            if rebuilt == text:
                return text
            text = rebuilt
        return text

    def _rebuild(self, expression: Expression, text: str) -> str | None:
        """Return the text after building it once, or None where the server refuses it."""
        name = quote(expression.holder.name)
        place = expression.place
        statement = _BUILD[place].format(
            on=f"pg_temp.{name}", name=name, text=text, type=expression.type
        )
        try:
            with self._connection.transaction(force_rollback=True):
                self._connection.execute(statement.encode())
                ((found,),) = self._rows(_READ[place])
        except _REFUSALS:
            return None
        rebuilt = str(found)
        return clause(rebuilt, "WHEN") if place is Place.WHEN else rebuilt

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor(row_factory=tuple_row)
        return cursor.execute(query.encode(), values or None).fetchall()
