"""Derived tests as pytest items. Cases run in one pipelined batch; each item reports its own.

The batch holds the cases that this session (or xdist worker) will report, so `-k`, `--lf` and a
single node id run just those.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from pgassay.core.case import Case, Outcome, Status, Trial, Unproven
from pgassay.core.errors import PgassayError
from pgassay.pytest_stands import StandCollector, Stands
from pgassay.run.evidence import findings_of
from pgassay.run.phases import trials_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pgassay.core.finding import Finding
    from pgassay.run.trial import Runnable
    from pgassay.testing import Suite


class SuiteCollector(StandCollector):
    """Collects what a `Suite` adopts."""

    def __init__(self, *, suite: Suite, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.suite = suite
        self.standing = False
        self._batch: Iterator[Outcome] | None = None
        self._known: dict[str, Outcome] = {}

    def collect(self) -> Iterator[pytest.Item]:
        """Derive the cases and the trials."""
        stand = Stands.of(self.config).get(self.suite.system, self.path.parent)
        for phase in self.suite.phases:
            if phase == "cases":
                for case in stand.cases(self.suite.kinds):
                    yield CaseItem.from_parent(self, name=f"{stand.name}: {case.name}", case=case)
            else:
                for trial in trials_of(stand, phase):
                    name = f"{stand.name}: {trial.trial.name}"
                    yield TrialItem.from_parent(self, name=name, runnable=trial)

    def setup(self) -> None:
        """Remember that the collectors above an item are set up."""
        self.standing = True

    def teardown(self) -> None:
        """Remember that they are no longer."""
        self.standing = False

    def outcome(self, item: CaseItem) -> Outcome:
        """Return the outcome of one case; the batch goes on until it is there.

        Asked a second time, as where a failure is tried again, the case runs anew, alone.
        """
        name = item.case.name
        if self._batch is None:
            self._batch = self._run(self._mine(item.session))
        try:
            while name not in self._known:
                outcome = next(self._batch, None)
                if outcome is None:
                    assert isinstance(item.case, Case)
                    self.give_back(*self._run([item.case]))
                else:
                    self.give_back(outcome)
        except BaseException:
            self._batch = None
            raise
        return self._known.pop(name)

    def give_back(self, *outcomes: Outcome) -> None:
        """Keep outcomes until somebody asks for them."""
        self._known.update((outcome.case.name, outcome) for outcome in outcomes)

    def _run(self, cases: Iterable[Case]) -> Iterator[Outcome]:
        stand = Stands.of(self.config).get(self.suite.system, self.path.parent)
        return stand.run_cases(cases, ahead=False)  # other tests run between two items

    def _mine(self, session: pytest.Session) -> Iterator[Case]:
        """Yield the suite's cases that the session will report, in its order."""
        together: dict[object, list[Case]] = {}
        for item in session.items:
            if isinstance(item, CaseItem) and item.parent is self and isinstance(item.case, Case):
                # random order must not tear apart what shares its rows
                together.setdefault(id(item.case.needs), []).append(item.case)
        return (case for group in together.values() for case in group)


class _Item(pytest.Item):
    """What cases and trials have in common."""

    parent: SuiteCollector

    def mark(self, kind: str) -> None:
        """Carry the marker, so that `-m pgassay` selects derived tests."""
        self.add_marker(_mark(self.parent.suite.system, kind))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | Any:
        """Show the finding, not pgassay's stack."""
        if isinstance(excinfo.value, BrokenPromise):
            return excinfo.value.told
        if isinstance(excinfo.value, PgassayError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where it stands; a line there must be, as pytest names it where a marker skips."""
        return self.path, 0, self.name

    def report(self, outcome: Outcome) -> None:
        """Pass, skip or fail as the outcome says."""
        findings = findings_of(outcome, self.parent.suite.system)
        if outcome.status is Status.UNPROVEN and not findings:
            pytest.skip(f"unproven: {outcome.reason}")
        if outcome.status is not Status.PASSED:
            self.user_properties.append(("reason", outcome.reason))
            raise BrokenPromise(findings)


class CaseItem(_Item):
    """One case."""

    def __init__(self, *, case: Case | Unproven, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        self.mark(case.kind)

    def runtest(self) -> None:
        """Report the case's outcome."""
        if isinstance(self.case, Unproven):
            outcome = Outcome(case=self.case, status=Status.UNPROVEN, reason=self.case.reason)
        else:
            outcome = self.parent.outcome(self)
        self.report(outcome)


class TrialItem(_Item):
    """One trial: drift of a route, a rule, a property, a schedule."""

    def __init__(self, *, runnable: Runnable, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.runnable = runnable
        self.trial: Trial = runnable.trial
        self.mark(self.trial.kind)

    def runtest(self) -> None:
        """Perform the trial."""
        self.report(self.runnable.run(self.parent.suite.system))


@cache
def _mark(system: str, kind: str) -> pytest.MarkDecorator:
    return pytest.mark.pgassay(system, kind)


class BrokenPromise(Exception):  # noqa: N818 - reads as what happened
    """Carries the findings of an item to its report."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.told = "\n\n".join(_told(finding) for finding in findings)
        super().__init__(self.told)


def _told(finding: Finding) -> str:
    parts = (
        ("found", finding.found),
        ("expected", finding.expected),
        ("matters", finding.why),
        ("fix", finding.fix),
        ("evidence", "\n".join(finding.evidence)),
    )
    lines = [f"{finding.severity} {finding.subject}: {finding.slug}: {finding.title}"]
    for label, text in parts:
        for number, line in enumerate(text.splitlines()):
            lines.append(f"  {label if number == 0 else '':<10}{line}")
    return "\n".join(lines)
