"""A length limit holds at its border, in characters; text has none.

What it finds: a `varchar(n)`, `char(n)`, `bit(n)` or `varbit(n)` that takes less or more than the
contract says, and a text column that got a limit.

Why it hurts: a narrower column refuses values that the application's own validation let through;
a wider one stores what other systems then cut off. Limits count characters, not bytes: an
address of 255 letters é must fit into varchar(255).

Bad::

    name varchar(50)               -- the model says String(255)

Good::

    name varchar(255)

How to fix: `alter table t alter column name type varchar(255);` (widening rewrites nothing).

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/datatype-character.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.confirmation import over_tables
from pgassay.cases.ground import Ground, accepted, refused
from pgassay.core.case import Accepted, Case, Refused, Unproven
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Column, ColumnType

KIND = "length"
_WHY = "a limit that moved turns good values away, or lets in what others cut off"
_CHARACTERS = frozenset(["varchar", "bpchar"])
_BITS = frozenset(["bit", "varbit"])
_UNLIMITED = frozenset(["text", "varchar"])
_LONG = 70_000  # characters: more than any limit that people set
_LONGEST = 1_000_000  # characters: beyond it the proof costs more than it tells
_SIGN = "é"  # two bytes in UTF-8


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield n accepted and n + 1 refused for each limit, a long value accepted where none is."""
    return over_tables(KIND, source, _of_table)


def _of_table(ground: Ground) -> Iterator[Case | Unproven]:
    limited: list[tuple[Column, int]] = []
    for column in ground.table.columns:
        if column.generated is not None:
            continue
        kind = ground.source.rows.types.base_type(column.type)
        if kind.length is None:
            if kind.base in _UNLIMITED and not kind.array:
                limited.append((column, _LONG))
        elif kind.length > _LONGEST:
            reason = f"values of more than {_LONGEST} characters are not tried"
            yield ground.unproven(KIND, column, f"{kind.length} characters accepted", reason)
        elif kind.base in _CHARACTERS | _BITS:
            yield _too_long(ground, column, kind, kind.length)
            if not kind.array:
                limited.append((column, kind.length))
    yield from _at_border(ground, limited)


def _at_border(ground: Ground, limited: list[tuple[Column, int]]) -> Iterator[Case]:
    """Yield the longest value for each column, with what becomes of it."""
    if not limited:
        return
    types = ground.source.rows.types
    bits = {c.name: types.base_type(c.type).base in _BITS for c, _ in limited}
    changes = [{c.name: ("1" if bits[c.name] else _SIGN) * length} for c, length in limited]
    for (column, length), (row, expected) in zip(limited, ground.tried(changes), strict=True):
        what = "bits" if bits[column.name] else "characters"
        text = _repeated("1" if bits[column.name] else _SIGN, length)
        written = {column.name: f"{text}::varbit" if bits[column.name] else text}
        size = "length" if bits[column.name] else "char_length"
        if isinstance(expected, Accepted):
            insert = row.insert(f"{size}({quote(column.name)})", written=written)
            step = accepted(insert, str(length))
            yield ground.case(KIND, column, f"{length} {what} accepted", step, why=_WHY)
        elif isinstance(expected, Refused):
            # Another rule refuses the value, which proves that its length was let through.
            step = refused(
                row.insert(written=written),
                expected.sqlstate,
                constraint=expected.constraint,
            )
            title = f"{length} {what} refused by {expected.constraint or 'a constraint'} alone"
            yield ground.case(KIND, column, title, step, why=_WHY)


def _too_long(ground: Ground, column: Column, kind: ColumnType, length: int) -> Case:
    bits = kind.base in _BITS
    text = _repeated("1" if bits else _SIGN, length + 1)
    value = f"{text}::varbit" if bits else text
    written = {column.name: f"array[{value}]" if kind.array else value}
    sqlstate = "22026" if kind.base == "bit" else "22001"
    what = "bits" if bits else "characters"
    step = refused(ground.row.insert(written=written), sqlstate)
    return ground.case(KIND, column, f"{length + 1} {what} refused", step, why=_WHY)


def _repeated(sign: str, length: int) -> str:
    return f"repeat('{sign}', {length})"
