"""A trial and what performs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status, Trial
from pgassay.core.errors import TrialError
from pgassay.core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Runnable:
    """One trial with the function that performs it and returns its findings."""

    trial: Trial
    perform: Callable[[], Iterable[Finding]]

    def run(self, system: str) -> Outcome:
        """Perform it; a finding of severity ERROR fails the trial."""
        started = perf_counter()
        findings = tuple(replace(f, system=system) for f in self._findings())
        bad = [f for f in findings if f.severity is Severity.ERROR]
        return Outcome(
            case=self.trial,
            status=Status.FAILED if bad else Status.PASSED,
            reason="; ".join(f"{f.subject}: {f.title}" for f in bad),
            findings=findings,
            seconds=perf_counter() - started,
        )

    def _findings(self) -> Iterator[Finding]:
        """Yield what it finds; that it cannot be performed is a finding too."""
        try:
            yield from self.perform()
        except TrialError as error:
            yield Finding(
                slug=self.trial.kind,
                subject=self.trial.subject,
                title=self.trial.title,
                found=error.found,
                expected="a trial that can be performed on what was built",
                why=error.why or "what cannot be tried is not proven",
                fix=error.fix or "",
                evidence=(error.where,) if error.where else (),
                discriminator=self.trial.title,
            )
