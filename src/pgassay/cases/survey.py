"""A survey: one statement that says of every row whether it is what was foretold.

The server compares, so that a value's text does not matter. Rows that the case did not make are
not asked about: a migration may have put some there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.population import unique_column_sets
from pgassay.core.case import Accepted, Step
from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import literal, quote
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pgassay.cases.referential import Effect
    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

GONE = "gone"
AS_FORETOLD = "as foretold"
WITHOUT_EQUALITY = frozenset(["json", "xml", "point", "line", "lseg", "box", "path", "polygon"])
_MOVING = frozenset(["timestamp", "timestamptz", "date", "time", "timetz"])


def survey(rows: Sequence[Row], effect: Effect) -> Step:
    """Return the step that compares every row with what an effect says of it.

    One row per row: its label, and `gone`, `as foretold` or the columns that differ.
    """
    parts, values, expected = [], list[str | None](), []
    labels = labelled(rows)
    for i, row in enumerate(rows):
        now = effect.now.get(i, row.values)
        parts.append(f"({i}, {literal(labels[i])}, {_state(row, now, values)})")
        expected.append((labels[i], GONE if i in effect.gone else AS_FORETOLD))
    sql = (
        f"select label, state from (values {', '.join(parts)}) as rows (place, label, state)"
        " order by place"
    )
    return Step(statement=Statement(sql, tuple(values)), expect=Accepted(returns=tuple(expected)))


def labelled(rows: Iterable[Row]) -> list[str]:
    """Return a name for each row: its table, and its number among the table's rows."""
    counts: dict[QualifiedName, int] = {}
    found = []
    for row in rows:
        counts[row.table.name] = counts.get(row.table.name, 0) + 1
        found.append(f"{row.table.name} {counts[row.table.name]}")
    return found


def identity(table: Table, values: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the columns by which a row is found: a key's without NULL, or all that compare."""
    keys = table.of_kind(ConstraintKind.PRIMARY_KEY) + table.of_kind(ConstraintKind.UNIQUE)
    for key in keys:
        if all(values.get(column) is not None for column in key.columns):
            return key.columns
    return tuple(
        name
        for name in values
        if (base := table.column(name).type.base) not in WITHOUT_EQUALITY and base not in _MOVING
    )


def where(table: Table, known: Mapping[str, Value], values: list[Value]) -> str:
    """Return a condition that finds a row, and append its parameters to `values`."""
    terms = []
    for column in identity(table, known):
        value = known[column]
        if value is None:
            terms.append(f"{quote(column)} is null")
        else:
            values.append(value)
            terms.append(f"{quote(column)} = ${len(values)}")
    return " and ".join(terms) or "true"


def _state(row: Row, now: Mapping[str, Value], values: list[Value]) -> str:
    found = where(row.table, now, values)
    compared = []
    for column in _related(row.table):
        if column in now:
            name = quote(column)
            values.append(now[column])
            shown = f"{literal(column + ' is ')} || coalesce({name}::text, 'NULL')"
            compared.append(f"case when {name} is distinct from ${len(values)} then {shown} end")
    differing = f"nullif(concat_ws(', ', {', '.join(compared)}), '')" if compared else "null"
    return (
        f"coalesce((select coalesce({differing}, '{AS_FORETOLD}')"
        f" from {row.table.name.sql} where {found}), '{GONE}')"
    )


def _related(table: Table) -> list[str]:
    """Return the columns that references fill or point to; others a trigger may move."""
    ours = {column for key in table.foreign_keys for column in key.columns}
    for columns in unique_column_sets(table):
        if columns & ours or len(columns) == 1:
            ours |= columns
    return [
        c.name
        for c in table.columns
        if c.name in ours and c.type.base not in WITHOUT_EQUALITY | _MOVING
    ]
