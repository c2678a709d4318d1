"""Foreign keys over rows that no trigger has seen: PostgreSQL validates each of them anew.

A foreign key is marked as not validated and validated by ALTER TABLE in one transaction, so that
the verdict is the server's own, and an orphan leaves the mark as it was. Where a table is divided,
the key of each partition is validated: up to PostgreSQL 17 the parent's VALIDATE reads no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import PgassayError
from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Collection

    import psycopg

    Connection = psycopg.Connection[Any]

# The rows of pg_constraint that stand for a whole key on the table that has the rows. What a key
# over a divided referenced table has for each of that one's partitions hangs below them.
_KEYS = """
    select k.oid, k.conname, n.nspname, c.relname, pn.nspname, p.relname, k.condeferrable
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_class p on p.oid = k.confrelid
    join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
    left join pg_catalog.pg_constraint above on above.oid = k.conparentid
    where k.contype = 'f' and (k.convalidated or not %s) and c.relkind = 'r'
      and above.conrelid is distinct from k.conrelid
      and coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
    order by n.nspname, c.relname, k.conname
"""
_LEAVES = """
    with recursive below (root, oid) as (
      select c.oid, c.oid from pg_catalog.pg_class c where c.relkind in ('r', 'p')
        and c.relnamespace <> 'pg_catalog'::regnamespace
      union all
      select b.root, i.inhrelid from below b
      join pg_catalog.pg_inherits i on i.inhparent = b.oid
      join pg_catalog.pg_class p on p.oid = i.inhparent and p.relkind = 'p'
    )
    select rn.nspname, r.relname, n.nspname, c.relname from below b
    join pg_catalog.pg_class r on r.oid = b.root
    join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
    join pg_catalog.pg_class c on c.oid = b.oid and c.relkind = 'r'
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
"""
_UNMARK = "update pg_catalog.pg_constraint set convalidated = false where oid = any(%s)"
_UNSEEN = "select count(*) from pg_catalog.pg_constraint where oid = any(%s) and not convalidated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """One foreign key of a table that holds rows itself.

    Args:
        oid: of its row in pg_constraint.
        name: its name.
        relation: the referring table.
        leaves: the tables with the rows that it may refer to.
        deferrable: whether it can wait for the end of the transaction.
    """

    oid: int
    name: str
    relation: QualifiedName
    leaves: tuple[QualifiedName, ...]
    deferrable: bool


def foreign_keys(connection: Connection, *, validated: bool = True) -> tuple[ForeignKey, ...]:
    """Return the foreign keys of the tables that hold rows themselves: validated ones, or all."""
    leaves: dict[QualifiedName, list[QualifiedName]] = {}
    for root_schema, root, schema, name in connection.execute(_LEAVES):
        leaves.setdefault(QualifiedName(root_schema, root), []).append(QualifiedName(schema, name))
    return tuple(
        ForeignKey(
            oid=oid,
            name=name,
            relation=QualifiedName(schema, table),
            leaves=tuple(leaves.get(QualifiedName(parent_schema, parent), ())),
            deferrable=deferrable,
        )
        for oid, name, schema, table, parent_schema, parent, deferrable in connection.execute(
            _KEYS, [validated]
        )
    )


def validate(connection: Connection, relation: QualifiedName, keys: Collection[ForeignKey]) -> None:
    """Have the server check every row of a table against these of its foreign keys.

    Raises:
        psycopg.errors.ForeignKeyViolation: a row refers to nothing; it is named.
        PgassayError: the server did not validate.
    """
    oids = [key.oid for key in keys]
    commands = ", ".join(f"validate constraint {quote(key.name)}" for key in keys)
    with connection.transaction():
        connection.execute(_UNMARK, [oids])
        connection.execute(f"alter table only {relation.sql} {commands}".encode())
        row = connection.execute(_UNSEEN, [oids]).fetchone()
        if row is None or row[0]:
            raise PgassayError(
                "the server did not validate every foreign key",
                where=str(relation),
                expected=", ".join(key.name for key in keys),
                why="a row that refers to nothing would not be seen",
            )
