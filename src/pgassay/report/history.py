"""The history of a bench: one JSON line for each plan of each run, to draw trends from."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pgassay.core.errors import MachineError
from pgassay.core.event import Event, QueryMeasured, RunStarted

if TYPE_CHECKING:
    from pathlib import Path


class HistoryReport:
    """Appends to `path` when closed: a run that was interrupted leaves no half of itself.

    Args:
        path: the file.
        profile: how many rows there are, by name.
    """

    def __init__(self, path: Path, *, profile: str = "") -> None:
        self._path = path
        self._profile = profile
        self._run: RunStarted | None = None
        self._lines: list[str] = []
        self._at = datetime.now(UTC).isoformat(timespec="seconds")

    def hear(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, RunStarted):
            self._run = event
        if isinstance(event, QueryMeasured) and self._run is not None:
            line = {
                "at": self._at,
                "system": event.system,
                "postgres": self._run.postgres,
                "profile": self._profile,
                "seed": self._run.seed,
                "version": self._run.version,
                "query": event.query,
                "asked": event.asked,
                **event.figures,
            }
            self._lines.append(json.dumps(line, ensure_ascii=False))

    def close(self) -> None:
        """Append the lines of this run."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in self._lines))
        except OSError as refused:
            raise MachineError(
                f"the history could not be written: {refused.strerror}",
                where=str(self._path),
                fix="name a file that can be written",
            ) from refused
