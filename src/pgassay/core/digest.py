"""One number for everything that decides what a route builds."""

from __future__ import annotations

import hashlib
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def digest_of(
    files: Mapping[Path, bytes], root: Path, *, facts: Mapping[str, str] | None = None
) -> str:
    """Return a SHA-256 over files, facts, Python and every installed distribution's version.

    Paths count as they are from `root`, so that a clone elsewhere has the same digest.
    """
    total = hashlib.sha256(b"route 1")
    for name, value in sorted((facts or {}).items()):
        _feed(total, name.encode(), value.encode())
    for line in (sys.version, *_distributions()):
        _feed(total, line.encode())
    base = root.resolve()
    for label, data in sorted((_label(path, base), data) for path, data in files.items()):
        _feed(total, label.encode(), hashlib.sha256(data).digest())
    return total.hexdigest()


def _feed(total: hashlib._Hash, *parts: bytes) -> None:
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)


def _label(path: Path, base: Path) -> str:
    return str(path.relative_to(base)) if path.is_relative_to(base) else str(path)


@lru_cache(maxsize=1)
def _distributions() -> tuple[str, ...]:
    """Return name-version of what is installed, from the names of the metadata folders."""
    found: set[str] = set()
    for entry in map(Path, sys.path):
        if entry.is_dir():
            found.update(p.name for p in entry.glob("*.dist-info"))
            found.update(p.name for p in entry.glob("*.egg-info"))
    return tuple(sorted(found))
