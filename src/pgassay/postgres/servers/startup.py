"""Waiting for a server to come up, and saying in words why it did not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pgassay.core.errors import MachineError, PgassayError
from pgassay.postgres.servers.run_directory import DIRECTORY_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.postgres.servers.declaration import ServerDeclaration, ServerKind
    from pgassay.postgres.servers.run_directory import RunDirectory
    from pgassay.postgres.servers.watcher import Watcher

START_SECONDS = 60.0
_POLL_SECONDS = 0.001
_STATUS_LINE = 7  # of postmaster.pid, counted from 0: "ready" once connections are accepted
_TAIL_BYTES = 20_000
_TAIL_LINES = 12


class PortTakenError(Exception):
    """Another process has taken the port in the meantime."""


def wait_until_ready(watcher: Watcher, pid: int, data: Path, seconds: float) -> bool:
    """Wait until the server `pid` accepts connections; return False if it ended or is late."""
    deadline = time.monotonic() + seconds
    status = data / "postmaster.pid"
    while time.monotonic() < deadline:
        try:
            lines = status.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            lines = []
        of_this_one = len(lines) > _STATUS_LINE and lines[0] == str(pid)
        if of_this_one and lines[_STATUS_LINE].strip() == "ready":
            return True
        if watcher.exit_status(pid, seconds=_POLL_SECONDS) is not None:
            return False
    return False


def log_tail(log: Path, *, start: int = 0) -> str:
    """Return the end of a log, from byte `start` on at the most."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(start, size - _TAIL_BYTES))
            return file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""


def start_error(
    run: RunDirectory, what: str, declaration: ServerDeclaration, kind: ServerKind
) -> PgassayError:
    """Return the error for a server that did not come up, from what its log says."""
    text = log_tail(run.log)
    lowered = text.lower()
    said = "\n".join(text.strip().splitlines()[-_TAIL_LINES:])
    if "no space left on device" in lowered or "disk quota exceeded" in lowered:
        return MachineError(
            f"the disk that holds {run.path} is full",
            why=f"{what} could not write its data:\n{said}",
            fix=f"free some space, or point {DIRECTORY_VARIABLE} at another folder",
        )
    if (
        "invalid locale name" in lowered
        or "icu is not supported" in lowered
        or (declaration.locale and "locale" in lowered)
    ):
        return MachineError(
            f"the {kind} server cannot give the locale {declaration.locale}",
            why=said,
            fix=_elsewhere(kind, "has this locale"),
        )
    blamed = [name for name in declaration.settings if name.lower() in lowered]
    if blamed:
        return MachineError(
            f"the {kind} server does not start with the declared setting " + ", ".join(blamed),
            why=said,
            fix=f"correct the setting; or {_elsewhere(kind, 'supports it')}",
        )
    return MachineError(
        f"{what} of the {kind} server did not come up in {run.path}",
        why=said or "it said nothing",
        fix="run `pgassay doctor`, or choose another server with --server",
    )


def _elsewhere(kind: ServerKind, does: str) -> str:
    others = [name for name in ("container", "system") if name != kind]
    return f"use --server {' or '.join(others)}, or the URL of one that {does}"
