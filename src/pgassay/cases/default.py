"""A column that is left out gets the contract's default, or none.

What it finds: a default that is missing, was added, or gives another value; a time default that
follows the session's time zone where the contract's does not; a random one that does not vary.

Why it hurts: rows written without the column differ from what the models promise, and nothing
fails. `default current_timestamp` in a `timestamp` column stores the local time of whoever
inserts: hours off as soon as a session's time zone is not UTC.

Bad::

    created_at timestamp not null default current_timestamp

Good::

    created_at timestamp not null default timezone('utc', now())

How to fix: `alter table t alter column c set default …;` Rows that took the wrong one keep it.

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/ddl-default.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.cases.confirmation import over_tables
from pgassay.cases.ground import Ground, accepted, refused, told
from pgassay.core.case import Accepted, Case, Step, Unproven
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.insertion import inserts
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Column
    from pgassay.core.statement import Reply

KIND = "default"
_WHY = "rows written without the column differ from what the models promise, and nothing fails"
_ABROAD = Step(statement=Statement("set local time zone 'America/Los_Angeles'"), expect=Accepted())
_TIMES = frozenset(["timestamp", "timestamptz", "date", "time", "timetz"])
_SAMPLES = 20
_TOLERANCE = 60  # seconds


class _Manner(StrEnum):
    """How a default is proven."""

    STABLE = "stable"  # the same within one statement: compared with the expression itself
    MOVING = "moving"  # clock_timestamp(): near the expression
    UNIQUE = "unique"  # another value for each row
    VARYING = "varying"  # volatile, and yet the same now and then


@dataclass(frozen=True, slots=True)
class _Default:
    expression: str
    manner: _Manner
    text: str | None  # the value, where the expression calls nothing


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield for each column what it holds when it is left out.

    Sequences behind a default have cases of their own (`sequence`).
    """
    defaults = _read(source)
    return over_tables(KIND, source, lambda ground: _of_table(ground, defaults))


def expression_of(source: Source, column: Column) -> str | None:
    """Return the default of a column: its own, or else its domain's."""
    if column.default is not None:
        return column.default
    for domain in source.rows.types.domains(column.type):
        if domain.default is not None:
            return domain.default
    return None


def _read(source: Source) -> Mapping[tuple[str, str], _Default]:
    """Ask the contract's server about each default: how it varies, and its value."""
    wanted = list(
        dict.fromkeys(
            (expression, column.type.sql, column.type.base)
            for table in source.contract.roots()
            for column in table.columns
            if column.generated is None and column.identity is None
            if (expression := expression_of(source, column)) is not None
            if not expression.startswith("nextval(")
        )
    )
    replies = source.ask.run_all([Statement(_question(e, sql)) for e, sql, _ in wanted])
    return {
        (expression, sql): _Default(expression, *_judged(expression, base, reply))
        for (expression, sql, base), reply in zip(wanted, replies, strict=True)
        if not reply.refusal
    }


def _question(expression: str, sql: str) -> str:
    return (
        f"select count(distinct ({expression})::text), count(*), min((({expression})::{sql})::text)"
        f" from generate_series(1, {_SAMPLES})"
    )


def _judged(expression: str, base: str, reply: Reply) -> tuple[_Manner, str | None]:
    distinct, _, value = reply.rows[0]
    if distinct in ("0", "1"):
        plain = "(" not in _without_literals(expression) and base not in _TIMES
        return _Manner.STABLE, value if plain else None
    if base in _TIMES:
        return _Manner.MOVING, None
    return (_Manner.UNIQUE if distinct == str(_SAMPLES) else _Manner.VARYING), None


def _without_literals(expression: str) -> str:
    return "".join(expression.split("'")[::2])


def _of_table(
    ground: Ground, defaults: Mapping[tuple[str, str], _Default]
) -> Iterator[Case | Unproven]:
    absent: list[Column] = []
    for column in ground.table.columns:
        if column.generated is not None or column.identity is not None:
            continue
        expression = expression_of(ground.source, column)
        if expression is None:
            absent.append(column)
        elif expression.startswith("nextval("):
            yield _sequence(ground, column, expression)
        else:
            found = defaults.get((expression, column.type.sql))
            yield _present(ground, column, found, expression)
    yield from _absent(ground, absent)


