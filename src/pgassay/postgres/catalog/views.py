"""Views and materialised views, and extended statistics, which tables have as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ExtendedStatistics, View
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog.scope import FIRST_USER_OID, USER_SCHEMA, not_of_extension

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.postgres.catalog.scope import Row, Scope
    from pgassay.postgres.catalog.tables import Parts

VIEWS = f"""
select c.oid, n.nspname, c.relname, c.relkind, c.relispopulated, c.reloptions,
  pg_catalog.pg_get_viewdef(c.oid)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where {USER_SCHEMA} and c.relkind in ('v', 'm')
  and {not_of_extension("pg_class", "c.oid")}
order by n.nspname, c.relname
"""

# The target's "none" is -1 up to 16 and NULL from 17 on.
STATISTICS = f"""
select s.oid, s.stxrelid, n.nspname, s.stxname, nullif(s.stxstattarget, -1),
  pg_catalog.pg_get_statisticsobjdef(s.oid)
from pg_catalog.pg_statistic_ext s
join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
where s.oid >= {FIRST_USER_OID}
order by s.stxrelid, n.nspname, s.stxname
"""


def views(rows: Iterable[Row], scope: Scope, parts: Parts) -> tuple[View, ...]:
    """Return the views and materialised views."""
    return tuple(
        View(
            name=QualifiedName(schema, name),
            definition=definition,
            columns=tuple(parts.columns.get(oid, ())),
            materialised=kind == "m",
            populated=populated,
            indexes=tuple(parts.indexes.get(oid, ())),
            triggers=tuple(parts.triggers.get(oid, ())),
            rules=tuple(parts.rules.get(oid, ())),
            statistics=tuple(parts.statistics.get(oid, ())),
            options=tuple(sorted(options or ())),
            privileges=scope.rights("pg_class", oid),
            comment=scope.comment("pg_class", oid),
        )
        for oid, schema, name, kind, populated, options, definition in rows
    )


def statistics(rows: Iterable[Row], scope: Scope) -> dict[int, list[ExtendedStatistics]]:
    """Return the extended statistics by the oid of their relation."""
    found: dict[int, list[ExtendedStatistics]] = {}
    for oid, relation, schema, name, target, definition in rows:
        made = ExtendedStatistics(
            name=QualifiedName(schema, name),
            definition=definition,
            target=target,
            comment=scope.comment("pg_statistic_ext", oid),
        )
        found.setdefault(relation, []).append(made)
    return found
