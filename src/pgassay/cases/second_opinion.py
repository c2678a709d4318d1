"""A second opinion on a case that failed: does the contract's own database do the same?

A case is derived from a catalog, and a schema can be stranger than any derivation foresees. Where
the database that the models built gives the very answer that was held against the one that the
migrations built, the two do not differ, and the finding would be wrong: it is told as unproven.
Asked of failures alone, so that it costs nothing on a green run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.cases.judgement import described
from pgassay.core.case import Case, Outcome, Status, Unproven
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.statement import Refusal, Reply, Session

_ALWAYS_PROVEN = frozenset(["cascade", "key_update"])
# Which partitions exist is a rule and no part of the contract: its own database has none to ask.
_BUILT_ALONE = "partition_"
_BEGIN, _ROLLBACK = Statement("begin"), Statement("rollback")


def second_opinion(ask: Session, outcome: Outcome) -> Outcome:
    """Return the outcome, or UNPROVEN where the contract's database behaves in the same way.

    Args:
        ask: a session on a scratch database that holds the contract.
        outcome: of a case; only a failed one, or one whose needs were refused, is asked about.
    """
    case = outcome.case
    if not isinstance(case, Case) or outcome.status not in (Status.FAILED, Status.ERROR):
        return outcome
    if case.kind.startswith(_BUILT_ALONE):
        return outcome
    steps = [step.statement for step in case.steps]
    replies = ask.run_all([_BEGIN, *case.needs, *steps, _ROLLBACK])
    needs, answers = replies[1 : 1 + len(case.needs)], replies[1 + len(case.needs) : -1]
    refused = next((reply.refusal for reply in needs if reply.refusal), None)
    if outcome.status is Status.ERROR:
        # The reason ends with what the server said of the needs. They are rows of our own making:
        # whatever is wrong with them is no fault of the schema.
        same = refused is not None and outcome.reason.endswith(described(refused))
        fails = False
    else:
        same = refused is None and _same(outcome, answers)
        step = outcome.step or 0
        fails = same and case.kind in _ALWAYS_PROVEN and not _raised(answers[step].refusal)
    if not same:
        return outcome
    unproven = Unproven(
        kind=case.kind,
        subject=case.subject,
        title=case.title,
        reason=f"the contract's own database does the same: {outcome.reason}",
        fails=fails,
    )
    return replace(outcome, case=unproven, status=Status.UNPROVEN, reason=unproven.reason)


def _raised(refusal: Refusal | None) -> bool:
    """Whether the contract's own program refused (RAISE in a trigger): no constraint is named.

    What such a program lets through is its business, and no promise of the key.
    """
    return refusal is not None and not (refusal.constraint or refusal.table or refusal.column)


def _same(outcome: Outcome, answers: Sequence[Reply]) -> bool:
    step = outcome.step
    if step is None or step >= len(outcome.replies) or step >= len(answers):
        return False
    one, two = outcome.replies[step], answers[step]
    if one.refusal or two.refusal:
        return _named(one.refusal) == _named(two.refusal)
    return (one.rows, one.count) == (two.rows, two.count)


def _named(refusal: Refusal | None) -> tuple[str | None, ...]:
    if refusal is None:
        return ()
    return refusal.sqlstate, refusal.constraint, refusal.table, refusal.column