def _present(
    ground: Ground, column: Column, default: _Default | None, expression: str
) -> Case | Unproven:
    if default is None or default.manner is _Manner.VARYING:
        reason = "the expression is volatile, and two rows may well get the same value"
        return ground.unproven(KIND, column, f"left out: {expression}", reason)
    if default.manner is _Manner.UNIQUE:
        return _unique(ground, column, expression)
    left_out = ground.row.without(column.name)
    name = quote(column.name)
    if default.text is not None:
        change = {column.name: default.text}
        if column.name in ground.keys and ground.expectations([change]) != [Accepted()]:
            return _referring(ground, column, default.text, expression)
        step = accepted(left_out.insert(f"{name}::text"), default.text)
        return ground.case(KIND, column, f"left out: {expression}", step, why=_WHY)
    value = f"(({expression})::{column.type.sql})"
    if default.manner is _Manner.MOVING:
        holds = f"abs(extract(epoch from {name} - {value})) < {_TOLERANCE}"
    else:
        holds = f"{name}::text is not distinct from {value}::text"
    step = accepted(left_out.insert(told(holds, expression, name)), expression)
    return ground.case(KIND, column, f"left out: {expression}", _ABROAD, step, why=_WHY)


def _referring(ground: Ground, column: Column, value: str, expression: str) -> Case | Unproven:
    """A default that refers to a row: that row has to be there."""
    title = f"left out: {expression}"
    try:
        rows = ground.source.rows.graph(ground.table, 1, values={column.name: value})
    except Unsatisfiable as none:
        return ground.unproven(KIND, column, title, str(none))
    steps = [Step(statement=s, expect=Accepted()) for s in inserts(rows[:-1])]
    read = f"{quote(column.name)}::text"
    last = accepted(rows[-1].without(column.name).insert(read), value)
    return ground.case(KIND, column, title, *steps, last, why=_WHY)


def _unique(ground: Ground, column: Column, expression: str) -> Case | Unproven:
    """Two rows, with parents of their own, must get two values."""
    title = f"left out: {expression}, another for each row"
    name = quote(column.name)
    keep = f"set_config('pgassay.first', {name}::text, true) is not null"
    differs = f"{name}::text is distinct from current_setting('pgassay.first')"
    try:
        second = ground.source.rows.graph(ground.table, 1)
    except Unsatisfiable as none:
        return ground.unproven(KIND, column, title, str(none))
    steps = [Step(statement=s, expect=Accepted()) for s in inserts(second[:-1])]
    first = accepted(ground.row.without(column.name).insert(keep), "t")
    read = told(differs, "another value", name)
    last = accepted(second[-1].without(column.name).insert(read), "another value")
    return ground.case(KIND, column, title, *steps, first, last, why=_WHY)


def _sequence(ground: Ground, column: Column, expression: str) -> Case:
    name = quote(column.name)
    current = "currval(" + expression.removeprefix("nextval(")
    read = told(f"{name} = {current}", expression, name)
    step = accepted(ground.row.without(column.name).insert(read), expression)
    return ground.case(KIND, column, f"left out: {expression}", step, why=_WHY)


def _absent(ground: Ground, columns: list[Column]) -> Iterator[Case | Unproven]:
    free = [c for c in columns if c.name in ground.nullable and ground.alone(c)]
    changes = [{c.name: None} for c in free]
    tried = ground.tried(changes) if free else []
    for column, (row, expect) in zip(free, tried, strict=True):
        if isinstance(expect, Accepted):
            insert = row.without(column.name).insert(f"{quote(column.name)}::text")
            step = accepted(insert, None)
            yield ground.case(KIND, column, "left out: NULL", step, why=_WHY)
    for column in columns:
        if column.name in ground.nullable:
            continue
        # A domain's own NOT NULL is reported with the domain, not with the column; and without a
        # default partition the server finds no place for the row before it looks at NOT NULL.
        placed = column.name not in ground.unplaced
        named = not any(d.not_null for d in ground.source.rows.types.domains(column.type))
        step = refused(
            ground.row.without(column.name).insert(),
            "23502" if placed else "23514",
            column=column.name if named and placed else None,
        )
        yield ground.case(KIND, column, "left out: refused, it has no default", step, why=_WHY)
