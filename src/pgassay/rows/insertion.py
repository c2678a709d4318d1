"""The statements that put rows in place, cycles included.

A reference to a row that comes later is closed afterwards by an UPDATE where it may be NULL, and
left to the end of the transaction where its foreign key is deferrable (SET CONSTRAINTS).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.catalog import Constraint
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

_WITHOUT_EQUALITY = frozenset(["json", "xml", "point", "line", "lseg", "box", "path", "polygon"])


def inserts(rows: Sequence[Row], standing: Sequence[Row] = ()) -> tuple[Statement, ...]:
    """Return what inserts the rows of a graph, parents first.

    Every reference must be met by one of the rows: one that none of them meets is left NULL
    where it may be, so that a graph without its last row can be put in place as well. Raises
    `Unsatisfiable` for a cycle that neither NULL nor a deferrable key opens.

    Args:
        rows: what is inserted.
        standing: rows that are there already, and that references may be met by.
    """
    deferred: dict[str, None] = {}
    inserted: list[Statement] = []
    closing: list[Statement] = []
    ordered = [*standing, *_ordered(rows)]
    for at, row in enumerate(ordered):
        if at < len(standing):
            continue
        later: dict[str, Value] = {}
        absent: dict[str, Value] = {}
        for key in row.table.foreign_keys:
            found = _met(row, key, ordered)
            if found is None or (found != _ABSENT and found <= at):
                continue
            free = _nullable(row, key)
            if free:
                into = absent if found == _ABSENT else later
                into |= {c: row.values[c] for c in free}
            elif key.deferrable:
                deferred[_qualified(row, key)] = None
        inserted.append(row.with_values(dict.fromkeys(absent | later)).insert())
        if later:
            closing.append(_update(row, later))
    opening = (Statement(f"set constraints {', '.join(deferred)} deferred"),) if deferred else ()
    return (*opening, *inserted, *closing)


def in_place(rows: Sequence[Row], standing: Sequence[Row] = ()) -> tuple[Statement, ...]:
    """Return what inserts the rows, and leaves every constraint with its own timing.

    What closes a cycle at the end of the transaction is deferred while the rows are inserted, and
    no longer: what follows must meet the constraints as they were declared.
    """
    whole = inserts(rows, standing)
    if not whole or not whole[0].sql.startswith("set constraints "):
        return whole
    waiting = dict.fromkeys(
        name
        for row in rows
        for key in row.table.foreign_keys
        if key.deferrable and not key.initially_deferred
        if (name := _qualified(row, key)) in whole[0].sql
    )
    if not waiting:
        return whole[1:]
    opening, ending = (
        Statement(f"set constraints {', '.join(waiting)} {when}")
        for when in ("deferred", "immediate")
    )
    return (opening, *whole[1:], ending)


_ABSENT = -1


def _ordered(rows: Sequence[Row]) -> list[Row]:
    """Put what a row cannot be inserted without before it; otherwise keep the order."""
    waiting = list(range(len(rows)))
    needed = {at: _hard(rows[at], at, rows) for at in waiting}
    placed: list[int] = []
    while waiting:
        ready = next((at for at in waiting if needed[at].keys() <= set(placed)), None)
        if ready is None:
            row = rows[waiting[0]]
            key = next(k for at, k in needed[waiting[0]].items() if at in waiting)
            raise Unsatisfiable(
                key.name,
                key.definition,
                where=str(row.table.name),
                why="it closes a cycle and is neither nullable nor deferrable",
            )
        waiting.remove(ready)
        placed.append(ready)
    return [rows[at] for at in placed]


def _hard(row: Row, own: int, rows: Sequence[Row]) -> dict[int, Constraint]:
    found: dict[int, Constraint] = {}
    for key in row.table.foreign_keys:
        met = _met(row, key, rows)
        if met is None or met in (_ABSENT, own):
            continue
        if not key.deferrable and not _nullable(row, key):
            found[met] = key
    return found


def _nullable(row: Row, key: Constraint) -> list[str]:
    return [c for c in key.columns if not row.table.column(c).not_null]


def _met(row: Row, key: Constraint, rows: Sequence[Row]) -> int | None:
    """Return the index of the row that a foreign key points to; None where it points nowhere."""
    if key.references is None or None in [row.values.get(column) for column in key.columns]:
        return None
    return next((at for at, other in enumerate(rows) if points_to(row, key, other)), _ABSENT)


def points_to(row: Row, key: Constraint, other: Row) -> bool:
    """Whether a foreign key of a row is met by another row."""
    return other.table.name == key.references and [
        row.values.get(column) for column in key.columns
    ] == [other.values.get(column) for column in key.referenced_columns]


def _qualified(row: Row, key: Constraint) -> str:
    return f"{quote(row.table.name.schema)}.{quote(key.name)}"


def _update(row: Row, changes: dict[str, Value]) -> Statement:
    sets = ", ".join(f"{quote(c)} = ${i}" for i, c in enumerate(changes, 1))
    known = {c: v for c, v in identity(row).items() if v is not None and c not in changes}
    where = " and ".join(f"{quote(c)} = ${i}" for i, c in enumerate(known, len(changes) + 1))
    sql = f"update {row.table.name.sql} set {sets} where {where or 'true'}"
    return Statement(sql, (*changes.values(), *known.values()))


def identity(row: Row) -> dict[str, Value]:
    """Return the values that tell the row from every other: a key's, or else all it has."""
    for kind in (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE):
        for key in row.table.of_kind(kind):
            if all(row.values.get(column) is not None for column in key.columns):
                return {column: row.values[column] for column in key.columns}
    return {
        name: value
        for name, value in row.values.items()
        if row.table.column(name).type.base not in _WITHOUT_EQUALITY
    }
