"""Between two runs: what is new, gone, worse, better; and silence where nothing is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    PhaseFinished,
    QueryMeasured,
    RunFinished,
)
from pgassay.core.finding import Severity
from pgassay.report.difference import changes
from pgassay.report.tally import Tallies
from tests.unit.report.events_of_all_kinds import a_full_run, started
from tests.unit.report.run_of_events import case, finding

if TYPE_CHECKING:
    from pgassay.core.finding import Finding


def told(before: list[Event], after: list[Event]) -> list[tuple[str, str, bool]]:
    """Return turn, what and whether it matters."""
    found = changes(Tallies(before).all, Tallies(after).all)
    return [(str(one.turn), one.what, one.matters) for one in found]


def run(*events: Event, command: str = "gate") -> list[Event]:
    return [started(command=command), *events,
            RunFinished(system="shop", passed=True, seconds=1.0)]  # fmt: skip


def made(found: Finding) -> Event:
    return FindingMade(system="shop", finding=found)


def plan(buffers: float, query: str = "latest") -> Event:
    return QueryMeasured(system="shop", query=query, asked="typical", figures={"buffers": buffers})


def ended(name: str, status: Status) -> Event:
    return CaseFinished(system="shop", outcome=Outcome(case=case(name), status=status, reason="r"))


def test_a_run_does_not_differ_from_itself() -> None:
    assert told(a_full_run(), a_full_run()) == []


def test_findings_are_new_and_gone() -> None:
    one, other = made(finding("a")), made(finding("b"))
    assert told(run(one), run(other)) == [("new", "error", True), ("gone", "error", False)]


def test_a_new_remark_is_told_and_is_not_red() -> None:
    remark = made(finding("a", severity=Severity.INFO))
    assert told(run(), run(remark)) == [("new", "info", False)]


def test_a_finding_that_reads_otherwise_is_the_same_one() -> None:
    assert told(run(made(finding("a"))), run(made(finding("a", found="other")))) == []


def test_a_finding_gets_worse_and_better() -> None:
    mild, bad = (made(finding("a", severity=s)) for s in (Severity.WARNING, Severity.ERROR))
    assert told(run(mild), run(bad)) == [("worse", "finding", True)]
    assert told(run(bad), run(mild)) == [("better", "finding", False)]


def test_what_is_proven_no_longer_is_worse() -> None:
    proven, unproven = ended("a", Status.PASSED), ended("a", Status.UNPROVEN)
    assert told(run(proven), run(unproven)) == [("worse", "case", True)]
    assert told(run(unproven), run(proven)) == [("better", "case", False)]
    assert told(run(proven), run()) == [("gone", "cases", False)]


def test_plans_are_judged_by_pages_and_noise_is_not() -> None:
    assert told(run(plan(100)), run(plan(200))) == [("worse", "plan", True)]
    assert told(run(plan(200)), run(plan(100))) == [("better", "plan", False)]
    assert told(run(plan(100)), run(plan(125))) == []
    assert told(run(plan(1)), run(plan(8))) == []
    assert told(run(plan(1)), run(plan(1, "other"))) == [
        ("new", "plan", False), ("gone", "plan", False)]  # fmt: skip


def test_a_run_or_a_phase_of_one_side_is_told() -> None:
    assert told(run(), run(command="bench")) == [("new", "run", False), ("gone", "run", False)]
    phase = PhaseFinished(system="shop", phase="indexes", seconds=1.0)
    assert told(run(phase), run(replace(phase, seconds=9.0))) == []
    assert told(run(phase), run()) == [("gone", "phase", False)]
