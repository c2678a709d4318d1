"""The contract's own database keeps each promise first.

A case that it does not keep would be a finding that is wrong on every database, so it is told as
unproven instead, with what the server said.
"""

from __future__ import annotations

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


def over_tables(
    kind: str,
    source: Source,
    derive_table: Callable[[Ground], Iterator[Case | Unproven]],
) -> Iterator[Case | Unproven]:
    """Yield what a kind derives for every table that is not a partition.

    A table for which no valid row was found is told as unproven.
    """
    for table in source.contract.roots():
        if table.kind is TableKind.FOREIGN:
            continue
        try:
            yield from confirmed(source, derive_table(Ground(source, table)))
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
    for needs, group in groupby(cases, key=lambda c: c.needs if isinstance(c, Case) else None):
        if needs is None:
            yield from group
        else:
            yield from _confirmed(source, [c for c in group if isinstance(c, Case)])


_BEGIN = Statement("begin")
_SAVEPOINT = Statement("savepoint pgassay_case")
_RESTORE = Statement("rollback to savepoint pgassay_case")
_ROLLBACK = Statement("rollback")


def _confirmed(source: Source, cases: list[Case]) -> Iterator[Case | Unproven]:
    opening = [_BEGIN, *cases[0].needs, _SAVEPOINT]
    statements = list(opening)
    for case in cases:
        statements += [_RESTORE, *(step.statement for step in case.steps)]
    replies = iter(source.ask.run_all([*statements, _ROLLBACK]))
    if any([next(replies).refusal for _ in opening]):  # noqa: C419 - all of them must be taken
        yield from cases
        return
    for case in cases:
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
