"""Notes: what a run worked out and the next one need not, kept in the user's cache.

A note is void when anything that went into it changes, since all of it is in its name. It is
pickled, so it is only read from a folder that belongs to this user and nobody else may write.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import stat
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgassay.postgres.servers import ClusterCache
from pgassay.run.engine import engine_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT = 60  # notes; a few hundred kilobytes each


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note that may be there or not."""

    path: Path

    @classmethod
    def about(cls, *facts: str) -> Note:
        """Return the note that stands for all these facts and this very engine."""
        lines = [engine_digest(), *(f"{len(fact)}:{fact}" for fact in facts)]
        name = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:40]
        return cls(path=ClusterCache.default().folder.with_name("notes") / name)

    def read(self) -> Any:
        """Return what was noted, None if there is nothing or it cannot be trusted."""
        with suppress(OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError):
            folder = self.path.parent.stat()
            if folder.st_uid != os.geteuid() or folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return None
            with self.path.open("rb") as file, _uncollected():
                found = pickle.load(file)  # noqa: S301 - our own file, in a folder of this user
            os.utime(self.path)
            return found
        return None

    def write(self, content: object) -> None:
        """Keep it; a cache that cannot be written only costs time."""
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self.path.parent)
            with os.fdopen(handle, "wb") as file:
                pickle.dump(content, file, protocol=pickle.HIGHEST_PROTOCOL)
            Path(name).replace(self.path)
            self._prune()

    def _prune(self) -> None:
        found = sorted(self.path.parent.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in found[:-_KEPT]:
            old.unlink(missing_ok=True)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make objects without looking for garbage among them: all of them stay."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
