"""Values inside and outside of a predicate, and whether two rows have one key: the server's word.

The predicate becomes one more CHECK of the table for as long as the search lasts, so that what
is found satisfies the real ones too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Constraint, ConstraintKind
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.conjuncts import conjuncts
from pgassay.rows.expression import names
from pgassay.rows.solution import TableRules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import IndexKey, Table
    from pgassay.core.statement import Value

    Pair = tuple[Mapping[str, Value], Mapping[str, Value]]


def mentioned(table: Table, expression: str | None) -> tuple[str, ...]:
    """Return the columns of a table that an expression mentions."""
    found = names(expression or "")
    return tuple(c.name for c in table.columns if c.name in found)


def values_where(
    source: Source,
    table: Table,
    predicate: str,
    *,
    number: int,
    holds: bool = True,
    fixed: Mapping[str, Value] | None = None,
) -> dict[str, Value]:
    """Return values of the columns a predicate mentions, for which it is true, or is not.

    Raises `Unsatisfiable` where a bounded search finds none.
    """
    text = f"({predicate})" if holds else f"NOT COALESCE(({predicate}), false)"
    # A CHECK lets NULL through; a predicate does not.
    expression = f"COALESCE({text}, false)" if holds else text
    columns = mentioned(table, predicate)
    check = Constraint(
        name="predicate",
        kind=ConstraintKind.CHECK,
        columns=columns,
        definition=predicate,
        expression=expression,
    )
    searched = replace(table, constraints=(*table.constraints, check))
    rules = TableRules(searched, source.rows.types, source.ask)
    wish = source.rows.wish(table, number, dict(fixed or {}), optional=False)
    solved = rules.solve(wish)
    return {name: solved[name] for name in columns if name in solved}


def apart(predicate: str | None) -> Iterator[tuple[str, str]]:
    """Yield for each part of a predicate what it is called, and a condition where it fails alone.

    All other parts hold there: a predicate that lost one of them takes such rows in.
    """
    parts = conjuncts(predicate) if predicate else ()
    for part in parts:
        others = [f"({other})" for other in parts if other != part]
        name = "the predicate" if len(parts) == 1 else part
        yield name, " AND ".join([f"NOT COALESCE(({part}), false)", *others])


def same_key(source: Source, table: Table, key: IndexKey, pair: Pair) -> bool:
    """Whether two rows have the same value in one key of an index."""
    return operator_holds(source, table, key, "is not distinct from", pair)


def operator_holds(source: Source, table: Table, key: IndexKey, operator: str, pair: Pair) -> bool:
    """Whether an operator holds between two rows' values of one key of an index."""
    expression = quote(key.column) if key.column else f"({key.expression})"
    columns: tuple[str, ...] = (key.column,) if key.column else mentioned(table, key.expression)
    generated = table.column(key.column).generated if key.column else None
    if generated is not None:
        expression, columns = f"({generated})", mentioned(table, generated)
    parameters: list[Value] = []
    left, right = (_side(table, expression, columns, row, parameters) for row in pair)
    reply = source.ask.run(Statement(f"select {left} {operator} {right}", tuple(parameters)))
    return bool(reply.rows) and reply.rows[0][0] == "t"


def _side(
    table: Table,
    expression: str,
    columns: Sequence[str],
    row: Mapping[str, Value],
    parameters: list[Value],
) -> str:
    shown = []
    for name in columns:
        column = table.column(name)
        parameters.append(row.get(name))
        collate = f" collate {column.collation.sql}" if column.collation else ""
        shown.append(f"${len(parameters)}::{column.type.sql}{collate} as {quote(name)}")
    return f"(select {expression} from (select {', '.join(shown)}) as one_row)"
