"""The console: what a person reads, on a pipe and on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from pgassay.core.case import Outcome, Status
from pgassay.core.event import CaseFinished, FindingMade, PhaseFinished, RunFinished, Told
from pgassay.report.console import ConsoleReport
from pgassay.report.figures import count, duration
from tests.unit.report.run_of_events import HOSTILE, a_clean_run, a_red_run, case, finding

if TYPE_CHECKING:
    from pgassay.core.finding import Finding


def printed(verbosity: int = 0, *, clean: bool = False, terminal: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, highlight=False, width=100)
    report = ConsoleReport(console, verbosity=verbosity)
    for event in a_clean_run() if clean else a_red_run():
        report.hear(event)
    report.close()
    assert report.passed is clean
    return out.getvalue()


def test_a_clean_run_ends_with_its_verdict() -> None:
    assert printed(clean=True).strip().splitlines()[-1] == "clean: clean  1 case in 10 ms"


def test_a_red_run_counts_its_findings_and_says_what_is_kept() -> None:
    text = printed()
    assert f"shop: {len(HOSTILE) + 1} findings" in text
    assert ", 1 warning" in text
    assert "kept: postgresql://h/d" in text
    assert "1 min 1 s" in text


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.isprintable()])
def test_names_are_printed_as_they_are_and_never_read_as_markup(name: str) -> None:
    text = printed()
    for part in ("found", "expected", "why", "fix", "evidence"):
        assert f"{part} {name}" in text


@pytest.mark.parametrize("terminal", [False, True])
def test_a_name_cannot_move_the_cursor_or_colour_the_terminal(*, terminal: bool) -> None:
    text = printed(2, terminal=terminal)
    assert "\x07" not in text
    assert "\x00" not in text
    assert "esc\x1b[31m" not in text


def test_a_pipe_gets_no_escape_codes_and_a_terminal_does() -> None:
    assert "\x1b" not in printed()
    assert "\x1b[1;31m" in printed(terminal=True)


def test_each_level_says_more() -> None:
    quiet, kinds, cases = printed(0), printed(1), printed(2)
    assert "domain" in kinds.split("shop: ")[0]
    assert 'passed   a"b.part: check' in cases
    assert 'passed   a"b.part: check' not in kinds
    assert len(quiet) < len(kinds) < len(cases)


def test_unproven_promises_are_never_silent() -> None:
    text = printed()
    assert f"unproven  {len(HOSTILE)} promises" in text
    assert 'cannot a"b' in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0004, "0 ms"), (0.0994, "99 ms"), (0.0996, "0.10 s"), (59.994, "59.99 s"),
     (59.996, "1 min 0 s"), (60, "1 min 0 s"), (125.9, "2 min 5 s")],
)  # fmt: skip
def test_durations_read_well(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counts_read_well() -> None:
    assert [count(n, "case") for n in (0, 1, 2143)] == ["0 cases", "1 case", "2,143 cases"]
    assert count(2, "index", "indexes") == "2 indexes"


def test_a_longer_report_shows_what_deletes_reach() -> None:
    out = io.StringIO()
    report = ConsoleReport(Console(file=out, highlight=False, width=100), verbosity=1)
    promise = "delete from users: orders deleted (orders.of); notes set null (notes.by)"
    cascade = replace(case("users", "cascade"), promise=promise)
    for event in a_clean_run():
        if isinstance(event, RunFinished):
            outcome = Outcome(case=cascade, status=Status.PASSED)
            report.hear(CaseFinished(system=event.system, outcome=outcome))
        report.hear(event)
    shown = [line.strip() for line in out.getvalue().splitlines()]
    at = shown.index("blast radius")
    assert shown[at + 1 : at + 4] == [
        "delete from users",
        "orders deleted (orders.of)",
        "notes set null (notes.by)",
    ]
    assert "blast radius" not in printed(1, clean=True)


def told(*findings: Finding, verbosity: int = 0, cut_short: bool = False) -> str:
    out = io.StringIO()
    report = ConsoleReport(Console(file=out, highlight=False, width=100), verbosity=verbosity)
    for event in a_clean_run():
        if isinstance(event, RunFinished):
            for one in findings:
                report.hear(FindingMade(system=event.system, finding=one))
            if cut_short:
                report.cut_short()
                break
        report.hear(event)
    report.close()
    return out.getvalue()


def test_much_evidence_is_shown_by_its_ends_and_whole_where_asked() -> None:
    script = tuple(f"insert {number};" for number in range(60))
    quiet = told(finding("users", evidence=script))
    assert "insert 0;" in quiet
    assert "insert 59;" in quiet
    assert "insert 30;" not in quiet
    assert "50 more lines: -v shows all" in quiet
    whole = told(finding("users", evidence=script), verbosity=1)
    assert all(line in whole for line in script)


def test_evidence_that_a_person_can_read_is_not_cut() -> None:
    script = tuple(f"insert {number};" for number in range(24))
    text = told(finding("users", evidence=script))
    assert all(line in text for line in script)
    assert "-v shows all" not in text


def test_a_long_line_of_evidence_is_cut_at_first() -> None:
    line = "x" * 5_000
    assert line not in told(finding("users", evidence=(line,)))
    assert "4,000 more characters" in told(finding("users", evidence=(line,)))
    assert line in told(finding("users", evidence=(line,)), verbosity=1)


def test_findings_that_say_the_same_are_told_once_with_every_title() -> None:
    same = [finding("users", title=title, found="42P07", fix="drop it") for title in ("a b", "c d")]
    other = finding("users", title="e f", found="23505", fix="drop it")
    quiet = told(*same, other)
    assert quiet.count("42P07") == 1
    assert "also      c d" in quiet
    assert quiet.count("23505") == 1
    assert told(*same, other, verbosity=1).count("42P07") == 2


def test_a_run_that_an_error_ends_still_tells_what_it_found() -> None:
    assert "found users" in told(finding("users"), cut_short=True)
    assert "error" not in told(cut_short=True)


def test_a_line_of_a_phase_fits_into_80_columns() -> None:
    out = io.StringIO()
    report = ConsoleReport(Console(file=out, highlight=False, width=80))
    counts = {"passed": 13_309, "failed": 1_000, "in error": 100, "unproven": 10}
    report.hear(PhaseFinished(system="s", phase="properties", seconds=754.2, counts=counts))
    assert len(out.getvalue().rstrip("\n")) < 80


def test_of_many_notes_the_first_are_told_and_the_rest_counted() -> None:
    def noted(verbosity: int) -> str:
        out = io.StringIO()
        report = ConsoleReport(Console(file=out, highlight=False, width=100), verbosity=verbosity)
        for number in range(30):
            report.hear(Told(system="s", text=f"note {number}"))
        report.hear(PhaseFinished(system="s", phase="plans", seconds=1.0))
        for number in range(9):  # after the last phase
            report.hear(Told(system="s", text=f"since {number}"))
        report.hear(RunFinished(system="s", passed=True, seconds=1.0))
        return out.getvalue()

    assert "note 7\n" in noted(0)
    assert "note 8\n" not in noted(0)
    assert "and 22 more notes: -v shows all" in noted(0)
    assert "and 1 more note: -v shows all" in noted(0)
    assert "note 29\n" in noted(1)
    assert "more notes" not in noted(1)


def test_several_systems_end_in_a_table() -> None:
    out = io.StringIO()
    report = ConsoleReport(Console(file=out, highlight=False, width=100))
    for event in (*a_clean_run(), *a_red_run()):
        report.hear(event)
    report.close()
    *_, head, clean, red, _ = [line.split() for line in out.getvalue().splitlines()]
    assert head == ["system", "verdict", "cases", "findings", "warnings", "time"]
    assert clean == ["clean", "clean", "1", "10", "ms"]
    assert red[:4] == ["shop", "findings", str(4 * len(HOSTILE) + 1), str(len(HOSTILE) + 1)]


@pytest.mark.parametrize("width", [50, 80, 200])
def test_a_phase_is_one_line_on_any_terminal(width: int) -> None:
    out = io.StringIO()
    report = ConsoleReport(Console(file=out, highlight=False, width=width))
    report.hear(PhaseFinished(system="s", phase="cases", seconds=7.0, counts={"passed": 900}))
    (line,) = out.getvalue().splitlines()
    assert len(line) <= width
