"""Which of many tried values become cases: what a CHECK names, and what lies just beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Unproven
from pgassay.rows.rules import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.case import Subject
    from pgassay.rows.rules import Rule
    from pgassay.rows.solution import Trial

_NAMED = 60  # values that the expression itself lists
_BESIDE = 8  # others, for each verdict


def boundary(trials: Sequence[Trial], named: frozenset[str]) -> list[Trial]:
    """Return the trials that show a rule's border, in the order in which they were tried.

    A trial is taken if it brings a value of some column that no taken one with the same verdict
    has. Where another rule refuses the row first nothing would be told, so it is left out.
    """
    taken: list[Trial] = []
    seen: set[tuple[Verdict, str, str | None]] = set()
    counts: dict[tuple[Verdict, bool], int] = {}
    for trial in trials:
        if trial.before or trial.verdict is Verdict.ERROR:
            continue
        new = {(trial.verdict, name, value) for name, value in trial.values.items()} - seen
        listed = all(value in named for value in trial.values.values())
        count = counts.get((trial.verdict, listed), 0)
        if new and count < (_NAMED if listed else _BESIDE):
            taken.append(trial)
            seen |= new
            counts[trial.verdict, listed] = count + 1
    return taken


def gaps(
    kind: str, subject: Subject, rule: Rule, trials: Sequence[Trial], taken: Sequence[Trial]
) -> Iterator[Unproven]:
    """Yield what no trial showed: every rule must let something through and refuse something."""
    for missing, passes in (("accepted", True), ("refused", False)):
        if any(trial.verdict.passes is passes for trial in taken):
            continue
        hidden = sorted({t.before for t in trials if t.verdict.passes is passes and t.before})
        found = f"every row found is refused by {', '.join(hidden)}" if hidden else "no row found"
        yield Unproven(
            kind=kind,
            subject=subject,
            title=f"nothing {missing}",
            reason=f"{found}, though {rule.text} should have it {missing}",
        )
