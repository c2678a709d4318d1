"""Markdown for a pull request: the verdict first, then what a reviewer asks, the rest folded.

Everything that comes from a database or a project is written so that it stays text: no markup, no
mention of a user, no cell that ends early.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pgassay.core.event import (
    Event,
    PlansCompared,
    RunFinished,
    RunStarted,
    StandstillTold,
    Told,
)
from pgassay.core.finding import Severity
from pgassay.core.traffic import Moment
from pgassay.report.figures import count, duration, size
from pgassay.report.listener import write_whole
from pgassay.report.tally import Tally
from pgassay.report.trace import effects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pgassay.core.finding import Finding
    from pgassay.core.trace import RevisionTrace, StatementTrace
    from pgassay.core.traffic import Traffic

LONGEST = 60_000
"""Characters: GitHub takes 65,536 in a comment, others more."""

_EVIDENCE, _WIDTH, _ROWS = 30, 90, 60
_PLAIN = str.maketrans(
    {c: f"&#{ord(c)};" for c in "<>&@#|`*_[]~!$"}  # `$` begins a formula, `#1` and `@you` link
)


class MarkdownReport:
    """Writes `path` when closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._runs: list[_Run] = []

    def hear(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, RunStarted):
            self._runs.append(_Run())
        if self._runs:
            self._runs[-1].hear(event)

    def close(self) -> None:
        """Write the file."""
        write_whole(self._path, self.text())

    def text(self) -> str:
        """Return all runs; what is folded gets shorter until it fits a comment."""
        for evidence in (_EVIDENCE, 0):
            text = "\n".join(line for run in self._runs for line in run.lines(evidence)) + "\n"
            if len(text) <= LONGEST:
                return text
        cut = text[:LONGEST].rpartition("\n")[0]
        return f"{cut}\n\n{'</details>' * _open(cut)}\n\nThe rest is cut: it is in the console.\n"


def _open(text: str) -> int:
    return max(0, text.count("<details>") - text.count("</details>"))


