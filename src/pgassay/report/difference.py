"""What is new, gone, worse and better between two runs, from events. No clock is judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.core.case import Status
from pgassay.core.finding import Severity
from pgassay.report.figures import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.report.tally import Tally

_RANK = list(Severity)
_MORE, _PAGES = 1.2, 8.0  # as in baselines: what is less is noise


class Turn(StrEnum):
    """How something has changed."""

    NEW = "new"
    WORSE = "worse"
    GONE = "gone"
    BETTER = "better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not as it was.

    Args:
        turn: how.
        system: where.
        what: finding, case or plan.
        name: which.
        text: what it was and is, or what it says.
        matters: whether it makes the comparison red.
    """

    turn: Turn
    system: str
    what: str
    name: str
    text: str
    matters: bool = False


def changes(before: Sequence[Tally], after: Sequence[Tally]) -> list[Change]:
    """Return what changed from some runs to others, the worst first.

    Runs are matched by system and command; one that is on a side only is told as such.
    """
    then, now = _by_run(before), _by_run(after)
    found: list[Change] = []
    for key in then.keys() | now.keys():
        system = f"{key[0]} {key[1]}"
        if key not in then or key not in now:
            turn = Turn.GONE if key in then else Turn.NEW
            text = "it ran only before" if key in then else "it did not run before"
            found.append(Change(turn=turn, system=key[0], what="run", name=system, text=text))
            continue
        found += [
            *_phases(key[0], then[key], now[key]),
            *_findings(key[0], then[key], now[key]),
            *_cases(key[0], then[key], now[key]),
            *_plans(key[0], then[key], now[key]),
        ]
    order = list(Turn)
    return sorted(
        found, key=lambda c: (not c.matters, order.index(c.turn), c.system, c.what, c.name)
    )


def _by_run(tallies: Sequence[Tally]) -> dict[tuple[str, str], Tally]:
    return {(t.system, t.started.command): t for t in tallies if t.started is not None}


def _phases(system: str, then: Tally, now: Tally) -> Iterator[Change]:
    """Yield what was asked on one side only: its findings cannot be on the other."""
    old, new = ({phase.phase: None for phase in tally.phases} for tally in (then, now))
    for turn, here, there in ((Turn.GONE, old, new), (Turn.NEW, new, old)):
        for name in here:
            if name not in there:
                text = "it ran on one side only"
                yield Change(turn=turn, system=system, what="phase", name=name, text=text)


def _findings(system: str, then: Tally, now: Tally) -> Iterator[Change]:
    old = {finding.fingerprint: finding for finding in then.findings}
    new = {finding.fingerprint: finding for finding in now.findings}
    for mark, finding in new.items():
        was = old.get(mark)
        name = f"{finding.subject}: {finding.slug}"
        if was is None:
            yield Change(
                turn=Turn.NEW,
                system=system,
                what=str(finding.severity),
                name=name,
                text=finding.title,
                matters=finding.severity is not Severity.INFO,
            )
        elif was.severity is not finding.severity:
            worse = _RANK.index(finding.severity) < _RANK.index(was.severity)
            yield Change(
                turn=Turn.WORSE if worse else Turn.BETTER,
                system=system,
                what="finding",
                name=name,
                text=f"{finding.title}: {was.severity} → {finding.severity}",
                matters=worse,
            )
    for mark, finding in old.items():
        if mark not in new:
            yield Change(
                turn=Turn.GONE,
                system=system,
                what=str(finding.severity),
                name=f"{finding.subject}: {finding.slug}",
                text=finding.title,
            )


def _cases(system: str, then: Tally, now: Tally) -> Iterator[Change]:
    """Yield what is proven no longer, or now; what is only there on one side is counted by kind."""
    old = {outcome.case.name: outcome for outcome in then.outcomes}
    new = {outcome.case.name: outcome for outcome in now.outcomes}
    for name in old.keys() & new.keys():
        was, status = old[name].status, new[name].status
        # What fails is a finding, told as one.
        if was is not status and Status.UNPROVEN in (was, status):
            worse = status is Status.UNPROVEN
            text = f"{was} → {status}"
            yield Change(
                turn=Turn.WORSE if worse else Turn.BETTER,
                system=system,
                what="case",
                name=name,
                text=f"{text}: {new[name].reason}" if worse else text,
                matters=worse,
            )
    for turn, here, there in ((Turn.GONE, old, new), (Turn.NEW, new, old)):
        kinds: dict[str, int] = {}
        for name in here.keys() - there.keys():
            kind = here[name].case.kind
            kinds[kind] = kinds.get(kind, 0) + 1
        for kind, number in kinds.items():
            yield Change(
                turn=turn, system=system, what="cases", name=kind, text=count(number, "case")
            )


def _plans(system: str, then: Tally, now: Tally) -> Iterator[Change]:
    old = {(p.query, p.asked): p.figures.get("buffers", 0.0) for p in then.plans}
    new = {(p.query, p.asked): p.figures.get("buffers", 0.0) for p in now.plans}
    for (query, asked), buffers in new.items():
        name = f"{query} ({asked})"
        was = old.get((query, asked))
        if was is None:
            text = f"{buffers:,.0f} buffers"
            yield Change(turn=Turn.NEW, system=system, what="plan", name=name, text=text)
            continue
        more, less = max(buffers, was), min(buffers, was)
        if more > less * _MORE + _PAGES:
            worse = buffers > was
            yield Change(
                turn=Turn.WORSE if worse else Turn.BETTER,
                system=system,
                what="plan",
                name=name,
                text=f"{was:,.0f} → {buffers:,.0f} buffers",
                matters=worse,
            )
    for query, asked in old.keys() - new.keys():
        yield Change(turn=Turn.GONE, system=system, what="plan", name=f"{query} ({asked})", text="")
