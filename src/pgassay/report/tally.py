"""The tally of a run: what several reports count in the same way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    PhaseFinished,
    QueryMeasured,
    RevisionTraced,
    RunFinished,
    RunStarted,
    StallSeen,
    StatisticsCompared,
    TablePopulated,
    Told,
    TrafficSeen,
)
from pgassay.core.exhibit import Exhibit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.case import Outcome, Status
    from pgassay.core.finding import Finding, Severity
    from pgassay.core.nearness import ColumnNearness
    from pgassay.core.trace import RevisionTrace

E = TypeVar("E", bound=Exhibit)


@dataclass(slots=True)
class Tally:
    """Everything of one system's run that is told at its end."""

    started: RunStarted | None = None
    finished: RunFinished | None = None
    phases: list[PhaseFinished] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    plans: list[QueryMeasured] = field(default_factory=list)
    tables: list[TablePopulated] = field(default_factory=list)
    nearness: list[ColumnNearness] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)
    others: list[Event] = field(default_factory=list)
    traces: list[RevisionTrace] = field(default_factory=list)
    traffic: list[TrafficSeen] = field(default_factory=list)
    stalls: list[StallSeen] = field(default_factory=list)
    by_case: dict[int, list[Finding]] = field(default_factory=dict)
    _after_case: bool = False

    @property
    def system(self) -> str:
        """The system's name; `?` of a run that has not started."""
        return self.started.system if self.started else "?"

    @property
    def cut_short(self) -> bool:
        """Whether the run has no verdict."""
        return self.finished is None

    @property
    def passed(self) -> bool:
        """Whether the run has ended clean."""
        return bool(self.finished and self.finished.passed)

    def of_severity(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity."""
        return [finding for finding in self.findings if finding.severity is severity]

    def seen(self, kind: type[E]) -> list[E]:
        """Return the exhibits of one kind."""
        return [exhibit for exhibit in self.exhibits if isinstance(exhibit, kind)]

    def hear(self, event: Event) -> None:
        """Count one event."""
        self._tie_to_case(event)
        match event:
            case RunStarted():
                self.started = event
            case RunFinished():
                self.finished = event
            case PhaseFinished():
                self.phases.append(event)
            case CaseFinished():
                self.outcomes.append(event.outcome)
            case TablePopulated():
                self.tables.append(event)
            case StatisticsCompared():
                self.nearness.append(event.nearness)
            case FindingMade():
                self.findings.append(event.finding)
            case QueryMeasured():
                self.plans.append(event)
            case _:
                self._hear_of_migration(event)

    def _tie_to_case(self, event: Event) -> None:
        """Keep the findings of its kind that follow a case as its own (`by_case`)."""
        if not isinstance(event, FindingMade):
            self._after_case = isinstance(event, CaseFinished)
        elif self._after_case and event.finding.slug == self.outcomes[-1].case.kind:
            self.by_case.setdefault(len(self.outcomes) - 1, []).append(event.finding)

    def _hear_of_migration(self, event: Event) -> None:
        match event:
            case RevisionTraced():
                self.traces.append(event.trace)
            case TrafficSeen():
                self.traffic.append(event)
            case StallSeen():
                self.stalls.append(event)
            case _:
                self._note(event)

    def _note(self, event: Event) -> None:
        if isinstance(event, Told):
            self.told.append(event.text)
        elif isinstance(event, Exhibit):
            self.exhibits.append(event)
        else:
            self.others.append(event)

    def by_kind(self) -> dict[str, Counter[Status]]:
        """Return how many cases of each kind ended how, by kind."""
        table: dict[str, Counter[Status]] = {}
        for outcome in self.outcomes:
            table.setdefault(outcome.case.kind, Counter())[outcome.status] += 1
        return dict(sorted(table.items()))

    def seconds_by_kind(self) -> dict[str, float]:
        """Return the seconds spent in the cases of each kind."""
        table: dict[str, float] = {}
        for outcome in self.outcomes:
            table[outcome.case.kind] = table.get(outcome.case.kind, 0.0) + outcome.seconds
        return table


class Tallies:
    """The tallies of all systems that a command runs, one after the other."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.all: list[Tally] = []
        for event in events:
            self.hear(event)

    def hear(self, event: Event) -> None:
        """Count one event; before a run has started there is nothing to count."""
        if isinstance(event, RunStarted):
            self.all.append(Tally())
        if self.all:
            self.all[-1].hear(event)
