"""GitHub Actions: findings as annotations beside the code, the summary on the page of the job.

The words are those of "Workflow commands for GitHub Actions"; a step may make ten annotations of
each level, so the worst come first and the others are counted.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from pgassay.core.errors import MachineError
from pgassay.core.finding import Finding, Severity
from pgassay.report.figures import count
from pgassay.report.place import place_of
from pgassay.report.summary import Summary
from pgassay.report.tally import Tallies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pgassay.core.event import Event

_MOST = 10
_ROOM = 1 << 20  # bytes of a step's summary
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


class GithubReport:
    """Prints annotations and appends to the job's summary when closed.

    Args:
        summary: the file that GITHUB_STEP_SUMMARY names, if any.
        out: where the annotations go, by default standard output.
    """

    def __init__(self, *, summary: Path | None = None, out: TextIO | None = None) -> None:
        self._path = summary
        self._summary = Summary()
        self._out = out or sys.stdout
        self._tallies = Tallies()

    def hear(self, event: Event) -> None:
        """Take one event."""
        self._tallies.hear(event)
        self._summary.hear(event)

    def close(self) -> None:
        """Print and append."""
        for line in commands_of([f for tally in self._tallies.all for f in tally.findings]):
            self._out.write(f"{line}\n")
        if self._path is None:
            return
        text = self._summary.text().encode("utf-8", "replace")[: _ROOM - 1]
        try:
            with self._path.open("ab") as file:
                file.write(text)
        except OSError as refused:
            raise MachineError(
                f"the summary could not be written: {refused.strerror}",
                where=str(self._path),
                expected="the file that GITHUB_STEP_SUMMARY names",
                fix="unset GITHUB_STEP_SUMMARY, or name a file that can be written",
            ) from refused


def commands_of(findings: list[Finding]) -> Iterator[str]:
    """Yield the workflow commands for findings, those with a place first."""
    for severity, level in _LEVELS.items():
        some = [finding for finding in findings if finding.severity is severity]
        some.sort(key=lambda finding: place_of(finding) is None)
        shown = some if len(some) <= _MOST else some[: _MOST - 1]
        yield from (_annotation(level, finding) for finding in shown)
        if len(shown) < len(some):
            rest = count(len(some) - len(shown), f"more {severity}")
            yield f"::{level} title=pgassay::{_text(f'and {rest}: see the summary of the job')}"


def _annotation(level: str, finding: Finding) -> str:
    place = place_of(finding)
    where = f"file={_value(place.file)},line={place.line}," if place else ""
    title = _value(f"{finding.subject}: {finding.slug}: {finding.title}"[:250])
    told = [f"found {finding.found}", f"expected {finding.expected}"]
    told += [f"fix {finding.fix}"] if finding.fix else []
    return f"::{level} {where}title={title}::{_text(chr(10).join(told)[:4000])}"


def _text(text: str) -> str:
    """Return a message as a command may hold it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    """Return the value of a property as a command may hold it."""
    return _text(text).replace(":", "%3A").replace(",", "%2C")
