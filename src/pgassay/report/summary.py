"""The summary in Markdown: for a pull request, and for the page of a CI job.

Of a migration it says what a reviewer of one asks, which is `report.markdown`.

Names and values are text: what Markdown or HTML would read is escaped, and nobody is mentioned.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.case import Status
from pgassay.core.event import Event, RunStarted
from pgassay.core.finding import Finding, Severity
from pgassay.report.figures import count, duration
from pgassay.report.listener import write_whole
from pgassay.report.markdown import MarkdownReport
from pgassay.report.tally import Tallies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.case import Outcome
    from pgassay.report.tally import Tally

MOST = 50
"""Findings that are told; a comment on a pull request may not be longer than 65,536 characters."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~$:-])")
_LONG, _SCRIPT = 300, 3000
_MARKS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "\N{INFORMATION SOURCE}"}


class SummaryReport:
    """Writes `path` when closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._summary = Summary()

    def hear(self, event: Event) -> None:
        """Take one event."""
        self._summary.hear(event)

    def close(self) -> None:
        """Write the file."""
        write_whole(self._path, self._summary.text())


class Summary:
    """The summary of the runs that were heard."""

    def __init__(self) -> None:
        self._runs: list[Tallies | MarkdownReport] = []

    def hear(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, RunStarted):
            migration = event.command == "migration"
            self._runs.append(MarkdownReport(Path()) if migration else Tallies())
        if self._runs:
            self._runs[-1].hear(event)

    def text(self) -> str:
        """Return the Markdown of all runs."""
        parts = [r.text() if isinstance(r, MarkdownReport) else summary(r.all) for r in self._runs]
        return "\n".join(parts or ["No run has started.\n"])


def summary(tallies: Iterable[Tally]) -> str:
    """Return the summary of runs."""
    return "\n\n".join("\n".join(_run(tally)) for tally in tallies) + "\n"


def escaped(text: str, longest: int = _LONG) -> str:
    """Return text as it may stand in a line of Markdown."""
    text = " ".join(text.split())
    text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    text = _SPECIAL.sub(r"\\\1", text)
    for letter, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&commat;")):
        text = text.replace(letter, entity)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def code(text: str) -> str:
    """Return text as a block of code, whatever fences are in it."""
    text = text if len(text) <= _SCRIPT else f"{text[:_SCRIPT]}\n-- … and more"
    text = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}sql\n{text}\n{fence}"


def _run(tally: Tally) -> Iterator[str]:
    started = tally.started
    assert started is not None
    bad = tally.of_severity(Severity.ERROR)
    mild = tally.of_severity(Severity.WARNING)
    if tally.cut_short:
        mark, verdict = "⏹️", "cut short, no verdict"
    elif tally.passed:
        mark, verdict = "✅", "clean"
    else:
        mark, verdict = "❌", count(len(bad), "finding")
    also = f", {count(len(mild), 'warning')}" if mild else ""
    yield f"### {mark} {escaped(started.system)} {started.command}: {verdict}{also}"
    yield ""
    told = [f"PostgreSQL {escaped(started.postgres)}", f"seed {started.seed}"]
    if tally.outcomes:
        told.insert(0, count(len(tally.outcomes), "case"))
    if tally.finished:
        told.append(duration(tally.finished.seconds))
    yield ", ".join(told)
    if tally.phases:
        yield "\n| phase | figures | time |\n|---|---|--:|"
        for phase in tally.phases:
            figures = ", ".join(f"{n:,} {name}" for name, n in phase.counts.items() if n)
            yield f"| {escaped(phase.phase)} | {escaped(figures)} | {duration(phase.seconds)} |"
    told_findings = [*bad, *mild]
    for finding in told_findings[:MOST]:
        yield from _finding(finding)
    if len(told_findings) > MOST:
        yield f"\nand {len(told_findings) - MOST:,} more findings: see the other reports."
    yield from _unproven([o for o in tally.outcomes if o.status is Status.UNPROVEN])


def _unproven(unproven: list[Outcome]) -> Iterator[str]:
    if unproven:
        yield f"\n<details><summary>{count(len(unproven), 'promise')} unproven</summary>\n"
        for outcome in unproven[:MOST]:
            yield f"- {escaped(outcome.case.name)}: {escaped(outcome.reason)}"
        if len(unproven) > MOST:
            yield f"- and {len(unproven) - MOST:,} more"
        yield "\n</details>"


def _finding(finding: Finding) -> Iterator[str]:
    mark = _MARKS[finding.severity]
    head = f"<b>{_plain(str(finding.subject))}</b> {_plain(finding.slug)}: {_plain(finding.title)}"
    yield f"\n<details><summary>{mark} {head}</summary>\n"
    for label, text in (
        ("found", finding.found),
        ("expected", finding.expected),
        ("matters", finding.why),
        ("source", finding.source or ""),
    ):
        if text:
            yield f"- {label}: {escaped(text, 2 * _LONG)}"
    if finding.fix:
        yield f"\nfix:\n\n{code(finding.fix)}"
    if finding.evidence:
        yield "\nevidence:\n\n" + code("\n".join(finding.evidence))
    yield "\n</details>"


def _plain(text: str) -> str:
    """Return text as it may stand within an HTML element of Markdown."""
    return escaped(text).replace("\\", "")
