"""Sequences beyond the rows: the next value drawn is one that no row has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    import psycopg

# A sequence belongs to a column (serial, identity), or the column's default draws from it.
_DRAWN = """
    with drawn (seq, rel, num) as (
      select d.objid, d.refobjid, d.refobjsubid from pg_catalog.pg_depend d
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
        and d.refobjsubid > 0 and d.deptype in ('a', 'i')
      union
      select d.refobjid, a.adrelid, a.adnum from pg_catalog.pg_depend d
      join pg_catalog.pg_attrdef a on a.oid = d.objid
      where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass
    )
    select s.seqrelid, sn.nspname, sc.relname, s.seqincrement, s.seqmin, s.seqmax,
           n.nspname, c.relname, a.attname
    from drawn d
    join pg_catalog.pg_sequence s on s.seqrelid = d.seq
    join pg_catalog.pg_class sc on sc.oid = d.seq
    join pg_catalog.pg_namespace sn on sn.oid = sc.relnamespace
    join pg_catalog.pg_class c on c.oid = d.rel and c.relkind in ('r', 'p')
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = d.rel and a.attnum = d.num
    join pg_catalog.pg_type t on t.oid = a.atttypid
    where not c.relispartition
      and coalesce(nullif(t.typbasetype, 0), t.oid) in
        ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
    order by s.seqrelid, n.nspname, c.relname, a.attname
"""
_MOVE = """
    select setval(%(sequence)s::oid::regclass, %(value)s)
    where %(value)s > coalesce(pg_sequence_last_value(%(sequence)s::oid), %(value)s - 1)
       or pg_sequence_last_value(%(sequence)s::oid) is null
"""
_MOVE_DOWN = _MOVE.replace("> coalesce", "< coalesce").replace("- 1)", "+ 1)")


def set_sequences(connection: psycopg.Connection[Any]) -> int:
    """Set every sequence that feeds a column beyond that column's values; return how many moved.

    A sequence that is beyond them already stays where it is. Values that it cannot have are not
    its own, and do not count.
    """
    furthest: dict[int, tuple[int, bool]] = {}
    for seq, _, _, step, least, most, schema, table, column in connection.execute(
        _DRAWN
    ).fetchall():
        query = sql.SQL("select {}({}) from {} where {} between %s and %s").format(
            sql.SQL("max" if step > 0 else "min"),
            sql.Identifier(column),
            sql.Identifier(schema, table),
            sql.Identifier(column),
        )
        row = connection.execute(query, [least, most]).fetchone()
        if row is None or row[0] is None:
            continue
        known = furthest.get(seq)
        better = max if step > 0 else min
        furthest[seq] = (better(row[0], known[0]) if known else row[0], step > 0)
    moved = 0
    for seq, (value, upward) in furthest.items():
        done = connection.execute(
            _MOVE if upward else _MOVE_DOWN, {"sequence": seq, "value": value}
        ).fetchone()
        moved += done is not None
    return moved
