"""What is on the stage: relations and indexes with their files, and the types of their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    import psycopg

_RELATIONS = """
select c.oid, n.nspname, c.relname, c.relkind, pg_relation_filepath(c.oid), c.relispartition,
  (select array[pn.nspname, pc.relname]::text[] from pg_inherits i
   join pg_class pc on pc.oid = i.inhparent join pg_namespace pn on pn.oid = pc.relnamespace
   where i.inhrelid = c.oid and c.relispartition)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm', 'f') and c.relpersistence <> 't'
  and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by n.nspname, c.relname
"""
_INDEXES = """
select c.oid, n.nspname, c.relname, c.relkind, pg_relation_filepath(c.oid), i.indrelid, am.amname,
  array(select pg_get_indexdef(c.oid, k, true) from generate_series(1, i.indnkeyatts) k order by k),
  pg_get_expr(i.indpred, i.indrelid, true),
  (select array[pn.nspname, pc.relname]::text[] from pg_inherits h
   join pg_class pc on pc.oid = h.inhparent join pg_namespace pn on pn.oid = pc.relnamespace
   where h.inhrelid = c.oid),
  i.indkey::int2[]
from pg_index i join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace join pg_am am on am.oid = c.relam
where c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by n.nspname, c.relname
"""
# A type's operators are those of its default B-tree operator class, its own, that of its kind, or
# that of the type it is binary coercible to; a domain's are its base type's.
_COLUMNS = """
with recursive based (oid, base) as (
  select oid, oid from pg_type where typtype <> 'd'
  union all
  select t.oid, b.base from pg_type t join based b on t.typbasetype = b.oid where t.typtype = 'd'
), columns as (
  select a.attrelid, a.attnum, a.attname, a.atttypid, a.attcollation, b.base
  from pg_attribute a join based b on b.oid = a.atttypid
  where a.attnum > 0 and not a.attisdropped and a.attrelid = any (%s)
), kinds as (
  select t.oid, t.typtype,
    case when t.typsubscript = 'array_subscript_handler'::regproc then t.typelem end as element
  from pg_type t
), classes as (
  select k.oid, o.opcfamily, o.opcintype
  from kinds k
  cross join lateral (
    select o.opcfamily, o.opcintype,
      case when o.opcintype = k.oid then 0 when m.castsource is null then 1
        when t.typispreferred then 2 else 3 end as turn
    from pg_opclass o
    join pg_am am on am.oid = o.opcmethod and am.amname = 'btree'
    join pg_type t on t.oid = o.opcintype
    left join pg_cast m on m.castsource = k.oid and m.casttarget = o.opcintype
      and m.castmethod = 'b' and m.castcontext = 'i'
    where o.opcdefault and (o.opcintype = k.oid or m.castsource is not null
      or o.opcintype = case when k.typtype = 'e' then 'anyenum'::regtype
        when k.element is not null then 'anyarray'::regtype
        when k.typtype = 'r' then 'anyrange'::regtype
        when k.typtype = 'm' then 'anymultirange'::regtype
        when k.typtype = 'c' then 'record'::regtype end)
    order by turn limit 1
  ) o
  where k.oid in (select base from columns)
     or k.oid in (select e.element from kinds e join columns c on c.base = e.oid)
     or k.oid = 'text'::regtype
), operators as (
  select c.oid, max(p.amopopr) filter (where p.amopstrategy = 1) as less,
    max(p.amopopr) filter (where p.amopstrategy = 3) as equal
  from classes c
  join pg_amop p on p.amopfamily = c.opcfamily and p.amoplefttype = c.opcintype
    and p.amoprighttype = c.opcintype and p.amopstrategy in (1, 3)
  group by c.oid
)
select c.attrelid, c.attnum, c.attname, c.atttypid, c.attcollation, o.less, o.equal,
  case when c.base = 'tsvector'::regtype then 'text'::regtype else k.element end,
  case when c.base = 'tsvector'::regtype then 100 else c.attcollation end,
  eo.equal, case when k.typtype = 'm' then r.rngtypid when k.typtype = 'r' then k.oid end
from columns c
join kinds k on k.oid = c.base
left join operators o on o.oid = c.base
left join operators eo
  on eo.oid = case when c.base = 'tsvector'::regtype then 'text'::regtype else k.element end
left join pg_range r on r.rngmultitypid = c.base
"""
_PARTITION_KEYS = """
select n.nspname, c.relname, a.attname
from pg_partitioned_table p
join pg_class c on c.oid = p.partrelid join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
where p.partstrat = 'r' and p.partnatts = 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """A relation on the stage; `path` is of its file, beneath the data directory."""

    oid: int
    name: QualifiedName
    kind: str
    path: str | None
    partition: bool = False
    parent: QualifiedName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexThere:
    """An index on the stage; `columns` are the numbers of its columns, 0 for an expression."""

    oid: int
    name: QualifiedName
    divided: bool
    path: str | None
    table: int
    method: str
    keys: tuple[str, ...]
    predicate: str | None
    parent: QualifiedName | None
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A column, and what its statistics are written with; None where its type has no such thing."""

    relation: int
    number: int
    name: str
    type: int
    collation: int
    less: int | None
    equal: int | None
    element: int | None
    element_collation: int
    element_equal: int | None
    range: int | None


def relations(connection: psycopg.Connection[Any]) -> dict[QualifiedName, There]:
    """Return the relations by name."""
    found = (
        There(
            oid=oid,
            name=QualifiedName(schema, name),
            kind=kind,
            path=path,
            partition=partition,
            parent=_name(parent),
        )
        for oid, schema, name, kind, path, partition, parent in connection.execute(_RELATIONS)
    )
    return {one.name: one for one in found}


def indexes(connection: psycopg.Connection[Any]) -> list[IndexThere]:
    """Return the indexes."""
    return [
        IndexThere(
            oid=oid,
            name=QualifiedName(schema, name),
            divided=kind == "I",
            path=path,
            table=table,
            method=method,
            keys=tuple(keys),
            predicate=predicate,
            parent=_name(parent),
            columns=tuple(numbers),
        )
        for oid, schema, name, kind, path, table, method, keys, predicate, parent, numbers in (
            connection.execute(_INDEXES)
        )
    ]


def attributes(
    connection: psycopg.Connection[Any], of: list[int]
) -> dict[tuple[int, int], Attribute]:
    """Return the columns of relations, and of indexes, by relation and number."""
    found = (Attribute(**row) for row in _rows(connection, of))
    return {(one.relation, one.number): one for one in found}


def partition_keys(connection: psycopg.Connection[Any]) -> dict[QualifiedName, str]:
    """Return the tables that are partitioned by the range of one column, and that column."""
    rows = connection.execute(_PARTITION_KEYS).fetchall()
    return {QualifiedName(schema, table): column for schema, table, column in rows}


def _rows(connection: psycopg.Connection[Any], of: list[int]) -> list[dict[str, Any]]:
    names = Attribute.__slots__
    return [dict(zip(names, row, strict=True)) for row in connection.execute(_COLUMNS, [of])]


def _name(parts: list[str] | None) -> QualifiedName | None:
    return None if parts is None else QualifiedName(*parts)
