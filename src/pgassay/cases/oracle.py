"""The contract's own database as the oracle: what it does there, it must do as built.

For what cannot be foretold from a catalog (triggers, policies) the same statements are run on
the scratch database that holds the contract, inside a transaction that is rolled back, and its
answers become the expectations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Accepted, Refused, Step
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.case import Expectation
    from pgassay.core.statement import Reply, Session

    Answers = list[list[Reply]]

_BEGIN, _ROLLBACK = Statement("begin"), Statement("rollback")
_SAVEPOINT = Statement("savepoint pgassay_scenario")
_RETURN = Statement("rollback to savepoint pgassay_scenario")


def observed(
    ask: Session, needs: Sequence[Statement], scenarios: Sequence[Sequence[Statement]]
) -> Answers | None:
    """Return what the contract's database answers to each scenario on top of the same needs.

    One round trip. None where the needs are refused. The answers to a scenario end with its
    first refusal.
    """
    opening = [_BEGIN, *needs]
    script = list(opening)
    for scenario in scenarios:
        script += (_SAVEPOINT, *scenario, _RETURN)
    replies = ask.run_all([*script, _ROLLBACK])
    if any(reply.refusal for reply in replies[: len(opening)]):
        return None
    answers, at = [], len(opening)
    for scenario in scenarios:
        answers.append(_until_refused(replies[at + 1 : at + 1 + len(scenario)]))
        at += len(scenario) + 2
    return answers


def steps_like(
    statements: Sequence[Statement], answers: Sequence[Reply], columns: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Return the steps that expect the same answers, up to the first refusal.

    `columns` says what the values of the last statement are.
    """
    return tuple(
        Step(
            statement=statement,
            expect=_same(answer, columns if number == len(statements) else ()),
        )
        for number, (statement, answer) in enumerate(zip(statements, answers, strict=False), 1)
    )


def _until_refused(replies: Sequence[Reply]) -> list[Reply]:
    found = []
    for reply in replies:
        found.append(reply)
        if reply.refusal:
            break
    return found


def _same(answer: Reply, columns: tuple[str, ...]) -> Expectation:
    refusal = answer.refusal
    if refusal is None:
        # A SELECT that found nothing must find nothing; a command without RETURNING has no rows.
        reads = answer.rows or answer.count == 0
        return Accepted(returns=answer.rows if reads else None, count=answer.count, columns=columns)
    return Refused(sqlstate=refusal.sqlstate, constraint=refusal.constraint, column=refusal.column)
