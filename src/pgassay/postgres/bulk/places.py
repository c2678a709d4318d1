"""Where the rows of a stream come to stand: in the relation itself, or in partitions below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from pgassay.core.volume import Stream

_LEAVES = """
    select n.nspname, c.relname from pg_catalog.pg_class r
    cross join lateral (
      select r.oid as oid where r.relkind = 'r'
      union select t.relid from pg_catalog.pg_partition_tree(r.oid) t where r.relkind = 'p'
    ) below
    join pg_catalog.pg_class c on c.oid = below.oid and c.relkind = 'r'
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where r.oid = %s::regclass
    order by 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A relation that holds rows itself, and the stream that brings some.

    Args:
        relation: the relation.
        stream: the stream; several places have the same where it goes through their parent.
        rows: how many rows, about.
    """

    relation: QualifiedName
    stream: Stream
    rows: int

    @property
    def is_direct(self) -> bool:
        """Whether the stream goes into this very relation."""
        return self.relation == self.stream.relation


def places(
    connection: psycopg.Connection[Any], streams: Sequence[Stream]
) -> dict[QualifiedName, Place]:
    """Return every relation that rows come to stand in."""
    found: dict[QualifiedName, Place] = {}
    for stream in streams:
        rows = connection.execute(_LEAVES, [stream.relation.sql]).fetchall()
        for schema, name in rows:
            relation = QualifiedName(schema, name)
            share = -(-stream.rows // len(rows))
            found[relation] = Place(relation=relation, stream=stream, rows=share)
    return found
