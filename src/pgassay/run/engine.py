"""Which pgassay this is, down to the file: what it keeps between runs is void when it changes."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

import pgassay


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """Return a digest of the engine's version and of the size and time of its every file."""
    root = Path(pgassay.__file__).parent
    total = hashlib.sha256(pgassay.__version__.encode())
    for folder, _, files in sorted(os.walk(root)):
        for name in sorted(files):
            if name.endswith(".py"):
                status = os.stat(f"{folder}/{name}")  # noqa: PTH116 - hundreds of files at every start
                facts = f"{folder}/{name} {status.st_size} {status.st_mtime_ns}\n"
                total.update(facts.removeprefix(str(root)).encode())
    return total.hexdigest()
