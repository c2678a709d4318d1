"""The contract's own database keeps each promise first.

A case that it does not keep would be a finding that is wrong on every database, so it is told as
unproven instead, with what the server said.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pgassay.cases.ground import Ground
from pgassay.cases.judgement import judge
from pgassay.core.case import Case, Status, Subject, Unproven
from pgassay.core.catalog import TableKind
from pgassay.core.statement import Statement
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.statement import Reply


def over_tables(
    kind: str,
    source: Source,
    derive_table: Callable[[Ground], Iterator[Case | Unproven]],
) -> Iterator[Case | Unproven]:
    """Yield what a kind derives for every table that is not a partition.

    A table for which no valid row was found is told as unproven.
    """
    return confirmed(source, _over_tables(kind, source, derive_table))


def _over_tables(
    kind: str,
    source: Source,
    derive_table: Callable[[Ground], Iterator[Case | Unproven]],
) -> Iterator[Case | Unproven]:
    for table in source.contract.roots():
        if table.kind is TableKind.FOREIGN:
            continue
        try:
            yield from derive_table(Ground(source, table))
        except Unsatisfiable as none:
            yield Unproven(
                kind=kind,
                subject=Subject(object=str(table.name)),
                title="no valid row",
                reason=str(none),
            )


def confirmed(source: Source, cases: Iterable[Case | Unproven]) -> Iterator[Case | Unproven]:
    """Let the contract's own database keep each promise first.

    What it does otherwise (a trigger writes the value, an index refuses it) is no promise of this
    kind: it becomes unproven, with what the server said, instead of a finding that is wrong.
    """
    flying: deque[_Group] = deque()
    ended: list[Unsatisfiable] = []
    try:
        for _, group in groupby(_as_far_as(cases, ended), key=_needs):
            flying.append(_begun(source, list(group)))
            if len(flying) > _AHEAD:
                yield from _settled(source, flying.popleft())
        while flying:
            yield from _settled(source, flying.popleft())
    finally:
        for left in flying:
            left.replies()
    if ended:
        raise ended[0]


def _as_far_as(
    cases: Iterable[Case | Unproven], ended: list[Unsatisfiable]
) -> Iterator[Case | Unproven]:
    """Yield the cases before one that no row was found for: they are promises all the same."""
    try:
        yield from cases
    except Unsatisfiable as none:
        ended.append(none)


@dataclass(frozen=True, slots=True)
class _Group:
    """Cases that share their needs, and what waits for the replies of the contract's database."""

    cases: list[Case | Unproven]
    replies: Callable[[], list[Reply]]


_AHEAD = 8  # groups that are sent and not read, while the next are derived
_BEGIN = Statement("begin")
_SAVEPOINT = Statement("savepoint pgassay_case")
_RESTORE = Statement("rollback to savepoint pgassay_case")
_ROLLBACK = Statement("rollback")


def _needs(case: Case | Unproven) -> tuple[Statement, ...] | None:
    return case.needs if isinstance(case, Case) else None


def _begun(source: Source, cases: list[Case | Unproven]) -> _Group:
    """Begin to ask for one group; nothing is asked for what is unproven already."""
    needs = _needs(cases[0])
    if needs is None:
        return _Group(cases, list)
    segments = [(_BEGIN, *needs, _SAVEPOINT)]
    segments += [
        (_RESTORE, *(step.statement for step in case.steps))
        for case in cases
        if isinstance(case, Case)
    ]
    segments.append((_ROLLBACK,))
    if source.ahead is not None:
        return _Group(cases, source.ahead.begin(segments))
    replies = source.ask.run_all([statement for segment in segments for statement in segment])
    return _Group(cases, lambda: replies)


def _settled(source: Source, group: _Group) -> Iterator[Case | Unproven]:
    replies = iter(group.replies())
    needs = _needs(group.cases[0])
    opening = [] if needs is None else [next(replies) for _ in (_BEGIN, *needs, _SAVEPOINT)]
    if needs is None or any(reply.refusal for reply in opening):
        yield from group.cases
        return
    for case in group.cases:
        assert isinstance(case, Case)
        next(replies)
        answers = [next(replies) for _ in case.steps]
        outcome = judge(case, answers, major=source.contract.major)
        if outcome.status is Status.PASSED:
            yield case
        else:
            yield Unproven(
                kind=case.kind,
                subject=case.subject,
                title=case.title,
                reason=f"the contract's own database does otherwise: {outcome.reason}",
            )
