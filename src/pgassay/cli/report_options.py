"""The options by which a command writes reports, and the listeners that they come to."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pgassay.core.finding import Severity
from pgassay.report.recording import EventRecorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.report.listener import Listener

F = TypeVar("F", bound=Callable[..., Any])

_RED = frozenset({Severity.ERROR})
_FILE = click.Path(path_type=Path, dir_okay=False)
_OPTIONS = (
    ("--report", click.Path(path_type=Path, file_okay=False), "DIR", "write events and a page"),
    ("--events", _FILE, "FILE", "write every event, JSON lines"),
    ("--json", _FILE, "FILE", "write JSON"),
    ("--junit", _FILE, "FILE", "write JUnit XML"),
    ("--sarif", _FILE, "FILE", "write SARIF"),
    ("--markdown", _FILE, "FILE", "write a summary in Markdown"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Which reports a command was asked for; `files` by the name of the option."""

    files: dict[str, Path]

    @contextmanager
    def of(
        self, *others: Listener, failing: frozenset[Severity] = _RED
    ) -> Iterator[list[Listener]]:
        """Lend what hears the run, the others first; the reports are written at the end.

        Where an error ends the run, only its events are kept.

        Args:
            others: what hears it besides.
            failing: the severities of findings that are failures in JUnit XML.
        """
        made = self.listeners(failing)
        try:
            yield [*others, *made]
        except BaseException:
            for listener in made:
                if isinstance(listener, EventRecorder):
                    listener.close()
            raise
        for listener in made:
            listener.close()

    def listeners(self, failing: frozenset[Severity] = _RED) -> list[Listener]:
        """Return what hears the run besides the console.

        On GitHub (GITHUB_ACTIONS, GITHUB_STEP_SUMMARY) the findings are annotations, and the
        summary stands on the page of the job.

        Raises:
            MachineError: a file cannot be written, said before anything runs.
        """
        found: list[Listener] = []
        folder = self.files.get("report")
        if folder:
            from pgassay.report.page.report import PageReport  # noqa: PLC0415 - only if asked for

            found += [
                EventRecorder(folder / "events.jsonl"),
                PageReport(folder / "index.html"),
            ]
        found += [
            self._written(name, path, failing)
            for name, path in self.files.items()
            if name != "report"
        ]
        if os.environ.get("GITHUB_ACTIONS") == "true":
            from pgassay.report.github import GithubReport  # noqa: PLC0415 - only there

            summary = os.environ.get("GITHUB_STEP_SUMMARY")
            found.append(GithubReport(summary=Path(summary) if summary else None))
        return found

    def _written(self, name: str, path: Path, failing: frozenset[Severity]) -> Listener:
        if name == "events":
            return EventRecorder(path)
        return file_report(name, path, failing)


def file_report(name: str, path: Path, failing: frozenset[Severity] = _RED) -> Listener:
    """Return the report of one format: html, json, junit, sarif, markdown."""
    # Each is imported only where it is asked for.
    if name == "html":
        from pgassay.report.page.report import PageReport  # noqa: PLC0415 - as said above

        return PageReport(path)
    if name == "json":
        from pgassay.report.document import JsonReport  # noqa: PLC0415 - as said above

        return JsonReport(path)
    if name == "junit":
        from pgassay.report.junit import JunitReport  # noqa: PLC0415 - as said above

        return JunitReport(path, failing)
    if name == "sarif":
        from pgassay.report.sarif import SarifReport  # noqa: PLC0415 - as said above

        return SarifReport(path)
    from pgassay.report.summary import SummaryReport  # noqa: PLC0415 - as said above

    return SummaryReport(path)


def report_options(*left_out: str) -> Callable[[F], F]:
    """Add `--report`, `--events`, `--json`, … ; the command gets them as one `reports`.

    Args:
        left_out: formats that say nothing of what the command does: `junit`.
    """

    def add(command: F) -> F:
        names = [option[0].removeprefix("--") for option in _OPTIONS]

        @wraps(command)
        def with_reports(**given: Any) -> Any:
            files = {name: given.pop(f"{name}_path", None) for name in names}
            known = {name: path for name, path in files.items() if path is not None}
            return command(reports=Reports(files=known), **given)

        wrapped: Any = with_reports
        for option, kind, metavar, text in reversed(_OPTIONS):
            name = option.removeprefix("--")
            if name not in left_out:
                wrapped = click.option(
                    option, f"{name}_path", type=kind, metavar=metavar, help=text
                )(wrapped)
        made: F = wrapped
        return made

    return add
