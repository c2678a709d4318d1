"""Constraints of tables and domains (`pg_constraint`).

Left out: constraint triggers, and the rows that PostgreSQL keeps beside a foreign key for each
partition of the table it refers to. NOT NULL constraints, which are rows from 18 on (for domains
from 17 on), are listed only where they say more than the column's own `not_null`: a name that a
person gave, NOT VALID or NO INHERIT. A name is taken as made up by the server where it ends in
`_not_null` with or without a number; what precedes is the history of table and column names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import Action, Constraint, ConstraintKind, Match

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.postgres.catalog.scope import Row, Scope

_ENFORCED_SINCE = 18

_KINDS = {
    "p": ConstraintKind.PRIMARY_KEY,
    "u": ConstraintKind.UNIQUE,
    "f": ConstraintKind.FOREIGN_KEY,
    "c": ConstraintKind.CHECK,
    "x": ConstraintKind.EXCLUSION,
    "n": ConstraintKind.NOT_NULL,
}
_ACTIONS = {
    "a": Action.NO_ACTION,
    "r": Action.RESTRICT,
    "c": Action.CASCADE,
    "n": Action.SET_NULL,
    "d": Action.SET_DEFAULT,
    " ": Action.NO_ACTION,
}
_WITH_INDEX = frozenset("pux")
_WITH_NO_INHERIT = frozenset("cn")  # the flag says nothing of the other kinds


def query(major: int) -> str:
    """Return the query for that major version."""
    enforced, period = (
        ("con.conenforced", "con.conperiod") if major >= _ENFORCED_SINCE else ("true", "false")
    )
    return f"""
select con.oid, con.conname, con.conrelid, con.contypid, con.contype, con.conkey, con.confrelid,
  con.confkey, con.confdeltype, con.confupdtype, con.confmatchtype, con.confdelsetcols,
  con.condeferrable, con.condeferred, con.convalidated, {enforced}, con.connoinherit,
  con.conislocal, {period}, con.conindid, coalesce(i.indnullsnotdistinct, false),
  case when con.contype = 'x' then array(
    select case when n.nspname = 'pg_catalog' then o.oprname::text
      else 'OPERATOR(' || pg_catalog.quote_ident(n.nspname) || '.' || o.oprname || ')' end
    from unnest(con.conexclop) with ordinality k (oid, position)
    join pg_catalog.pg_operator o on o.oid = k.oid
    join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
    order by k.position) end,
  pg_catalog.pg_get_constraintdef(con.oid), pg_catalog.pg_get_expr(con.conbin, con.conrelid)
from pg_catalog.pg_constraint con
join pg_catalog.pg_namespace n on n.oid = con.connamespace
left join pg_catalog.pg_constraint parent on parent.oid = con.conparentid
left join pg_catalog.pg_index i on i.indexrelid = con.conindid and con.contype = 'u'
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and con.contype in ('p', 'u', 'f', 'c', 'x', 'n')
  and (con.contype <> 'f' or parent.oid is null or parent.confrelid = con.confrelid)
  and (con.contype <> 'n' or con.conname !~ '_not_null[0-9]*$'
    or not con.convalidated or con.connoinherit)
order by con.conrelid, con.contypid, con.conname
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """The constraints by the oid of their table or domain, and the owners of indexes."""

    of_tables: dict[int, list[Constraint]]
    of_domains: dict[int, list[Constraint]]
    of_indexes: dict[int, str]


def constraints(rows: Iterable[Row], scope: Scope) -> Constraints:
    """Return all constraints in scope."""
    found = Constraints(of_tables={}, of_domains={}, of_indexes={})
    for row in rows:
        constraint = _constraint(row, scope)
        relation, domain, kind, index = row[2], row[3], row[4], row[19]
        if domain:
            found.of_domains.setdefault(domain, []).append(constraint)
        else:
            found.of_tables.setdefault(relation, []).append(constraint)
        if kind in _WITH_INDEX:
            found.of_indexes[index] = constraint.name
    return found


def _constraint(row: Row, scope: Scope) -> Constraint:
    oid, name, relation, _, kind, key, referenced, referenced_key, on_delete, on_update = row[:10]
    match, set_columns, deferrable, deferred, validated, enforced, no_inherit = row[10:17]
    local, period, index, not_distinct, operators, definition, expression = row[17:]
    foreign = kind == "f"
    return Constraint(
        name=name,
        kind=_KINDS[kind],
        columns=scope.columns(relation, key),
        definition=definition,
        expression=expression,
        references=scope.relations[referenced].name if foreign else None,
        referenced_columns=scope.columns(referenced, referenced_key),
        on_delete=_ACTIONS[on_delete],
        on_update=_ACTIONS[on_update],
        match=Match.FULL if match == "f" else Match.SIMPLE,
        set_columns=scope.columns(relation, set_columns),
        deferrable=deferrable,
        initially_deferred=deferred,
        validated=validated,
        enforced=enforced,
        nulls_not_distinct=not_distinct,
        without_overlaps=period,
        no_inherit=no_inherit and kind in _WITH_NO_INHERIT,
        operators=tuple(operators or ()),
        index=scope.relations[index].name.name if kind in _WITH_INDEX else None,
        inherited=not local,
        comment=scope.comment("pg_constraint", oid),
    )
