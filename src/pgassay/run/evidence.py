"""A failed case as a finding: what differed in words, and a script that shows it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Case, Outcome, Status, Unproven
from pgassay.core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIX = (
    "make the migrations build what the models promise (pgassay drift says what differs), "
    "or change the promise in the models"
)


def findings_of(outcome: Outcome, system: str) -> tuple[Finding, ...]:
    """Return the findings of an outcome; none where the promise was kept."""
    if outcome.findings or outcome.status is Status.PASSED:
        return outcome.findings
    case = outcome.case
    if isinstance(case, Unproven) and not case.fails:
        return ()
    return (
        Finding(
            slug=case.kind,
            system=system,
            subject=case.subject,
            title=case.title,
            found=_found(outcome),
            expected=_expected(outcome),
            why=case.why if isinstance(case, Case) else "",
            fix=_FIX,
            evidence=tuple(_script(case)) if isinstance(case, Case) else (),
            severity=Severity.ERROR,
            discriminator=case.title,
        ),
    )


def _found(outcome: Outcome) -> str:
    found, _ = _halves(outcome)
    if outcome.step and isinstance(outcome.case, Case):
        return f"step {outcome.step + 1} of {len(outcome.case.steps)}: {found}"
    return found


def _expected(outcome: Outcome) -> str:
    case = outcome.case
    if not isinstance(case, Case):
        return "a proof of this promise"
    _, wanted = _halves(outcome)
    return "\n".join(part for part in (wanted or case.title, case.promise) if part)


def _halves(outcome: Outcome) -> tuple[str, str]:
    """Return what a reason says was found, and what was expected; the server's words may be both.

    `judgement` puts the expectation last.
    """
    found, mark, wanted = outcome.reason.rpartition("; expected")
    if outcome.status is not Status.FAILED or not mark:
        return outcome.reason, ""
    return found, wanted.removeprefix(":").strip()


def _script(case: Case) -> Iterator[str]:
    """Yield the case as psql would run it against `pgassay serve`."""
    yield "begin;"
    for statement in case.needs:
        yield statement.script()
    for step in case.steps:
        yield step.statement.script()
    yield "rollback;"
