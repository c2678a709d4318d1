"""A run made by hand whose names try what a report must stand: quotes, brackets, controls."""

from __future__ import annotations

from pgassay.core.case import Accepted, Case, Outcome, Status, Step, Subject, Trial, Unproven
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    Progressed,
    RunFinished,
    RunStarted,
    Told,
)
from pgassay.core.finding import Finding, Severity
from pgassay.core.statement import Statement

HOSTILE = ('a"b', "<b>&amp;</b>", "\U0001f418 Straße", "bell\x07nul\x00esc\x1b[31m", "[red]x[/red]",
           "]]>", "two\nlines")  # fmt: skip


def case(name: str, kind: str = "unique") -> Case:
    return Case(
        kind=kind,
        subject=Subject(object=name, part="part"),
        title=f"{name} refused",
        steps=(Step(statement=Statement("select 1"), expect=Accepted()),),
    )


def finding(name: str, **more: object) -> Finding:
    fields: dict[str, object] = {
        "slug": "unique",
        "subject": Subject(object=name, part="part"),
        "title": f"{name} refused",
        "found": f"found {name}",
        "expected": f"expected {name}",
        "why": f"why {name}",
        "fix": f"fix {name}",
        "evidence": (f"evidence {name}",),
        "discriminator": f"{name} refused",
    }
    return Finding(**{**fields, **more})  # type: ignore[arg-type]  # the fields are named above


def a_red_run(system: str = "shop") -> list[Event]:
    """Every hostile name passes, fails, errs and stays unproven once; one finding is no case's."""
    events: list[Event] = [
        PhaseStarted(system=system, phase="routes"),
        RunStarted(command="gate", system=system, server="embedded: x", postgres="18.1",
                   seed=7, version="0"),
        PhaseFinished(system=system, phase="routes", seconds=0.5, counts={"cloned": 2}),
        PhaseStarted(system=system, phase="cases"),
    ]  # fmt: skip
    for number, name in enumerate(HOSTILE, 1):
        events.append(Progressed(system=system, phase="cases", done=number, total=len(HOSTILE)))
        events.append(Told(system=system, text=f"told {name}"))
        passed = Outcome(case=case(name, "check"), status=Status.PASSED, seconds=0.001)
        failed = Outcome(case=case(name), status=Status.FAILED, reason=f"reason {name}", step=0)
        erred = Outcome(case=case(name, "index"), status=Status.ERROR, reason=f"error {name}")
        subject = Subject(object=name)
        unproven = Unproven(kind="domain", subject=subject, title="t", reason=f"cannot {name}")
        left = Outcome(case=unproven, status=Status.UNPROVEN, reason=f"cannot {name}")
        events += [CaseFinished(system=system, outcome=o) for o in (passed, failed, erred, left)]
        events.append(FindingMade(system=system, finding=finding(name)))
    trial = Trial(kind="drift", subject=Subject(object=system), title="the routes agree")
    drift = finding("drifted", slug="drift")
    events += [
        CaseFinished(
            system=system,
            outcome=Outcome(case=trial, status=Status.FAILED, reason="r", findings=(drift,)),
        ),
        FindingMade(system=system, finding=drift),
        FindingMade(system=system, finding=finding("mild", severity=Severity.WARNING)),
        PhaseFinished(system=system, phase="cases", seconds=61.0, counts={"passed": 7}),
        RunFinished(system=system, passed=False, seconds=61.5, kept="postgresql://h/d"),
    ]
    return events


def a_clean_run(system: str = "clean") -> list[Event]:
    return [
        RunStarted(command="gate", system=system, server="embedded", postgres="18.1", seed=0,
                   version="0"),
        CaseFinished(system=system, outcome=Outcome(case=case("t"), status=Status.PASSED)),
        RunFinished(system=system, passed=True, seconds=0.01),
    ]  # fmt: skip
