"""The parts of a validation: each stands on the same ground and yields events.

A part is a function from a `Ground` to an iterator of events, `PhaseStarted` first and
`PhaseFinished` last; `framed` puts both around what it has to tell. Adding one is a line below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Status
from pgassay.core.event import CaseFinished, Event, FindingMade, PhaseFinished, PhaseStarted
from pgassay.core.finding import Severity
from pgassay.run.migration.ground import Ground

if TYPE_CHECKING:
    from collections.abc import Mapping

Part = Callable[[Ground], Iterator[Event]]

# Name → module and function, in the order in which they run; imported when they do.
PARTS: Mapping[str, str] = {
    "trace": "pgassay.run.migration.tracing:trace",
    "history": "pgassay.run.migration.histories:histories",
    "data": "pgassay.run.migration.survival:data",
    "adversaries": "pgassay.run.migration.adversaries:adversaries",
    "traffic": "pgassay.run.migration.live:traffic",
    "plans": "pgassay.run.migration.plans:plans",
    "rolling": "pgassay.run.migration.rolling:rolling",
    # The last one: it crashes the server, and no session outlives that.
    "killed": "pgassay.run.migration.killing:killed",
}


def part(name: str) -> Part:
    """Return the part of that name."""
    module, _, function = PARTS[name].partition(":")
    found: Part = getattr(import_module(module), function)
    return found


def framed(ground: Ground, phase: str, events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events of one part as a phase, with its time and the number of its outcomes."""
    started = perf_counter()
    counts: Counter[str] = Counter()
    yield PhaseStarted(system=ground.name, phase=phase)
    for event in events:
        match event:
            case CaseFinished(outcome=outcome):
                counts[_WORD.get(outcome.status, "failed")] += 1
            case FindingMade(finding=finding):
                counts[_COUNTED[finding.severity]] += 1
            case _:
                pass
        yield event
    yield PhaseFinished(
        system=ground.name, phase=phase, seconds=perf_counter() - started, counts=dict(counts)
    )


_COUNTED = {
    Severity.ERROR: "errors",
    Severity.WARNING: "warnings",
    Severity.INFO: "told for information",
}
_WORD = {Status.PASSED: "passed", Status.UNPROVEN: "unproven"}
