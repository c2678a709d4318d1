"""Tables of every kind: ordinary, partitioned, partitions and foreign ones (`pg_class`).

Also what makes a partition (`relpartbound`) and how a table is divided (`pg_partitioned_table`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import (
    Partition,
    PartitionKey,
    PartitionStrategy,
    Persistence,
    Table,
    TableKind,
)
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog.scope import USER_SCHEMA, not_of_extension

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pgassay.core.catalog import (
        Column,
        Constraint,
        ExtendedStatistics,
        Index,
        Policy,
        Rule,
        Trigger,
    )
    from pgassay.postgres.catalog.scope import Row, Scope

_KINDS = {"r": TableKind.ORDINARY, "p": TableKind.PARTITIONED, "f": TableKind.FOREIGN}
_STRATEGIES = {
    "r": PartitionStrategy.RANGE,
    "l": PartitionStrategy.LIST,
    "h": PartitionStrategy.HASH,
}
_IDENTITIES = {"f": "FULL", "n": "NOTHING"}
PERSISTENCE = {"p": Persistence.PERMANENT, "u": Persistence.UNLOGGED}

TABLES = f"""
select c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, am.amname, c.reloptions,
  toast.reloptions, c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
  pg_catalog.pg_get_expr(c.relpartbound, c.oid), tn.nspname, t.typname, s.srvname, ft.ftoptions
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_am am on am.oid = c.relam
left join pg_catalog.pg_class toast on toast.oid = c.reltoastrelid
left join pg_catalog.pg_type t on t.oid = c.reloftype
left join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
left join pg_catalog.pg_foreign_table ft on ft.ftrelid = c.oid
left join pg_catalog.pg_foreign_server s on s.oid = ft.ftserver
where {USER_SCHEMA} and c.relkind in ('r', 'p', 'f')
  and {not_of_extension("pg_class", "c.oid")}
order by n.nspname, c.relname
"""

PARTITION_KEYS = """
select p.partrelid, p.partstrat, p.partattrs::int2[], pg_catalog.pg_get_partkeydef(p.partrelid)
from pg_catalog.pg_partitioned_table p
order by p.partrelid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What hangs on relations, by their oid."""

    columns: Mapping[int, list[Column]]
    constraints: Mapping[int, list[Constraint]]
    indexes: Mapping[int, list[Index]]
    replica_identities: Mapping[int, str]
    triggers: Mapping[int, list[Trigger]]
    policies: Mapping[int, list[Policy]]
    rules: Mapping[int, list[Rule]]
    statistics: Mapping[int, list[ExtendedStatistics]]
    partition_keys: Mapping[int, PartitionKey]


def partition_keys(rows: Iterable[Row], scope: Scope) -> dict[int, PartitionKey]:
    """Return how each partitioned table is divided."""
    return {
        relation: PartitionKey(
            strategy=_STRATEGIES[strategy],
            columns=tuple(
                scope.attributes[relation][number].name if number else None for number in numbers
            ),
            definition=definition,
        )
        for relation, strategy, numbers, definition in rows
        if relation in scope.attributes
    }


def tables(
    rows: Iterable[Row], scope: Scope, parts: Parts, exclude: Collection[QualifiedName]
) -> tuple[Table, ...]:
    """Return the tables that are not excluded."""
    made = (
        _table(row, scope, parts) for row in rows if QualifiedName(row[1], row[2]) not in exclude
    )
    return tuple(made)


def _table(row: Row, scope: Scope, parts: Parts) -> Table:
    oid, schema, name, kind, persistence, method, options, toast_options, identity = row[:9]
    row_security, forced, is_partition, bound, type_schema, of_type, server, foreign = row[9:]
    parents = tuple(scope.relations[parent].name for parent in scope.parents.get(oid, ()))
    stored = [*(options or ()), *(f"toast.{o}" for o in toast_options or ()), *(foreign or ())]
    return Table(
        name=QualifiedName(schema, name),
        kind=_KINDS[kind],
        columns=tuple(parts.columns.get(oid, ())),
        constraints=tuple(parts.constraints.get(oid, ())),
        indexes=tuple(parts.indexes.get(oid, ())),
        triggers=tuple(parts.triggers.get(oid, ())),
        policies=tuple(parts.policies.get(oid, ())),
        rules=tuple(parts.rules.get(oid, ())),
        statistics=tuple(parts.statistics.get(oid, ())),
        partition_key=parts.partition_keys.get(oid),
        partition=Partition(parent=parents[0], bound=bound) if is_partition else None,
        inherits=() if is_partition else parents,
        persistence=PERSISTENCE[persistence],
        access_method=None if method == "heap" else method,
        options=tuple(sorted(stored)),
        # A foreign table has NOTHING and cannot have another.
        replica_identity=None
        if kind == "f"
        else _IDENTITIES.get(identity) or parts.replica_identities.get(oid),
        row_security=row_security,
        force_row_security=forced,
        of_type=QualifiedName(type_schema, of_type) if of_type else None,
        server=server,
        privileges=scope.rights("pg_class", oid),
        comment=scope.comment("pg_class", oid),
    )
