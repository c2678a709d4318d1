"""Triggers that a person made, rewrite rules and row-level security policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import Enabled, Policy, Rule, Trigger
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog.deparsed import clause
from pgassay.postgres.catalog.scope import FIRST_USER_OID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.postgres.catalog.scope import Row, Scope

ENABLED = {
    "O": Enabled.ORIGIN,
    "D": Enabled.DISABLED,
    "R": Enabled.REPLICA,
    "A": Enabled.ALWAYS,
}
_COMMANDS = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}

# Bits of tgtype (pg_trigger.h), the events in the order in which they are deparsed.
_ROW, _BEFORE, _INSTEAD = 1, 2, 64
_EVENTS = ((4, "INSERT"), (8, "DELETE"), (16, "UPDATE"), (32, "TRUNCATE"))

TRIGGERS = f"""
select tg.oid, tg.tgrelid, tg.tgname, pg_catalog.pg_get_triggerdef(tg.oid), n.nspname, p.proname,
  tg.tgtype, tg.tgattr::int2[], tg.tgqual is not null, tg.tgconstraint <> 0, tg.tgdeferrable,
  tg.tginitdeferred, tg.tgenabled, tg.tgparentid <> 0
from pg_catalog.pg_trigger tg
join pg_catalog.pg_proc p on p.oid = tg.tgfoid
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where not tg.tgisinternal and tg.tgrelid >= {FIRST_USER_OID}
order by tg.tgrelid, tg.tgname
"""

RULES = f"""
select r.oid, r.ev_class, r.rulename, pg_catalog.pg_get_ruledef(r.oid), r.ev_enabled
from pg_catalog.pg_rewrite r
where r.rulename <> '_RETURN' and r.ev_class >= {FIRST_USER_OID}
order by r.ev_class, r.rulename
"""

POLICIES = """
select o.oid, o.polrelid, o.polname, o.polcmd, o.polpermissive,
  array(
    select case when k.oid = 0 then 'PUBLIC' else pg_catalog.pg_get_userbyid(k.oid)::text end
    from unnest(o.polroles) k (oid)
    order by 1),
  pg_catalog.pg_get_expr(o.polqual, o.polrelid),
  pg_catalog.pg_get_expr(o.polwithcheck, o.polrelid)
from pg_catalog.pg_policy o
order by o.polrelid, o.polname
"""


def triggers(rows: Iterable[Row], scope: Scope) -> dict[int, list[Trigger]]:
    """Return the triggers by the oid of their relation."""
    found: dict[int, list[Trigger]] = {}
    for row in rows:
        if row[1] in scope.attributes:
            found.setdefault(row[1], []).append(_trigger(row, scope))
    return found


def _trigger(row: Row, scope: Scope) -> Trigger:
    oid, relation, name, definition, schema, function, bits, numbers, conditional = row[:9]
    constraint, deferrable, deferred, enabled, inherited = row[9:]
    timing = "BEFORE" if bits & _BEFORE else "INSTEAD OF" if bits & _INSTEAD else "AFTER"
    return Trigger(
        name=name,
        definition=definition,
        function=QualifiedName(schema, function),
        timing=timing,
        events=tuple(event for bit, event in _EVENTS if bits & bit),
        columns=scope.columns(relation, numbers),
        for_each_row=bool(bits & _ROW),
        # pg_get_expr refuses a condition, since it speaks of two relations (OLD and NEW).
        condition=clause(definition, "WHEN") if conditional else None,
        constraint=constraint,
        deferrable=deferrable,
        initially_deferred=deferred,
        enabled=ENABLED[enabled],
        inherited=inherited,
        comment=scope.comment("pg_trigger", oid),
    )


def rules(rows: Iterable[Row], scope: Scope) -> dict[int, list[Rule]]:
    """Return the rules by the oid of their relation."""
    found: dict[int, list[Rule]] = {}
    for oid, relation, name, definition, enabled in rows:
        made = Rule(
            name=name,
            definition=definition,
            enabled=ENABLED[enabled],
            comment=scope.comment("pg_rewrite", oid),
        )
        found.setdefault(relation, []).append(made)
    return found


def policies(rows: Iterable[Row], scope: Scope) -> dict[int, list[Policy]]:
    """Return the policies by the oid of their table."""
    found: dict[int, list[Policy]] = {}
    for oid, relation, name, command, permissive, roles, using, check in rows:
        made = Policy(
            name=name,
            command=_COMMANDS[command],
            permissive=permissive,
            roles=tuple(roles),
            using=using,
            check=check,
            comment=scope.comment("pg_policy", oid),
        )
        found.setdefault(relation, []).append(made)
    return found
