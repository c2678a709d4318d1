"""The console: quiet, one line per phase, failures in full, a verdict at the end.

Colour and cursor movement only on a terminal, and none under NO_COLOR (rich sees to both).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from pgassay.core.case import Case, Outcome, Status
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    Progressed,
    RevisionTraced,
    RunFinished,
    RunStarted,
    Told,
)
from pgassay.core.finding import Finding, Severity
from pgassay.report.figures import count, duration, shown
from pgassay.report.tally import Tally
from pgassay.report.trace import trace_lines
from pgassay.report.traffic import seen_lines

if TYPE_CHECKING:
    from rich.status import Status as Spinner

    from pgassay.core.trace import RevisionTrace

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
# What a person reads of the evidence at first: lines of it, and characters of a line.
_MUCH, _FIRST, _LAST, _LONG = 24, 4, 6, 1_000
_NOTES = 8  # of a phase
# Columns: figures of a phase, at least and at most, and what stands beside them.
_NARROW, _FIGURES, _BESIDE = 20, 54, 25


class ConsoleReport:
    """Prints a run to a terminal or a pipe.

    Args:
        console: where to print.
        verbosity: 0 one line per phase, 1 one line per kind of case, 2 every case.
    """

    def __init__(self, console: Console | None = None, *, verbosity: int = 0) -> None:
        self._console = console or Console(highlight=False)
        self._verbosity = verbosity
        self._tally = Tally()
        self._spinner: Spinner | None = None
        self._ended: list[Tally] = []
        self._told = 0

    def hear(self, event: Event) -> None:
        """Print what this event has to say."""
        if isinstance(event, RunStarted):
            self._tally = Tally()
        self._tally.hear(event)
        match event:
            case RunStarted():
                self._open(event)
            case PhaseStarted() | Progressed():
                self._busy(_busy_with(event))
            case Told(text=text):
                self._tell(text)
            case CaseFinished(outcome=outcome) if self._verbosity > 1:
                self._case(outcome)
            case PhaseFinished():
                self._phase(event)
            case RevisionTraced(trace=trace):
                self._trace(trace)
            case FindingMade(finding=finding) if finding.severity is not Severity.INFO:
                self._idle()
            case RunFinished():
                self._close(event)
            case _:
                self._seen(event)

    def cut_short(self) -> None:
        """Print the findings of a run that an error ends before its verdict."""
        self._idle()
        if self._tally.finished is None:
            self._findings()
            if self._tally.findings:
                self._line()

    def close(self) -> None:
        """Take the spinner away; of several systems, print how each has ended."""
        self._idle()
        if len(self._ended) > 1:
            self._systems()
        self._ended = []

    @property
    def passed(self) -> bool:
        """Whether the last run that ended was clean."""
        return bool(self._tally.finished and self._tally.finished.passed)

    def _line(self, text: str = "", style: str | None = None) -> None:
        self._console.print(text, style=style, soft_wrap=True)

    def _busy(self, text: str) -> None:
        if not self._console.is_terminal:
            return
        if self._spinner is None:
            self._spinner = self._console.status(text)
            self._spinner.start()
        else:
            self._spinner.update(text)

    def _idle(self) -> None:
        if self._spinner is not None:
            self._spinner.stop()
            self._spinner = None

    def _open(self, event: RunStarted) -> None:
        self._idle()
        seed = "" if event.command == "check" else f", seed {event.seed}"  # nothing is random there
        head = f"PostgreSQL {event.postgres}{seed}"
        self._line(f"[bold]{shown(event.system)}[/]  {shown(head)}")
        self._line(f"  {shown(event.server)}", "dim")

    def _trace(self, trace: RevisionTrace) -> None:
        self._idle()
        for text, style in trace_lines(trace, verbose=self._verbosity > 0):
            self._line(shown(text), style)
        self._line()

    def _seen(self, event: Event) -> None:
        for text, style in seen_lines(event, verbose=self._verbosity > 0):
            self._idle()
            self._line(f"  {shown(text)}", style)

    def _case(self, outcome: Outcome) -> None:
        style = {Status.PASSED: "green", Status.UNPROVEN: "yellow"}.get(outcome.status, "red")
        self._line(f"    [{style}]{outcome.status:<9}[/]{shown(outcome.case.name)}")

    def _phase(self, event: PhaseFinished) -> None:
        figures = ", ".join(f"{number:,} {name}" for name, number in event.counts.items() if number)
        self._rest_of_notes()
        room = max(_NARROW, min(_FIGURES, self._console.width - _BESIDE))
        self._line(f"  {event.phase:<12}{figures:<{room}}{duration(event.seconds):>10}")

    def _close(self, event: RunFinished) -> None:
        self._idle()
        self._rest_of_notes()
        if self._verbosity:
            self._kinds()
            self._blast_radius()
        self._findings()
        unproven = [o for o in self._tally.outcomes if o.status is Status.UNPROVEN]
        if unproven:
            self._unproven(unproven)
        self._verdict(event)
        self._ended.append(self._tally)

    def _tell(self, text: str) -> None:
        """Print a note; without -v the first few of a phase, and how many more there are."""
        self._told += 1
        if self._verbosity or self._told <= _NOTES:
            self._line(f"  {shown(text)}", "dim")

    def _rest_of_notes(self) -> None:
        left = self._told - _NOTES
        if left > 0 and not self._verbosity:
            self._line(f"  and {count(left, 'more note')}: -v shows all", "dim")
        self._told = 0

    def _systems(self) -> None:
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("system", overflow="fold")
        table.add_column("verdict")
        for column in ("cases", "findings", "warnings", "time"):
            table.add_column(column, justify="right")
        for tally in self._ended:
            bad = len(tally.of_severity(Severity.ERROR))
            mild = len(tally.of_severity(Severity.WARNING))
            table.add_row(
                shown(tally.system),
                "[green]clean[/]" if tally.passed else "[red]findings[/]",
                f"{len(tally.outcomes):,}",
                f"[red]{bad:,}[/]" if bad else "",
                f"[yellow]{mild:,}[/]" if mild else "",
                duration(tally.finished.seconds) if tally.finished else "",
            )
        self._console.print(table)
        self._line()

    def _kinds(self) -> None:
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("kind")
        for column in ("cases", "failed", "unproven", "time"):
            table.add_column(column, justify="right")
        seconds = self._tally.seconds_by_kind()
        for kind, counter in self._tally.by_kind().items():
            failed = counter[Status.FAILED] + counter[Status.ERROR]
            table.add_row(
                kind,
                f"{counter.total():,}",
                f"[red]{failed:,}[/]" if failed else "",
                f"[yellow]{counter[Status.UNPROVEN]:,}[/]" if counter[Status.UNPROVEN] else "",
                duration(seconds[kind]),
            )
        self._console.print(Padding(table, (1, 2)))

    def _blast_radius(self) -> None:
        """Print what a delete reaches, as the cases of cascades have proven it."""
        cases = (o.case for o in self._tally.outcomes if o.case.kind == "cascade")
        promises = dict.fromkeys(
            case.promise
            for case in cases
            if isinstance(case, Case) and case.promise.startswith("delete from ")
        )
        if not promises:
            return
        self._line("  blast radius", "dim")
        for promise in promises:
            head, reached = promise.split(": ", 1)
            self._line(f"  {shown(head)}")
            for reach in reached.split("; "):
                self._line(f"    {shown(reach)}")
        self._line()

    def _findings(self) -> None:
        for finding, also in self._together():
            self._finding(finding, also)

    def _together(self) -> list[tuple[Finding, list[str]]]:
        """Return the findings, and with each the titles of those that say the same after it."""
        told: list[tuple[Finding, list[str]]] = []
        for finding in self._tally.findings:
            last = told[-1] if told and not self._verbosity else None
            if last and _alike(last[0]) == _alike(finding):
                last[1].append(finding.title)
            else:
                told.append((finding, []))
        return told

    def _finding(self, finding: Finding, also: list[str]) -> None:
        style = _STYLE[finding.severity]
        self._line()
        self._line(
            f"[{style}]{finding.severity}[/] [bold]{shown(str(finding.subject))}[/]  "
            f"{shown(finding.slug)}: {shown(finding.title)}"
        )
        parts = (
            ("found", finding.found),
            ("expected", finding.expected),
            ("matters", finding.why),
            ("fix", finding.fix),
            ("source", finding.source or ""),
            ("accept", finding.accept),
        )
        for label, text in parts:
            for number, line in enumerate(text.splitlines() if text else ()):
                self._line(f"  [dim]{label if number == 0 else '':<10}[/]{shown(line)}")
        for label, lines in (("also", also), ("evidence", self._evidence(finding))):
            for number, line in enumerate(lines):
                self._line(f"  [dim]{label if number == 0 else '':<10}[/]{shown(line)}")

    def _evidence(self, finding: Finding) -> list[str]:
        """Return the evidence; without -v its first and last lines, each cut where it is long."""
        lines = [line for part in finding.evidence for line in part.splitlines() or [part]]
        if self._verbosity:
            return lines
        if len(lines) > _MUCH:
            left = len(lines) - _FIRST - _LAST
            more = f"-- … {left} more lines: -v shows all"
            lines = [*lines[:_FIRST], more, *lines[-_LAST:]]
        return [
            line
            if len(line) <= _LONG
            else f"{line[:_LONG]} … {len(line) - _LONG:,} more characters"
            for line in lines
        ]

    def _unproven(self, outcomes: list[Outcome]) -> None:
        self._line()
        self._line(f"[yellow]unproven[/]  {count(len(outcomes), 'promise')}")
        some = outcomes if self._verbosity else outcomes[:10]
        for outcome in some:
            self._line(f"  {shown(outcome.case.name)}: {shown(outcome.reason)}")
        if len(some) < len(outcomes):
            self._line(f"  and {len(outcomes) - len(some)} more: run with -v")

    def _verdict(self, event: RunFinished) -> None:
        tally = self._tally
        cases = sum(1 for o in tally.outcomes if o.status is not Status.UNPROVEN)
        bad = [f for f in tally.findings if f.severity is Severity.ERROR]
        mild = len(tally.findings) - len(bad)
        word = "check" if tally.started and tally.started.command == "check" else "case"
        proven = f"{count(cases, word)} in {duration(event.seconds)}"
        extra = f", {count(mild, 'warning')}" if mild else ""
        self._line()
        if event.passed:
            self._line(f"[bold green]{shown(event.system)}: clean[/]  {proven}{extra}")
        else:
            # A check may be asked to fail on warnings: then they are what was found.
            found, extra = (count(len(bad), "finding"), extra) if bad else (extra[2:], "")
            self._line(f"[bold red]{shown(event.system)}: {found}[/]  {proven}{extra}")
        if event.kept:
            self._line(f"  kept: {shown(event.kept)}")
        elif not event.passed and word == "case":
            self._line("  the database is gone with this run; --keep holds one for you", "dim")
        self._line()


def _busy_with(event: PhaseStarted | Progressed) -> str:
    if isinstance(event, PhaseStarted):
        return f"{event.phase} …"
    return f"{event.phase} {event.done:,} of {event.total:,}"


def _alike(finding: Finding) -> tuple[object, ...]:
    return finding.severity, finding.slug, finding.subject, finding.found, finding.fix
