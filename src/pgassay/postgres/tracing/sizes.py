"""How much each table holds, before anything is done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.names import QualifiedName
from pgassay.core.trace import RelationSize

if TYPE_CHECKING:
    from psycopg import Connection

_SIZES = """
select n.nspname, c.relname, s.whole, s.heap
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral (
  select sum(pg_catalog.pg_total_relation_size(p.oid)), sum(pg_catalog.pg_relation_size(p.oid))
  from (select c.oid union select t.relid from pg_catalog.pg_partition_tree(c.oid) t) p
) s(whole, heap)
where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't'
  and n.nspname not in ('information_schema', 'pgassay_trace') and n.nspname not like 'pg\\_%'
order by 1, 2
"""


def sizes_of(connection: Connection[Any]) -> tuple[RelationSize, ...]:
    """Return how much every table holds: exact rows, bytes with indexes and TOAST, and without."""
    found = []
    for schema, name, size, heap in connection.execute(_SIZES).fetchall():
        relation = QualifiedName(schema, name)
        row = connection.execute(f"select count(*) from {relation.sql}".encode()).fetchone()
        found.append(
            RelationSize(
                relation=relation,
                rows=int(row[0]) if row else 0,
                bytes=int(size),
                heap=int(heap),
            )
        )
    return tuple(found)
