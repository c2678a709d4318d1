"""A sequence starts, steps and ends as the contract says, and goes with its column.

What it finds: another start, increment or border, a cycle that nobody promised, an owner lost.

Why it hurts: a sequence that cycles hands out numbers that are taken; one without its owner stays
behind when the column goes, and `pg_dump` of the table alone leaves it out; one of a smaller type
ends early.

Bad::

    create sequence invoice_no maxvalue 9999 cycle;

Good::

    create sequence invoice_no as bigint owned by invoices.no;

How to fix: `alter sequence invoice_no no cycle maxvalue 9223372036854775807;`,
`alter sequence invoice_no owned by invoices.no;`

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/sql-createsequence.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.confirmation import confirmed
from pgassay.cases.ground import accepted, refused
from pgassay.core.case import Accepted, Case, Step, Subject, Unproven
from pgassay.core.names import literal
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Sequence

KIND = "sequence"
_WHY = "numbers that repeat or run out stop every insert that needs one"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the first numbers, the last one and what follows, and the owner of each sequence.

    ALTER SEQUENCE … RESTART is undone by a rollback, which setval() is not.
    """
    return confirmed(source, _cases(source))


def _cases(source: Source) -> Iterator[Case]:
    for sequence in source.contract.sequences:
        yield _first(sequence)
        yield _last(sequence)
        if sequence.owned_by is not None and sequence.owned_column is not None:
            yield _owner(sequence)


def _first(sequence: Sequence) -> Case:
    following = sequence.start + sequence.increment
    steps = [_restart(sequence, None), accepted(_next(sequence), str(sequence.start))]
    if sequence.minimum <= following <= sequence.maximum:
        steps.append(accepted(_next(sequence), str(following)))
        return _case(sequence, f"{sequence.start}, then {following}", *steps)
    return _case(sequence, f"{sequence.start}", *steps)


def _last(sequence: Sequence) -> Case:
    up = sequence.increment > 0
    last, first = (
        (sequence.maximum, sequence.minimum) if up else (sequence.minimum, sequence.maximum)
    )
    steps = [_restart(sequence, last), accepted(_next(sequence), str(last))]
    if sequence.cycle:
        steps.append(accepted(_next(sequence), str(first)))
        return _case(sequence, f"{last}, then {first} again", *steps)
    steps.append(refused(_next(sequence), "2200H"))
    return _case(sequence, f"{last} is the last", *steps)


def _owner(sequence: Sequence) -> Case:
    table, column = sequence.owned_by, sequence.owned_column
    assert table is not None  # only owned sequences come here
    statement = Statement(
        "select pg_catalog.pg_get_serial_sequence($1, $2)::pg_catalog.regclass"
        f" = {literal(sequence.name.sql)}::pg_catalog.regclass",
        (table.sql, column),
    )
    return _case(sequence, f"goes with {table}.{column}", accepted(statement, "t"))


def _restart(sequence: Sequence, at: int | None) -> Step:
    tail = "" if at is None else f" with {at}"
    statement = Statement(f"alter sequence {sequence.name.sql} restart{tail}")
    return Step(statement=statement, expect=Accepted())


def _next(sequence: Sequence) -> Statement:
    return Statement("select pg_catalog.nextval($1)", (sequence.name.sql,))


def _case(sequence: Sequence, title: str, *steps: Step) -> Case:
    cycle = "cycle" if sequence.cycle else "no cycle"
    return Case(
        kind=KIND,
        subject=Subject(object=str(sequence.name)),
        title=title,
        steps=steps,
        why=_WHY,
        promise=(
            f"{sequence.name} as {sequence.type} start {sequence.start}"
            f" increment {sequence.increment} minvalue {sequence.minimum}"
            f" maxvalue {sequence.maximum} {cycle}"
        ),
    )
