"""`pgassay report`: make reports again from the events of a run, or compare two."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pgassay.core.errors import ConfigError, ExitCode
from pgassay.report.figures import count
from pgassay.report.listener import write_whole
from pgassay.report.recording import read_recording
from pgassay.report.tally import Tallies

if TYPE_CHECKING:
    from pgassay.report.difference import Change
    from pgassay.report.recording import Recording

EVENTS = "events.jsonl"
_NAMES = {
    "html": "index.html",
    "junit": "junit.xml",
    "sarif": "pgassay.sarif",
    "markdown": "summary.md",
    "json": "report.json",
}
_FORMS = {
    "html": "a page",
    "junit": "JUnit XML",
    "sarif": "SARIF",
    "markdown": "a summary in Markdown",
    "json": "JSON",
}
_EVENTS = click.argument(
    "events", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="EVENTS..."
)


@click.group("report")
def command() -> None:
    """Make reports again from the events of a run; nothing is asked of a database.

    EVENTS is what --events wrote, or the folder that --report wrote into.

    Example: pgassay report html reports/gate reports/bench --output reports/night/index.html
    """


def _written(form: str) -> click.Command:
    @_EVENTS
    @click.option(
        "--output",
        "-o",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help=f"by default {_NAMES[form]} beside the events",
    )
    def write(*, events: tuple[Path, ...], output: Path | None) -> int:
        recordings = [_read(path) for path in events]
        path = output or recordings[0].path.with_name(_NAMES[form])
        _write(form, path, recordings)
        click.echo(str(path))
        return ExitCode.CLEAN

    write.__doc__ = (
        f"Write {_FORMS[form]} from the events of one run or several.\n\n"
        f"    Example: pgassay report {form} reports/gate"
    )
    return click.command(form)(write)


for _form in _NAMES:
    command.add_command(_written(_form))


@command.command("console")
@_EVENTS
@click.option("-v", "--verbose", count=True, help="each kind; twice: each case")
def console(*, events: tuple[Path, ...], verbose: int) -> int:
    """Print what the run printed, with as much more as is asked for.

    Exit code as the run had it: 0 clean, 1 findings.

    Example: pgassay report console reports/gate -v
    """
    from pgassay.report.console import ConsoleReport  # noqa: PLC0415 - only if asked for

    report = ConsoleReport(verbosity=verbose)
    passed = True
    for recording in map(_read, events):
        for event in recording.events:
            report.hear(event)
        report.cut_short()
        passed = passed and not recording.cut_short and report.passed
    report.close()
    return ExitCode.CLEAN if passed else ExitCode.FINDINGS


@command.command("diff")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
def diff(*, before: Path, after: Path, markdown: Path | None) -> int:
    """Say what is new, gone, worse and better between two runs.

    Exit code 1 if anything is new or worse that is more than a remark.

    Example: pgassay report diff reports/main reports/branch
    """
    from pgassay.report.difference import changes  # noqa: PLC0415 - only if asked for

    then, now = (Tallies(_read(path).events).all for path in (before, after))
    found = changes(then, now)
    for turn, some in groupby(found, key=lambda change: (change.matters, change.turn)):
        group = list(some)
        mark = click.style(str(turn[1]), fg="red" if turn[0] else None, bold=True)
        click.echo(f"{mark}  {len(group):,}")
        for change in group:
            click.echo(f"  {_line(change)}")
    bad = sum(change.matters for change in found)
    click.echo(f"{count(bad, 'change')} for the worse" if bad else "nothing new and nothing worse")
    if markdown:
        _markdown(markdown, found)
    return ExitCode.FINDINGS if bad else ExitCode.CLEAN


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of the lines of an events file."""
    from pgassay.report.event_schema import event_schema  # noqa: PLC0415 - only if asked for

    click.echo(json.dumps(event_schema(), indent=1, ensure_ascii=False))


def _read(path: Path) -> Recording:
    file = path / EVENTS if path.is_dir() else path
    if path.is_dir() and not file.exists():
        raise ConfigError(
            f"there is no {EVENTS} in this folder",
            where=str(path),
            expected="a folder that --report wrote into, or a file that --events wrote",
        )
    recording = read_recording(file)
    for note in recording.notes:
        click.echo(note, err=True)
    return recording


def _write(form: str, path: Path, recordings: list[Recording]) -> None:
    if form == "html":
        from pgassay.report.page.report import page  # noqa: PLC0415 - only if asked for

        tallies = [(t, r.at) for r in recordings for t in Tallies(r.events).all]
        write_whole(path, page(tallies, [note for r in recordings for note in r.notes]))
        return
    from pgassay.cli.report_options import file_report  # noqa: PLC0415 - only if asked for

    report = file_report(form, path)
    for recording in recordings:
        for event in recording.events:
            report.hear(event)
    report.close()


def _line(change: Change) -> str:
    from pgassay.report.page.drawing import visible  # noqa: PLC0415 - only if asked for

    parts = (change.system, change.what, change.name)
    return visible("  ".join(filter(None, (*parts, change.text.replace("\n", " ")))))


def _markdown(path: Path, found: list[Change]) -> None:
    from pgassay.report.summary import escaped  # noqa: PLC0415 - only if asked for

    lines = ["| | | system | what | |", "|---|---|---|---|---|"] if found else ["No change."]
    for change in found:
        cells = (change.name, change.system, change.what, change.text)
        name, system, what, text = map(escaped, cells)
        mark = "❌" if change.matters else ""
        lines.append(f"| {mark} {change.turn} | {name} | {system} | {what} | {text} |")
    write_whole(path, "\n".join(lines) + "\n")
