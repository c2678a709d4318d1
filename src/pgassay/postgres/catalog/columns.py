"""Columns of tables, views and composite types (`pg_attribute`, `pg_attrdef`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import Column
from pgassay.postgres.catalog.scope import USER_SCHEMA, Attribute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.postgres.catalog.scope import Row, Scope

_IDENTITY = {"a": "ALWAYS", "d": "BY DEFAULT"}
_STORAGE = {"p": "PLAIN", "e": "EXTERNAL", "x": "EXTENDED", "m": "MAIN"}
_COMPRESSION = {"p": "pglz", "l": "lz4"}

# The statistics target's "none" is -1 up to 16 and NULL from 17 on.
COLUMNS = f"""
select a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod,
  pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
  pg_catalog.pg_get_expr(f.adbin, f.adrelid), a.attcollation, a.attstorage, a.attcompression,
  nullif(a.attstattarget, -1), a.attoptions, a.attfdwoptions, a.attislocal
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
where {USER_SCHEMA} and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
  and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum
"""


def columns(rows: Iterable[Row], scope: Scope) -> dict[int, list[Column]]:
    """Return the columns by relation, in order, and tell `scope` their numbers."""
    found: dict[int, list[Column]] = {}
    for row in rows:
        relation, number, name, type_oid = row[:4]
        siblings = found.setdefault(relation, [])
        attribute = Attribute(name=name, type=type_oid, collation=row[10])
        scope.attributes.setdefault(relation, {})[number] = attribute
        siblings.append(_column(row, scope, position=len(siblings) + 1))
    return found


def _column(row: Row, scope: Scope, *, position: int) -> Column:
    relation, number, name, type_oid, modifier, sql, not_null, identity, generated = row[:9]
    expression, collation, storage, compression, target, options, foreign, local = row[9:]
    own = scope.types[type_oid]
    return Column(
        name=name,
        position=position,
        type=scope.types.column_type(type_oid, modifier, sql),
        not_null=not_null,
        default=None if generated else expression,
        identity=_IDENTITY.get(identity),
        generated=expression if generated else None,
        generated_virtual=generated == "v",
        collation=scope.collation(collation, own.collation),
        storage=None if storage == own.storage else _STORAGE[storage],
        compression=_COMPRESSION.get(compression),
        statistics_target=target,
        options=tuple(sorted((options or []) + (foreign or []))),
        inherited=not local,
        privileges=scope.rights("pg_class", relation, number),
        comment=scope.comment("pg_class", relation, number),
    )
