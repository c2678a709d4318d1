"""The parts of a validation: each stands on the same ground and yields events.

A part is a function from a `Ground` to an iterator of events, `PhaseStarted` first and
`PhaseFinished` last; `framed` puts both around what it has to tell. Adding one is a line below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Status
from pgassay.core.event import CaseFinished, Event, FindingMade, PhaseFinished, PhaseStarted
from pgassay.core.finding import Severity
from pgassay.run.migration.ground import Ground

if TYPE_CHECKING:
    from collections.abc import Mapping


class Company(Enum):
    """Who may be at work while a part is; a part that yields one of these goes on in it."""

    ALONE = "nobody: it measures how long something takes"
    OTHERS = "other parts: what it finds is the same on a slow machine"
    GONE = "nobody any more: it ends every session on the server"


PartEvents = Generator[Event | Company, None, None]
Part = Callable[[Ground], PartEvents]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a part is, in whose company it begins, and how long it takes beside other parts."""

    function: str
    company: Company = Company.OTHERS
    weight: int = 1


# By name, in the order in which they are told; imported when they run.
PARTS: Mapping[str, _Place] = {
    "trace": _Place("pgassay.run.migration.tracing:trace", Company.ALONE),
    "history": _Place("pgassay.run.migration.histories:histories", weight=5),
    "data": _Place("pgassay.run.migration.survival:data", weight=4),
    "adversaries": _Place("pgassay.run.migration.adversaries:adversaries", weight=2),
    "traffic": _Place("pgassay.run.migration.live:traffic", Company.ALONE, weight=7),
    "plans": _Place("pgassay.run.migration.plans:plans", weight=3),
    "rolling": _Place("pgassay.run.migration.rolling:rolling"),
    "killed": _Place("pgassay.run.migration.killing:killed", weight=6),
}


def part(name: str) -> Part:
    """Return the part of that name."""
    module, _, function = PARTS[name].function.partition(":")
    found: Part = getattr(import_module(module), function)
    return found


def framed(ground: Ground, phase: str, events: Iterable[Event | Company]) -> PartEvents:
    """Yield the events of one part as a phase, with its time and the number of its outcomes.

    The time for which it stands still, until it is alone or somebody takes an event, is none of it.
    """
    counts: Counter[str] = Counter()
    yield PhaseStarted(system=ground.name, phase=phase)
    seconds, since = 0.0, perf_counter()
    for event in events:
        seconds += perf_counter() - since
        match event:
            case CaseFinished(outcome=outcome):
                counts[_WORD.get(outcome.status, "failed")] += 1
            case FindingMade(finding=finding):
                counts[_COUNTED[finding.severity]] += 1
            case _:
                pass
        yield event
        since = perf_counter()
    seconds += perf_counter() - since
    yield PhaseFinished(system=ground.name, phase=phase, seconds=seconds, counts=dict(counts))


_COUNTED = {
    Severity.ERROR: "errors",
    Severity.WARNING: "warnings",
    Severity.INFO: "told for information",
}
_WORD = {Status.PASSED: "passed", Status.UNPROVEN: "unproven"}
