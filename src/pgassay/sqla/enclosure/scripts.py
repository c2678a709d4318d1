"""Inside the enclosure: the script directory, read once for all the jobs of a process.

Alembic reads every revision anew for each command, which costs more than a small revision itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from collections.abc import Iterator

_Seen = dict[Path, tuple[int, int]]


class Scripts:
    """Keeps a script directory for as long as its files stay as they are."""

    def __init__(self) -> None:
        self._script: ScriptDirectory | None = None
        self._seen: _Seen = {}

    def known(self) -> ScriptDirectory | None:
        """Return what was remembered; None if there is nothing, or a file is another."""
        if self._script is not None and _files(self._script) == self._seen:
            return self._script
        return None

    def remember(self, script: ScriptDirectory) -> None:
        """Keep a script directory whose revisions were read."""
        self._script, self._seen = script, _files(script)


@contextmanager
def handed_out(script: ScriptDirectory) -> Iterator[None]:
    """Let Alembic's commands take this script directory instead of reading their own."""
    original: Any = ScriptDirectory.__dict__["from_config"]
    ScriptDirectory.from_config = classmethod(lambda _cls, _config: script)  # type: ignore[assignment,method-assign]  # of this process
    try:
        yield
    finally:
        ScriptDirectory.from_config = original  # type: ignore[method-assign]  # as above


def _files(script: ScriptDirectory) -> _Seen:
    folders = [Path(script.dir), *map(Path, script.version_locations or [script.versions])]
    found: _Seen = {}
    for folder in folders:
        for path in folder.rglob("*.py"):
            status = path.stat()
            found[path] = (status.st_mtime_ns, status.st_size)
    return found
