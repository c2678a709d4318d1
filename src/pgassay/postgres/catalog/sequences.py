"""Sequences, and the columns that they go with (`pg_sequence`, `pg_depend`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import Sequence
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog.scope import USER_SCHEMA, not_of_extension
from pgassay.postgres.catalog.tables import PERSISTENCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pgassay.postgres.catalog.scope import Row, Scope

# deptype a: OWNED BY; i: the sequence behind an identity column.
SEQUENCES = f"""
select c.oid, n.nspname, c.relname, pg_catalog.format_type(s.seqtypid, null), s.seqstart,
  s.seqmin, s.seqmax, s.seqincrement, s.seqcache, s.seqcycle, c.relpersistence, d.refobjid,
  d.refobjsubid, d.deptype
from pg_catalog.pg_sequence s
join pg_catalog.pg_class c on c.oid = s.seqrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_depend d
  on d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
  and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
where {USER_SCHEMA} and {not_of_extension("pg_class", "c.oid")}
order by n.nspname, c.relname
"""


def sequences(
    rows: Iterable[Row], scope: Scope, exclude: Collection[QualifiedName]
) -> tuple[Sequence, ...]:
    """Return the sequences, except those that belong to an excluded table."""
    made = (_sequence(row, scope) for row in rows)
    return tuple(s for s in made if s.name not in exclude and s.owned_by not in exclude)


def _sequence(row: Row, scope: Scope) -> Sequence:
    oid, schema, name, type_name, start, minimum, maximum, increment, cache, cycle = row[:10]
    persistence, owner, number, dependency = row[10:]
    return Sequence(
        name=QualifiedName(schema, name),
        type=type_name,
        start=start,
        minimum=minimum,
        maximum=maximum,
        increment=increment,
        cache=cache,
        cycle=cycle,
        owned_by=scope.relations[owner].name if owner else None,
        owned_column=scope.attributes[owner][number].name if owner else None,
        identity=dependency == "i",
        persistence=PERSISTENCE[persistence],
        privileges=scope.rights("pg_class", oid),
        comment=scope.comment("pg_class", oid),
    )
