"""Inputs put into a column, and what comes back: the contract's own server says what is right.

An input is read by the contract's type in the scratch database first. What is refused there must
be refused by the column, with the same SQLSTATE; what is taken must come back in the same form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.cases.confirmation import over_tables
from pgassay.cases.ground import accepted, refused, shown
from pgassay.core.case import Accepted, Refused
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.values import array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.cases.ground import Ground
    from pgassay.core.case import Case, Unproven
    from pgassay.core.catalog import Column, ColumnType
    from pgassay.core.statement import Reply

    Inputs = Callable[[ColumnType], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probing:
    """A kind that tries inputs by type.

    `inputs` gives the texts to try for a type, domains unwrapped; for an array each is tried as
    its only element. `takes` and `refuses` say which outcomes are cases of this kind; with
    `checks`, so is a value that the type takes and a CHECK or a reference then refuses, which
    proves that the type let it through.
    """

    kind: str
    why: str
    inputs: Inputs
    takes: bool = True
    refuses: bool = True
    checks: bool = False


def probed(source: Source, probing: Probing) -> Iterator[Case | Unproven]:
    """Yield a case for each column and each input of its type."""
    readings = _Readings(source, probing)
    return over_tables(probing.kind, source, lambda g: _of_table(g, probing, readings))


class _Readings:
    """What the contract's server makes of each input; one round trip for all types."""

    def __init__(self, source: Source, probing: Probing) -> None:
        types = source.rows.types
        found = (
            types.base_type(column.type)
            for table in source.contract.roots()
            for column in table.columns
            if column.generated is None
        )
        asked = dict.fromkeys(
            (kind.sql, value, read_back(kind, f"$1::{kind.sql}"))
            for kind in found
            for value in inputs_for(kind, probing.inputs)
        )
        replies = source.ask.run_all(
            [Statement(f"select {read}", (value,)) for _, value, read in asked]
        )
        self._replies = {
            (sql, value): reply for (sql, value, _), reply in zip(asked, replies, strict=True)
        }

    def of(self, kind: ColumnType, value: str) -> Reply:
        return self._replies[kind.sql, value]


def inputs_for(kind: ColumnType, inputs: Inputs) -> Iterable[str]:
    """Return the inputs for a type, in braces for an array."""
    found = inputs(kind)
    return [array((value,)) for value in found] if kind.array else found


def read_back(kind: ColumnType, expression: str) -> str:
    """Return SQL that reads a value in a form that no setting of the session changes."""
    if kind.base == "timestamptz" and not kind.array:
        return f"({expression}) at time zone 'UTC'"
    return expression


def _of_table(ground: Ground, probing: Probing, readings: _Readings) -> Iterator[Case | Unproven]:
    types = ground.source.rows.types
    taken: list[tuple[Column, str, str]] = []
    for column in ground.table.columns:
        if column.generated is not None:
            continue
        kind = types.base_type(column.type)
        for value in inputs_for(kind, probing.inputs):
            reply = readings.of(kind, value)
            if reply.refusal is None:
                taken.append((column, value, reply.rows[0][0] or ""))
            elif probing.refuses:
                step = refused(
                    ground.having({column.name: value}).insert(),
                    reply.refusal.sqlstate,
                )
                title = f"{shown(value)} refused"
                yield ground.case(probing.kind, column, title, step, why=probing.why)
    if taken and probing.takes:
        yield from _kept(ground, probing, taken)


def _kept(
    ground: Ground, probing: Probing, taken: Sequence[tuple[Column, str, str]]
) -> Iterator[Case]:
    changes = [{column.name: value} for column, value, _ in taken]
    for (column, value, read), (row, expect) in zip(taken, ground.tried(changes), strict=True):
        if isinstance(expect, Refused) and probing.checks:
            step = refused(row.insert(), expect.sqlstate, constraint=expect.constraint)
            title = f"{shown(value)} refused by {expect.constraint or 'another rule'} alone"
            yield ground.case(probing.kind, column, title, step, why=probing.why)
        if not isinstance(expect, Accepted):
            continue
        kind = ground.source.rows.types.base_type(column.type)
        returning = read_back(kind, quote(column.name))
        step = accepted(row.insert(returning), read)
        title = f"{shown(value)} kept" if read == value else f"{shown(value)} read as {shown(read)}"
        yield ground.case(probing.kind, column, title, step, why=probing.why)
