"""Files of a stopped server: grown to any length without taking room, and made small again.

A page of zeros is a new page, which EXPLAIN never reads, and a hole in a file is a page of zeros. A
relation's file is divided into segments of 1 GiB (PostgreSQL documentation, Database File Layout).
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.errors import MachineError
from pgassay.postgres.servers.run_directory import DIRECTORY_VARIABLE, explain_disk
from pgassay.staging.pages import PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pgassay.postgres.servers.identity import Identity

SEGMENT = 131_072
"""Pages of a segment."""
_TRIAL = 64 * 2**20
_MOST_TAKEN = 2**20  # of the trial: a file system's own bookkeeping


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWish:
    """What a file is to be: so many pages, some of them these."""

    path: str
    blocks: int
    pages: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Files:
    """The files beneath a data directory, while no server runs there."""

    data: Path
    identity: Identity

    def check_holes(self) -> None:
        """Refuse a file system on which holes take room.

        Raises:
            MachineError: it has none.
        """
        path = self.data / "holes"
        with explain_disk(path):
            try:
                path.write_bytes(b"")
                os.truncate(path, _TRIAL)
                taken = path.stat().st_blocks * 512
            finally:
                path.unlink(missing_ok=True)
        if taken > _MOST_TAKEN:
            raise MachineError(
                f"the file system of {self.data} keeps no sparse files: a hole of 64 MiB takes "
                f"{taken / 2**20:.0f} MiB",
                expected="a file system with holes: ext4, xfs, btrfs, tmpfs",
                why="the stage's files are as long as production's, and hold nothing",
                fix=f"point {DIRECTORY_VARIABLE} at a folder on another file system",
            )

    def content(self, path: str) -> bytes:
        """Return what a file holds; it is small."""
        return (self.data / path).read_bytes()

    def make(self, wish: FileWish, content: bytes) -> None:
        """Make a file what it is to be, from what it held when it was small.

        Raises:
            MachineError: it cannot be written.
        """
        first = self.data / wish.path
        with explain_disk(first):
            self._segment(first, min(wish.blocks, SEGMENT), content, wish.pages)
            whole, rest = divmod(wish.blocks, SEGMENT)
            number = 1
            while number < whole or (number == whole and rest):
                path = first.with_name(f"{first.name}.{number}")
                self._segment(path, SEGMENT if number < whole else rest, b"", {})
                number += 1
            with contextlib.suppress(FileNotFoundError):
                while True:
                    first.with_name(f"{first.name}.{number}").unlink()
                    number += 1

    def shrink(self, path: str, content: bytes) -> None:
        """Make a file what it was when it was small."""
        self.make(FileWish(path=path, blocks=len(content) // PAGE), content)

    def taken(self) -> int:
        """Return the bytes that the data directory really takes."""
        return sum(
            os.lstat(os.path.join(folder, name)).st_blocks * 512  # noqa: PTH118 - os.walk's
            for folder, _, names in os.walk(self.data)
            for name in names
        )

    def _segment(self, path: Path, blocks: int, content: bytes, pages: Mapping[int, bytes]) -> None:
        new = not path.exists()
        with path.open("wb", buffering=0) as file:
            file.write(content[: blocks * PAGE])
            for number, page in pages.items():
                if number < blocks:
                    file.seek(number * PAGE)
                    file.write(page)
            file.truncate(blocks * PAGE)
        if new:
            path.chmod(0o600)
            self.identity.give(path)
