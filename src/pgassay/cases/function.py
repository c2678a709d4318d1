"""Functions: every body compiles, and a SECURITY DEFINER has its search_path.

What it finds
    A function or procedure that is missing, or whose body does not compile: an SQL function that
    names a table or column that is gone, PL/pgSQL with broken syntax. A SECURITY DEFINER function
    that leaves its search_path to the caller.

Why it hurts
    CREATE FUNCTION can be told not to look (check_function_bodies = off, as dumps do), and a
    table can change under a function at any time. Whoever may create objects in a schema on the
    path of a SECURITY DEFINER function can have it run code of theirs with its owner's rights.

Bad example
    CREATE FUNCTION f() ... SECURITY DEFINER AS ...

Good example
    CREATE FUNCTION f() ... SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ...

How to fix
    CREATE OR REPLACE FUNCTION ...; ALTER FUNCTION ... SET search_path = ...

When to ignore
    A SECURITY DEFINER function whose body qualifies every name, operators included.

Reference
    PostgreSQL documentation: CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely;
    check_function_bodies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.oracle import observed, steps_like
from pgassay.core.case import Accepted, Case, Step, Subject, Unproven
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Function

_KIND = "function"
_BODY = "a body that does not compile is found by its first caller, in production"
_PATH = "whoever can create objects on the caller's search_path runs code with the owner's rights"
_VALIDATORS = {"plpgsql": "pg_catalog.plpgsql_validator", "sql": "pg_catalog.fmgr_sql_validator"}
_FOUND = (
    "from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace"
    " where n.nspname = $1 and p.proname = $2"
    " and pg_catalog.pg_get_function_identity_arguments(p.oid) = $3"
)
_CHECKED = Statement("set local check_function_bodies = on")


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield that bodies compile, and that SECURITY DEFINER functions have their search_path."""
    checked = [(f, _compiling(f)) for f in source.contract.functions if f.language in _VALIDATORS]
    answered = observed(source.ask, (), [statements for _, statements in checked])
    for (function, statements), answers in zip(checked, answered or (), strict=False):
        if answers[-1].refusal:
            # A body that leans on somebody's search_path is judged by whoever has that path.
            yield Unproven(
                kind=_KIND,
                subject=_subject(function),
                title="compiles",
                reason=f"it does not on the contract's own database: {answers[-1].refusal.message}",
            )
        else:
            yield _case(function, "compiles", _BODY, steps_like(statements, answers))
    for function in source.contract.functions:
        if function.language not in _VALIDATORS and function.kind != "aggregate":
            found = Statement(f"select p.proname {_FOUND}", _named(function))
            yield _case(function, "is there", _BODY, (_returns(found, function.name.name),))
        if function.security_definer:
            sql = (
                "select p.prosecdef, exists (select from unnest(p.proconfig) setting"
                f" where setting like 'search\\_path=%') {_FOUND}"
            )
            step = _returns(Statement(sql, _named(function)), "t", "t")
            yield _case(function, "has its own search_path", _PATH, (step,))


def _compiling(function: Function) -> tuple[Statement, ...]:
    """Return what has the server look at a body, under the settings the function brings along."""
    settings = [setting.partition("=") for setting in function.settings]
    own = tuple(
        Statement("select pg_catalog.set_config($1, $2, true) is not null", (name, value))
        for name, _, value in settings
    )
    sql = f"select p.proname, {_VALIDATORS[function.language]}(p.oid) is null {_FOUND}"
    return (_CHECKED, *own, Statement(sql, _named(function)))


def _named(function: Function) -> tuple[str, str, str]:
    return function.name.schema, function.name.name, function.arguments


def _returns(statement: Statement, *row: str) -> Step:
    return Step(statement=statement, expect=Accepted(returns=(row,)))


def _subject(function: Function) -> Subject:
    return Subject(object=f"{function.name}({function.arguments})")


def _case(function: Function, title: str, why: str, steps: tuple[Step, ...]) -> Case:
    return Case(
        kind=_KIND,
        subject=_subject(function),
        title=title,
        steps=steps,
        why=why,
        promise=function.definition,
    )