class _Run:
    """One run, from its beginning to its verdict."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.told: list[str] = []
        self.plans: list[PlansCompared] = []
        self.headline = ""

    def hear(self, event: Event) -> None:
        self.tally.hear(event)
        match event:
            case Told(text=text):
                self.told.append(text)
            case PlansCompared():
                self.plans.append(event)
            case StandstillTold(headline=headline):
                self.headline = headline
            case _:
                pass

    def lines(self, evidence: int) -> Iterator[str]:
        """Yield the lines of the run, with so many lines of evidence for each finding."""
        yield from self._verdict()
        for trace in self.tally.traces:
            yield from _statements(trace)
        yield from self._findings(evidence)
        yield from self._traffic()
        yield from self._rest()

    def _verdict(self) -> Iterator[str]:
        tally = self.tally
        started, finished = tally.started, tally.finished
        assert started is not None
        names = ", ".join(trace.revision.id for trace in tally.traces)
        what = " ".join(plain(word) for word in (started.command, names) if word)
        yield f"## {what}: {plain(started.system)} {_word(tally, finished)}"
        yield ""
        if self.headline:
            yield f"**{plain(self.headline[0].upper() + self.headline[1:])}.**"
            yield ""
        spent = f" in {duration(finished.seconds)}" if finished else ""
        yield f"PostgreSQL {plain(started.postgres)}, seed {started.seed}{spent}"
        yield ""

    def _findings(self, evidence: int) -> Iterator[str]:
        findings = self.tally.findings
        for severity in (Severity.ERROR, Severity.WARNING):
            some = [one for one in findings if one.severity is severity]
            for _, alike in groupby(some, key=lambda f: (f.slug, f.found, f.subject.object)):
                group = list(alike)
                yield from _finding(group[0], len(group) - 1, evidence)

    def _traffic(self) -> Iterator[str]:
        if not self.tally.traffic:
            return
        yield "<details><summary>Live traffic</summary>"
        yield ""
        yield "| beside | it took | a second before | during | after | refused |"
        yield "|---|---:|---:|---:|---:|---|"
        for one in self.tally.traffic:
            yield _scene(one.traffic)
        yield ""
        if self.tally.stalls:
            yield "| stood still | lock | longest | statements | beside |"
            yield "|---|---|---:|---:|---|"
            for stall in self.tally.stalls:
                place = code(stall.relation) if stall.relation else "rows it has written"
                yield (
                    f"| {place} | {plain(stall.mode)} | {stall.longest:.2f} s | {stall.waits} "
                    f"| {plain(stall.scene)} |"
                )
            yield ""
        yield "</details>"
        yield ""

    def _rest(self) -> Iterator[str]:
        yield "<details><summary>What was done</summary>"
        yield ""
        for text in self.told:
            yield f"- {plain(text)}"
        for plans in self.plans:
            at = f" at {plain(plans.at)}" if plans.at else ""
            yield f"- {count(plans.plans, 'plan')} compared{at}, {plans.changed} changed"
            yield from (f"  - much better: {plain(text)}" for text in plans.better)
        for phase in self.tally.phases:
            figures = ", ".join(f"{number:,} {name}" for name, number in phase.counts.items())
            yield f"- {plain(phase.phase)}: {plain(figures)}, {duration(phase.seconds)}"
        yield ""
        yield "</details>"
        yield ""


def _word(tally: Tally, finished: RunFinished | None) -> str:
    bad = sum(finding.severity is Severity.ERROR for finding in tally.findings)
    mild = sum(finding.severity is Severity.WARNING for finding in tally.findings)
    extra = f", {count(mild, 'warning')}" if mild else ""
    if finished is None:
        return "ended early"
    return f"clean{extra}" if finished.passed else f"{count(bad, 'error')}{extra}"


def _statements(trace: RevisionTrace) -> Iterator[str]:
    """Yield a row for each statement that touches what was there before; count the others."""
    rows = [
        (statement, [text for text, _ in effects(statement, trace)])
        for statement in trace.statements
    ]
    shown = [(statement, told) for statement, told in rows if told][:_ROWS]
    quiet = len(rows) - len(shown)
    total = count(len(trace.statements), "statement")
    yield (
        f"**{plain(str(trace.revision))}**: {total} in "
        f"{count(len(trace.transactions), 'transaction')}, {duration(trace.seconds)}, "
        f"WAL {size(trace.wal)}"
    )
    yield ""
    if trace.error:
        yield f"It failed: {plain(trace.error)}"
        yield ""
    if shown:
        yield "| | statement | time | rows | WAL | what it does |"
        yield "|---:|---|---:|---:|---:|---|"
        yield from (_statement(statement, told) for statement, told in shown)
        yield ""
    if quiet:
        yield f"{count(quiet, 'statement')} more that nobody waits for."
        yield ""


def _statement(statement: StatementTrace, told: list[str]) -> str:
    rows = f"{statement.rows:,}" if statement.rows is not None else ""
    wal = size(statement.wal) if statement.wal else ""
    did = "<br>".join(plain(text) for text in told)
    text = code(statement.text)
    return (
        f"| {statement.number} | {text} | {duration(statement.seconds)} | {rows} | {wal} | {did} |"
    )


def _finding(finding: Finding, also: int, evidence: int) -> Iterator[str]:
    more = f" (and {also} more like it)" if also else ""
    yield (
        f"**{finding.severity}** {code(str(finding.subject))} `{finding.slug}`: "
        f"{plain(finding.title)}{more}"
    )
    yield ""
    yield f"- found: {plain(finding.found)}"
    yield f"- expected: {plain(finding.expected)}"
    if finding.why:
        yield f"- matters: {plain(finding.why)}"
    if finding.source:
        yield f"- source: {code(finding.source)}"
    if finding.fix and not _is_code(finding.fix):
        yield f"- fix: {plain(finding.fix)}"
    yield ""
    if finding.fix and _is_code(finding.fix):
        yield from _block(finding.fix)
    if finding.evidence and evidence:
        yield "<details><summary>evidence</summary>"
        yield ""
        lines = finding.evidence[:evidence]
        left = len(finding.evidence) - len(lines)
        yield from _block("\n".join([*lines, *([f"… {left} more lines"] if left else [])]))
        yield "</details>"
        yield ""


def _is_code(fix: str) -> bool:
    """Whether a fix is something to copy, and no advice."""
    return any(line.rstrip().endswith((";", ")")) for line in fix.splitlines()[-1:]) or "\n" in fix


def _block(text: str) -> Iterator[str]:
    """Yield a fenced block, its fence longer than any within."""
    fence = "```"
    while fence in text:
        fence += "`"
    yield fence
    yield text
    yield fence
    yield ""


def _scene(traffic: Traffic) -> str:
    rates = " | ".join(
        f"{traffic.rates[at].per_second:,.0f}" if at in traffic.rates else "" for at in Moment
    )
    refused: dict[str, int] = {}
    for one in traffic.failures:
        refused[one.sqlstate] = refused.get(one.sqlstate, 0) + one.count
    told = ", ".join(f"{number} x {sqlstate}" for sqlstate, number in refused.items()) or "none"
    return f"| {plain(traffic.scene)} | {duration(traffic.seconds)} | {rates} | {told} |"


def plain(text: str) -> str:
    """Return text that no Markdown reader takes for anything else, in one line."""
    return " ".join(text.split()).translate(_PLAIN)


def code(text: str) -> str:
    """Return a code span in one line, cut where it is long; it may stand in a cell of a table."""
    line = " ".join(text.split())
    line = line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
    fence = "`" * (max((len(run) for run in _runs(line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}".replace("|", "\\|")


def _runs(line: str) -> Iterable[str]:
    return ("".join(group) for key, group in groupby(line) if key == "`")
