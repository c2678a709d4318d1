"""Bare tables: indexes, keys and triggers are taken away for a load without being dropped.

An index whose row in pg_index says that it is neither live nor ready is not kept up to date, and
REINDEX INDEX builds it and puts the flags right again, by itself (src/backend/catalog/index.c,
reindex_index). A table whose row in pg_class says that it has no triggers fires none, those of
foreign keys among them. So nothing is dropped, nothing is built anew from a definition, and what
belongs to an index or a constraint (name, comment, statistics, what depends on it) stays as it
is, its OID included. The catalog at the end is the one that was there before, and `unlike` proves
it, column by column.

It takes a superuser, and is only ever done to a database that pgassay made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import psycopg

    Connection = psycopg.Connection[Any]

_INDEXES = """
    select i.indexrelid, format('%%I.%%I', n.nspname, x.relname), am.amname, i.indnatts,
           h.relname, hn.nspname
    from pg_catalog.pg_index i
    join pg_catalog.pg_class x on x.oid = i.indexrelid
    join pg_catalog.pg_namespace n on n.oid = x.relnamespace
    join pg_catalog.pg_am am on am.oid = x.relam
    join pg_catalog.pg_class h on h.oid = i.indrelid
    join pg_catalog.pg_namespace hn on hn.oid = h.relnamespace
    where i.indrelid = any(%s) and i.indisvalid and i.indisready and i.indislive
    order by hn.nspname, h.relname, x.relname
"""
_HIDE = """
    update pg_catalog.pg_index set indisvalid = false, indisready = false, indislive = false
    where indexrelid = any(%s)
"""
_SILENCE = """
    update pg_catalog.pg_class set relhastriggers = false
    where oid = any(%s) and relhastriggers returning oid
"""
_SPEAK = "update pg_catalog.pg_class set relhastriggers = true where oid = any(%s)"
_OIDS = """
    select c.oid, n.nspname, c.relname from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and (n.nspname, c.relname) in
      (select * from unnest(%s::name[], %s::name[]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenIndex:
    """An index that is to be built.

    Args:
        sql: its name as SQL.
        relation: the table it is on.
        method: its access method.
        width: how many columns it has.
    """

    sql: str
    relation: QualifiedName
    method: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bareness:
    """What was taken away.

    Args:
        indexes: by table.
        silenced: OIDs of the tables whose triggers rest.
        before: the catalog as it was; see `catalog_state`.
    """

    indexes: tuple[HiddenIndex, ...]
    silenced: tuple[int, ...]
    before: CatalogState

    def indexes_of(self, relation: QualifiedName) -> Iterator[HiddenIndex]:
        """Yield the hidden indexes of a table."""
        return (index for index in self.indexes if index.relation == relation)


CatalogState = dict[str, frozenset[tuple[object, ...]]]
"""The rows of each system catalog, what a load is meant to change left out."""


def lay_bare(connection: Connection, relations: Iterable[QualifiedName]) -> Bareness:
    """Take the indexes and triggers of these tables away, and remember the catalog as it was.

    Args:
        connection: a superuser's, in autocommit mode, on a database that pgassay made.
        relations: tables that hold rows themselves.
    """
    before = catalog_state(connection)
    with connection.transaction():
        oids = oids_of(connection, relations)
        ours = list(oids.values())
        found = connection.execute(_INDEXES, [ours]).fetchall()
        connection.execute(_HIDE, [[row[0] for row in found]])
        silenced = [row[0] for row in connection.execute(_SILENCE, [ours])]
    indexes = tuple(
        HiddenIndex(sql=name, method=method, width=width, relation=QualifiedName(schema, table))
        for _, name, method, width, table, schema in found
    )
    return Bareness(indexes=indexes, silenced=tuple(silenced), before=before)


def let_speak(connection: Connection, bareness: Bareness) -> None:
    """Give the tables their triggers back."""
    connection.execute(_SPEAK, [list(bareness.silenced)])


def oids_of(connection: Connection, relations: Iterable[QualifiedName]) -> dict[QualifiedName, int]:
    """Return the OIDs of tables that hold rows themselves; the others are left out."""
    names = list(relations)
    rows = connection.execute(_OIDS, [[n.schema for n in names], [n.name for n in names]])
    return {QualifiedName(schema, name): oid for oid, schema, name in rows}


# What rows change in the catalog, and what rebuilding an index and VACUUM do. All other columns
# of all other catalogs must be as they were.
_CHANGES = {
    "pg_class": {
        "relfilenode", "relpages", "reltuples", "relallvisible", "relallfrozen", "relfrozenxid",
        "relminmxid",
    },
    "pg_index": {"indcheckxmin"},  # whether old snapshots may use it yet
    "pg_database": None,
    "pg_statistic": None,
    "pg_statistic_ext_data": None,
    "pg_largeobject": None,
    "pg_shdepend": None,  # of all databases
    "pg_authid": None,
    "pg_auth_members": None,
    "pg_subscription": None,
}  # fmt: skip
_CATALOGS = """
    select c.relname, array_agg(a.attname order by a.attnum)
    from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r'
      and not c.relisshared and (a.attnum > 0 and not a.attisdropped)
    group by c.relname
"""
_OWN_SCHEMAS = ("pg_class", "pg_attribute", "pg_type", "pg_index")


def catalog_state(connection: Connection) -> CatalogState:
    """Return what every system catalog of the database says, but for what rows change.

    Rows that no user object has (below FirstNormalObjectId, 16384) are left out where they can
    be told by their OID. TOAST tables are in it, temporary ones are not.
    """
    state: CatalogState = {}
    with connection.transaction():
        for name, columns in connection.execute(_CATALOGS).fetchall():
            left_out = _CHANGES.get(name, set())
            if left_out is None:
                continue
            kept = [column for column in columns if column not in left_out]
            rows = connection.execute(_reading(name, kept)).fetchall()
            state[name] = frozenset(rows)
    return state


def _reading(catalog: str, columns: Sequence[str]) -> sql.Composed:
    """Return the query of one catalog; every value as text, so that all can be compared."""
    own = {"oid", "attrelid", "indexrelid", "adrelid", "seqrelid", "objid", "objoid"}
    key = next((column for column in columns if column in own), None)
    condition = sql.SQL("where {} >= 16384").format(sql.Identifier(key)) if key else sql.SQL("")
    values = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(c)) for c in columns)
    return sql.SQL("select {} from pg_catalog.{} {}").format(
        values, sql.Identifier(catalog), condition
    )


def unlike(before: CatalogState, after: CatalogState) -> tuple[str, ...]:
    """Return in words where two states of a catalog differ; nothing where they do not."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name, frozenset()), after.get(name, frozenset())
        found += [f"{name}: lost {_shown(row)}" for row in sorted(one - other, key=str)]
        found += [f"{name}: found {_shown(row)}" for row in sorted(other - one, key=str)]
    return tuple(found)


def _shown(row: tuple[object, ...]) -> str:
    return " | ".join("" if value is None else str(value)[:60] for value in row)[:300]
