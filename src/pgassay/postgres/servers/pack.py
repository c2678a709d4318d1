"""A stopped cluster in one file: written once, unpacked for each run, checked as it is read.

One file instead of a thousand makes the cache simple: it appears by an atomic rename, a reader
that has it open is not disturbed when it is pruned, and a cut or a flipped byte is noticed. The
zeros at the end of files (most of a fresh write-ahead log) are neither stored nor written, and the
holes of a stage's files are not even read.

Layout: magic, the contents one after another, the index (JSON), its length and checksum.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import struct
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import FileIO
    from pathlib import Path

    from pgassay.postgres.servers.identity import Identity

MAGIC = b"pgassay cluster pack 2\n"
_TAIL = struct.Struct(">QI")
_CHUNK = 1 << 20
_LEFT_OUT = {"postmaster.pid", "postmaster.opts", "postgresql.auto.conf.tmp"}


class DamagedPackError(Exception):
    """A pack is cut short or changed; it must be made anew."""


class UnpackableClusterError(Exception):
    """A cluster reaches outside its own directory (a tablespace), so it cannot be kept."""


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    is_directory: bool
    stored: int
    size: int


def write_pack(cluster: Path, target: BinaryIO, facts: Mapping[str, str]) -> None:
    """Write the stopped cluster in the directory `cluster` to `target`, reading it once.

    Args:
        cluster: a data directory with no server in it.
        target: an open binary file at its start.
        facts: what is to be known about it later.

    Raises:
        UnpackableClusterError: it has a tablespace outside of itself.
        OSError: the disk is full.
    """
    target.write(MAGIC)
    entries = []
    checksum = 0
    for entry in _entries(cluster):
        stored = 0
        if not entry.is_directory:
            for block in _without_zeros(cluster, entry):
                checksum = zlib.crc32(block, checksum)
                target.write(block)
                stored += len(block)
        entries.append((entry.path, entry.is_directory, stored, entry.size))
    index = {"facts": dict(facts), "checksum": checksum, "entries": entries}
    written = json.dumps(index).encode()
    target.write(written + _TAIL.pack(len(written), zlib.crc32(written)))


def _without_zeros(cluster: Path, entry: _Entry) -> Iterator[bytes]:
    """Yield a file up to its last byte that is not zero, in blocks: it may exceed memory."""
    at, zeros = 0, 0
    with (cluster / entry.path).open("rb", buffering=0) as file:
        while (data := _behind_hole(file, at)) < entry.size:
            zeros += data - at
            file.seek(data)
            block = file.read(min(_CHUNK, entry.size - data))
            if not block:
                raise UnpackableClusterError(f"{entry.path} changes while it is read")
            at = data + len(block)
            kept = block.rstrip(b"\0")
            if kept:
                while zeros:
                    part = min(zeros, _CHUNK)
                    yield bytes(part)
                    zeros -= part
                yield kept
            zeros += len(block) - len(kept)


def _behind_hole(file: FileIO, at: int) -> int:
    """Return where the next data of a file is: a hole of gigabytes is not read."""
    try:
        return os.lseek(file.fileno(), at, os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return sys.maxsize  # a hole up to the end
        if error.errno == errno.EINVAL:
            return at  # a file system that does not tell
        raise


def read_pack(source: Path, target: Path, identity: Identity) -> dict[str, str]:
    """Unpack into the directory `target`, which must not exist; return the facts.

    Raises:
        DamagedPackError: the pack is not whole. What was unpacked so far stays.
        FileNotFoundError: there is no such pack.
        OSError: the disk is full.
    """
    with source.open("rb") as file, _mapped(file) as content:
        facts, checksum, entries, stored = _read_index(content)
        with ThreadPoolExecutor(1) as pool, stored as view:
            seen = pool.submit(_checksum, view[:])
            _write_entries(view[:], entries, target, identity)
            if seen.result() != checksum:
                raise DamagedPackError(f"{source} does not have the checksum it was written with")
    return facts


def _entries(cluster: Path) -> Iterator[_Entry]:
    for folder, names, files in os.walk(cluster):
        inside = os.path.relpath(folder, cluster)
        yield _Entry(inside, is_directory=True, stored=0, size=0)
        for name in (*names, *files):
            if os.path.islink(os.path.join(folder, name)):  # noqa: PTH114, PTH118 - os.walk's text
                raise UnpackableClusterError(f"{inside}/{name} leads out of the data directory")
        for name in files:
            if name not in _LEFT_OUT:
                size = os.path.getsize(os.path.join(folder, name))  # noqa: PTH118, PTH202 - text
                yield _Entry(os.path.join(inside, name), False, 0, size)  # noqa: PTH118 - text


def _mapped(file: BinaryIO) -> mmap.mmap:
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as error:  # an empty file cannot be mapped
        raise DamagedPackError(f"{file.name} is empty") from error


def _read_index(content: mmap.mmap) -> tuple[dict[str, str], int, list[_Entry], memoryview]:
    """Return the facts, the checksum of the contents, the entries, and the contents."""
    if content[: len(MAGIC)] != MAGIC or len(content) < len(MAGIC) + _TAIL.size:
        raise DamagedPackError("not a cluster pack")
    tail = len(content) - _TAIL.size
    length, index_checksum = _TAIL.unpack(content[tail:])
    start = tail - length
    raw = content[max(start, 0) : tail]
    if not raw or start < len(MAGIC) or zlib.crc32(raw) != index_checksum:
        raise DamagedPackError("the index is damaged")
    index = json.loads(raw)
    entries = [_Entry(*row) for row in index["entries"]]
    if len(MAGIC) + sum(entry.stored for entry in entries) != start:
        raise DamagedPackError("the contents are cut short")
    if any(entry.path.startswith("/") or ".." in entry.path.split("/") for entry in entries):
        raise DamagedPackError("a path leads out of the cluster")
    return index["facts"], index["checksum"], entries, memoryview(content)[len(MAGIC) : start]


def _checksum(view: memoryview) -> int:
    checksum = 0
    for start in range(0, len(view), _CHUNK):
        checksum = zlib.crc32(view[start : start + _CHUNK], checksum)
    view.release()
    return checksum


def _write_entries(
    view: memoryview, entries: list[_Entry], target: Path, identity: Identity
) -> None:
    root = str(target)
    uid, gid = identity.uid, identity.gid
    position = 0
    with view:
        for entry in entries:
            path = root if entry.path == "." else f"{root}/{entry.path}"
            if entry.is_directory:
                os.mkdir(path, 0o700)  # noqa: PTH102 - a thousand times per start
                if uid is not None and gid is not None:
                    os.chown(path, uid, gid)
                continue
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                _write(descriptor, view[position : position + entry.stored])
                if entry.size != entry.stored:
                    os.ftruncate(descriptor, entry.size)
                if uid is not None and gid is not None:
                    os.fchown(descriptor, uid, gid)
            finally:
                os.close(descriptor)
            position += entry.stored


def _write(descriptor: int, content: memoryview) -> None:
    with content:
        start = 0
        while start < len(content):
            start += os.write(descriptor, content[start:])
