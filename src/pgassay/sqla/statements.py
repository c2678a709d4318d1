"""SQLAlchemy statements as SQL text with `$1 … $n`, compiled for PostgreSQL.

A Core or ORM statement, an ORM query, or a function without arguments that returns one. Every
bound parameter becomes a parameter of the query, under its own name; one that carries a value
(`limit(20)`, `== "Pending"`) has that value for its constant source.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import ClauseElement

from pgassay.core.errors import ConfigError, suggestion
from pgassay.plans.query import QueryParameter, SourceKind, ValueSource

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.sql.compiler import ExpandedState


def compiled(statement: object, *, where: str = "") -> tuple[str, tuple[QueryParameter, ...]]:
    """Return the SQL of a statement and its parameters, in the order of their numbers.

    Args:
        statement: what SQLAlchemy can compile.
        where: what messages call it.

    Raises:
        ConfigError: it is no statement, or a value in it has no text.
    """
    if callable(statement) and not hasattr(statement, "compile"):
        statement = statement()
    element = getattr(statement, "statement", statement)  # of an ORM Query
    if not isinstance(element, ClauseElement):
        raise ConfigError(
            f"{type(statement).__name__} is no statement",
            where=where,
            expected="what SQLAlchemy's select(), insert(), update(), delete() or text() return",
        )
    dialect: Any = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy's own has no types
    try:
        made: Any = element.compile(dialect=dialect)
        # A parameter of which only the name is known has NULL until its source is asked.
        known = {name: bind.value for name, bind in made.binds.items()}
        state = made.construct_expanded_state(known)  # IN (…) is written out
    except SQLAlchemyError as failure:
        raise ConfigError(f"does not compile: {failure}", where=where) from failure
    names = state.positiontup or ()
    return state.statement, tuple(_parameter(name, state, f"{where}: {name}") for name in names)


def statement_at(path: str, root: Path) -> object:
    """Return what `module:attribute` holds; the module is imported from the project's folder.

    Raises:
        ConfigError: the module does not import, or has no such attribute.
    """
    name, _, attribute = path.partition(":")
    sys.path.insert(0, str(root))
    try:
        module = import_module(name)
    except Exception as failure:
        raise ConfigError(
            f"{name} does not import: {type(failure).__name__}: {failure}",
            where=path,
            expected="module:attribute, from the project's folder",
        ) from failure
    finally:
        sys.path.remove(str(root))
    if not attribute or not hasattr(module, attribute):
        names = [key for key in vars(module) if not key.startswith("_")]
        raise ConfigError(
            f'{name} has no "{attribute}"', where=path, expected=suggestion(attribute, names)
        )
    return getattr(module, attribute)


def _parameter(name: str, state: ExpandedState, where: str) -> QueryParameter:
    """Return the parameter of one bind; without a value it has no source of its own."""
    value = state.parameters.get(name)
    if value is None:
        return QueryParameter(name=name)
    process: Any = state.processors.get(name)
    source = ValueSource(
        kind=SourceKind.CONSTANT, text=_text(process(value) if process else value, where)
    )
    return QueryParameter(name=name, sources=(("typical", source),))


def _text(value: object, where: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, str | int | float) or type(value).__str__ is not object.__str__:
        return str(value)
    raise ConfigError(
        f"{value!r} has no text that the server could read",
        where=where,
        fix="give the parameter a source in the header",
    )
