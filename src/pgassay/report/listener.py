"""What a report is: something that hears every event, and is closed at the end."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pgassay.core.errors import MachineError

if TYPE_CHECKING:
    from pgassay.core.event import Event


class Listener(Protocol):
    """One report of one or several runs."""

    def hear(self, event: Event) -> None:
        """Take one event."""
        ...

    def close(self) -> None:
        """Write what is left to write."""
        ...


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old content or the new one, never a part.

    Raises MachineError if the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as refused:
        raise _unwritable(path, refused) from refused
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException as failure:
        with suppress(OSError):
            Path(name).unlink()
        if isinstance(failure, OSError):
            raise _unwritable(path, failure) from failure
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, refused: OSError) -> MachineError:
    return MachineError(
        f"the report could not be written: {refused.strerror}",
        where=str(path),
        why="the verdict stands, but its record is lost",
        fix="name a folder that can be written",
    )
