"""A trial and what performs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status, Trial
from pgassay.core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Runnable:
    """One trial with the function that performs it and returns its findings."""

    trial: Trial
    perform: Callable[[], Iterable[Finding]]

    def run(self, system: str) -> Outcome:
        """Perform it; a finding of severity ERROR fails the trial."""
        started = perf_counter()
        findings = tuple(replace(f, system=system) for f in self.perform())
        bad = [f for f in findings if f.severity is Severity.ERROR]
        return Outcome(
            case=self.trial,
            status=Status.FAILED if bad else Status.PASSED,
            reason="; ".join(f"{f.subject}: {f.title}" for f in bad),
            findings=findings,
            seconds=perf_counter() - started,
        )
