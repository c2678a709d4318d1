"""Functions, procedures and aggregates (`pg_proc`, `pg_aggregate`), and event triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import EventTrigger, Function
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog.scope import USER_SCHEMA, not_of_extension
from pgassay.postgres.catalog.triggers import ENABLED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.postgres.catalog.scope import Row, Scope

_KINDS = {"f": "function", "p": "procedure", "a": "aggregate", "w": "window"}
_VOLATILITY = {"i": "immutable", "s": "stable", "v": "volatile"}

# A range type brings its constructors with it (deptype i): they are the type's, not a person's.
FUNCTIONS = f"""
select p.oid, n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid),
  p.prokind, pg_catalog.pg_get_function_result(p.oid), l.lanname,
  case when p.prokind <> 'a' then pg_catalog.pg_get_functiondef(p.oid) end, p.prosecdef,
  p.provolatile, p.proconfig
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
where {USER_SCHEMA} and not exists (
  select from pg_catalog.pg_depend d
  where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid
    and d.deptype in ('e', 'i'))
order by n.nspname, p.proname, 4
"""

AGGREGATES = f"""
select p.oid, p.proparallel, g.aggkind,
  nullif(g.aggtransfn::oid, 0)::regproc::text, pg_catalog.format_type(g.aggtranstype, null),
  nullif(g.aggtransspace, 0)::text, nullif(g.aggfinalfn::oid, 0)::regproc::text,
  g.aggfinalextra, g.aggfinalmodify, nullif(g.aggcombinefn::oid, 0)::regproc::text,
  nullif(g.aggserialfn::oid, 0)::regproc::text, nullif(g.aggdeserialfn::oid, 0)::regproc::text,
  nullif(g.aggmtransfn::oid, 0)::regproc::text, nullif(g.aggminvtransfn::oid, 0)::regproc::text,
  case when g.aggmtranstype <> 0 then pg_catalog.format_type(g.aggmtranstype, null) end,
  nullif(g.aggmtransspace, 0)::text, nullif(g.aggmfinalfn::oid, 0)::regproc::text,
  g.aggmfinalextra, g.aggmfinalmodify, pg_catalog.quote_literal(g.agginitval),
  pg_catalog.quote_literal(g.aggminitval),
  case when g.aggsortop <> 0 then 'OPERATOR(' || pg_catalog.quote_ident(onsp.nspname) || '.'
    || o.oprname || ')' end
from pg_catalog.pg_aggregate g
join pg_catalog.pg_proc p on p.oid = g.aggfnoid
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
left join pg_catalog.pg_operator o on o.oid = g.aggsortop
left join pg_catalog.pg_namespace onsp on onsp.oid = o.oprnamespace
where {USER_SCHEMA} and {not_of_extension("pg_proc", "p.oid")}
order by p.oid
"""

EVENT_TRIGGERS = f"""
select e.oid, e.evtname, e.evtevent, n.nspname, p.proname, e.evttags, e.evtenabled
from pg_catalog.pg_event_trigger e
join pg_catalog.pg_proc p on p.oid = e.evtfoid
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where {not_of_extension("pg_event_trigger", "e.oid")}
order by e.evtname
"""

_PARALLEL = {"s": "SAFE", "r": "RESTRICTED"}
_MODIFY = {"r": "READ_ONLY", "s": "SHAREABLE", "w": "READ_WRITE"}


def functions(
    rows: Iterable[Row], scope: Scope, aggregates: dict[int, tuple[str, ...]]
) -> tuple[Function, ...]:
    """Return all routines; `aggregates` are the options of aggregates by oid."""
    return tuple(_function(row, scope, aggregates) for row in rows)


def _function(row: Row, scope: Scope, aggregates: dict[int, tuple[str, ...]]) -> Function:
    oid, schema, name, arguments, kind, returns, language, definition, definer = row[:9]
    volatility, settings = row[9:]
    qualified = QualifiedName(schema, name)
    if definition is None:
        options = ",\n    ".join(aggregates[oid])
        definition = f"CREATE AGGREGATE {qualified.sql}({arguments}) (\n    {options}\n)"
    return Function(
        name=qualified,
        arguments=arguments,
        kind=_KINDS[kind],
        returns=returns,
        language=language,
        definition=definition,
        security_definer=definer,
        volatility=_VOLATILITY[volatility],
        settings=tuple(settings or ()),
        privileges=scope.rights("pg_proc", oid),
        comment=scope.comment("pg_proc", oid),
    )


def aggregates(rows: Iterable[Row]) -> dict[int, tuple[str, ...]]:
    """Return the options of each aggregate as CREATE AGGREGATE takes them."""
    return {row[0]: tuple(_options(row)) for row in rows}


def _options(row: Row) -> Iterable[str]:
    _, parallel, kind, transition, state, space, final, extra, modify, combine, serial = row[:11]
    deserial, m_transition, m_inverse, m_state, m_space, m_final, m_extra, m_modify = row[11:19]
    initial, m_initial, sort = row[19:]
    usual = "r" if kind == "n" else "w"  # ordered-set aggregates modify their state by default
    stated = (
        ("SFUNC", transition),
        ("STYPE", state),
        ("SSPACE", space),
        ("FINALFUNC", final),
        ("FINALFUNC_EXTRA", extra),
        ("FINALFUNC_MODIFY", _MODIFY[modify] if final and modify != usual else None),
        ("COMBINEFUNC", combine),
        ("SERIALFUNC", serial),
        ("DESERIALFUNC", deserial),
        ("INITCOND", initial),
        ("MSFUNC", m_transition),
        ("MINVFUNC", m_inverse),
        ("MSTYPE", m_state),
        ("MSSPACE", m_space),
        ("MFINALFUNC", m_final),
        ("MFINALFUNC_EXTRA", m_extra),
        ("MFINALFUNC_MODIFY", _MODIFY[m_modify] if m_final and m_modify != usual else None),
        ("MINITCOND", m_initial),
        ("SORTOP", sort),
        ("PARALLEL", _PARALLEL.get(parallel)),
        ("HYPOTHETICAL", kind == "h"),
    )
    for word, value in stated:
        if value is True:
            yield word
        elif value:
            yield f"{word} = {value}"


def event_triggers(rows: Iterable[Row], scope: Scope) -> tuple[EventTrigger, ...]:
    """Return the event triggers."""
    return tuple(
        EventTrigger(
            name=name,
            event=event,
            function=QualifiedName(schema, function),
            tags=tuple(sorted(tags or ())),
            enabled=ENABLED[enabled],
            comment=scope.comment("pg_event_trigger", oid),
        )
        for oid, name, event, schema, function, tags, enabled in rows
    )
