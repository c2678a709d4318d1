"""The record of a run: its events as JSON lines, written as they come, and read again.

The first line says the form and who wrote it. A run that ends early leaves the lines until then,
and reports can be made of those.
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

import pgassay
from pgassay.core.errors import ConfigError, MachineError
from pgassay.core.event import (
    Event,
    FindingMade,
    PhaseFinished,
    Progressed,
    RowsCopied,
    RunFinished,
)
from pgassay.core.record import FORMAT, read, written

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.codec import Json

SCHEMA = f"pgassay-events-{FORMAT}"
_GZIP = b"\x1f\x8b"
_PASSING = (Progressed, RowsCopied)  # for those who watch; nothing is made of them afterwards
_MILESTONES = (FindingMade, PhaseFinished, RunFinished)


class EventRecorder:
    """Writes every event to `path` as it comes, one JSON object a line.

    Raises MachineError if the file cannot be written.
    """

    def __init__(self, path: Path, *, now: datetime | None = None) -> None:
        self._path = path
        self._file: TextIO | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
        except OSError as refused:
            raise self._unwritable(refused) from refused
        at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        self._line({"format": SCHEMA, "version": pgassay.__version__, "at": at})

    def hear(self, event: Event) -> None:
        """Take one event."""
        if not isinstance(event, _PASSING):
            self._line(written(event))
        if isinstance(event, _MILESTONES) and self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError as refused:
                raise self._unwritable(refused) from refused
            self._file = None

    def _line(self, data: dict[str, Json]) -> None:
        assert self._file is not None
        try:
            text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
            # What is no character (a lone surrogate of a damaged name) is written as an escape.
            self._file.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
        except OSError as refused:
            raise self._unwritable(refused) from refused

    def _unwritable(self, refused: OSError) -> MachineError:
        return MachineError(
            f"the events could not be written: {refused.strerror}",
            where=str(self._path),
            why="no report can be made of this run later",
            fix="name a file in a folder that can be written",
        )


@dataclass(slots=True)
class Recording:
    """A record that was read.

    Args:
        path: where it is.
        at: when it was begun (ISO 8601).
        version: which pgassay wrote it.
        events: all of them, in order.
        cut_short: why it is not whole; empty if it is.
        unknown: how many events there are of each name that this version does not know.
    """

    path: Path
    at: str
    version: str
    events: list[Event] = field(default_factory=list)
    cut_short: str = ""
    unknown: dict[str, int] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of a report should know of its events."""
        found = []
        if self.cut_short:
            found.append(f"{self.path.name} is cut short: {self.cut_short}")
        if self.unknown:
            names = ", ".join(f"{number:,} {name}" for name, number in self.unknown.items())
            found.append(
                f"{self.path.name} was written by pgassay {self.version} and holds events that "
                f"{pgassay.__version__} does not show: {names}"
            )
        return tuple(found)


def read_recording(path: Path) -> Recording:
    """Read the events of a run, compressed by gzip or not.

    What was cut short is read as far as it goes, and says so in `cut_short`.

    Raises:
        ConfigError: it is no record, one of another form, or damaged; says in which line.
        MachineError: it cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as missing:
        raise ConfigError(
            "there is no such file",
            where=str(path),
            expected="the events of a run",
            fix="name a file that pgassay wrote with --events or --report",
        ) from missing
    except OSError as refused:
        raise MachineError(
            f"the events could not be read: {refused.strerror}",
            where=str(path),
            fix="name a file that pgassay wrote with --events or --report",
        ) from refused
    if data.startswith(_GZIP):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as damage:
            raise ConfigError(
                f"the compressed events cannot be read: {damage}",
                where=str(path),
                expected="a whole file",
                fix="take the file that the run wrote",
            ) from damage
    lines = data.split(b"\n")
    recording = _begun(path, lines[0])
    last = len(lines)
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        try:
            found: Json = json.loads(line)
        except ValueError as damage:  # a UnicodeDecodeError is one as well
            if number == last:  # no newline after it: it was being written
                recording.cut_short = f"line {number} was never finished"
                break
            raise _wrong(path, number, f"is no JSON: {damage}", recording) from damage
        _take(recording, number, found)
    _ended(recording)
    return recording


def _begun(path: Path, line: bytes) -> Recording:
    where = f"{path}:1"
    fix = "name a file that pgassay wrote with --events or --report"
    if not line.strip():
        raise ConfigError(
            "the file is empty", where=str(path), expected="the events of a run", fix=fix
        )
    try:
        head = json.loads(line)
        form, version, at = (str(head[key]) for key in ("format", "version", "at"))
    except (ValueError, KeyError, TypeError) as damage:
        raise ConfigError(
            "not the events of a run", where=where, expected=f'{{"format":"{SCHEMA}",…}}', fix=fix
        ) from damage
    if form != SCHEMA:
        raise ConfigError(
            f'the events are of the form "{form}", written by pgassay {version}',
            where=where,
            expected=f'"{SCHEMA}", which pgassay {pgassay.__version__} reads',
            fix=f"make the report with pgassay {version}, or run again with this one",
        )
    return Recording(path=path, at=at, version=version)


def _take(recording: Recording, number: int, found: Json) -> None:
    try:
        event = read(found)
    except ValueError as wrong:
        raise _wrong(recording.path, number, f"is no event: {wrong}", recording) from wrong
    if event is not None:
        recording.events.append(event)
    elif isinstance(found, dict):
        name = str(found["event"])
        recording.unknown[name] = recording.unknown.get(name, 0) + 1


def _wrong(path: Path, number: int, found: str, recording: Recording) -> ConfigError:
    other = recording.version != pgassay.__version__
    return ConfigError(
        f"the line {found}",
        where=f"{path}:{number}",
        expected="one event of a run, as pgassay writes it",
        fix=f"make the report with pgassay {recording.version}, which wrote it"
        if other
        else "the file was changed after the run; run again",
    )


def _ended(recording: Recording) -> None:
    """Say so where the run has not come to its end."""
    if recording.cut_short or any(isinstance(e, RunFinished) for e in recording.events[-1:]):
        return
    after = f"after {len(recording.events):,} events" if recording.events else "before it began"
    recording.cut_short = f"the run ended {after}, without a verdict"
