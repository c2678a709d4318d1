"""The folder one server lives in while it runs: data, socket, log. In memory where there is room.

Each is named after a random run id, so two runs never meet, and holds a lock file that the watcher
has locked; the kernel releases it when the watcher is gone. That makes a left-over (a machine that
killed every process at once, the watcher too) provable: the next run removes it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import secrets
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.postgres.servers.identity import Identity

DIRECTORY_VARIABLE = "PGASSAY_TMP"
PREFIX = "pgassay-"
_NAME = re.compile(rf"{PREFIX}[0-9a-f]{{12}}\Z")  # nothing else is ever removed as left over
SOCKET_PATH_LIMIT = 103  # sun_path of macOS; Linux has 107
_MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - Linux's memory disk; our folder in it is private
_SETTLING_SECONDS = 60  # how long a folder may have no lock yet
_LARGEST_SOCKET = len("/.s.PGSQL.65535")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDirectory:
    """The folder of one server.

    Attributes:
        run_id: twelve hexadecimal digits.
        path: the folder; every user may pass through it, not list it.
        socket: where the server's Unix socket is.
        in_memory: whether it is on a memory disk.
    """

    run_id: str
    path: Path
    socket: Path
    in_memory: bool

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """What initdb and the server said."""
        return self.path / "server.log"

    @property
    def lock(self) -> Path:
        """The file that is locked as long as the watcher lives."""
        return self.path / "lock"

    @property
    def paths(self) -> tuple[Path, ...]:
        """All that has to go at the end."""
        return (self.path,) if self.socket.parent == self.path else (self.path, self.socket)

    def prepare(self, identity: Identity) -> None:
        """Make the folder and the sockets' folder. The watcher holds the lock afterwards.

        Raises:
            MachineError: the place is full or not writable.
        """
        with explain_disk(self.path):
            self.path.mkdir(mode=0o700)
            self.socket.mkdir(mode=0o700)
            identity.give(self.socket)
            if identity.steps_down:
                self.path.chmod(0o711)


def choose_run_directory(room: int, identity: Identity) -> RunDirectory:
    """Choose a place with `room` bytes for a server; nothing is made yet.

    PGASSAY_TMP, if set, is the only candidate; otherwise the memory disk, then TMPDIR.

    Raises:
        MachineError: no candidate will do; says why for each.
    """
    run_id = secrets.token_hex(6)
    given = os.environ.get(DIRECTORY_VARIABLE)
    parents = [Path(given)] if given else _unique(_MEMORY_DISK, Path(tempfile.gettempdir()))
    reasons = []
    for parent in parents:
        reason = _objection(parent, room, identity)
        if reason is None:
            remove_abandoned(parent)
            path = parent.resolve() / f"{PREFIX}{run_id}"
            return RunDirectory(
                run_id=run_id,
                path=path,
                socket=_socket_directory(path),
                in_memory=parent == _MEMORY_DISK,
            )
        reasons.append(f"{parent}: {reason}")
    raise MachineError(
        "there is no place for a throwaway server: " + "; ".join(reasons),
        expected=f"a writable folder with {room // 2**20} MiB free",
        fix=f"free some space, or point {DIRECTORY_VARIABLE} at another folder",
    )


@contextlib.contextmanager
def explain_disk(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals to write into errors a person can act on."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, path) from error


def disk_error(error: OSError, path: Path) -> MachineError:
    """Return the error for a disk that is full or cannot be written."""
    # shutil.copytree keeps the reasons of all its files in one error, as text alone.
    full = (errno.ENOSPC, errno.EDQUOT)
    if error.errno in full or any(os.strerror(number) in str(error) for number in full):
        return MachineError(
            f"the disk that holds {path} is full",
            fix=f"free some space, or point {DIRECTORY_VARIABLE} at another folder",
        )
    return MachineError(
        f"{error.filename or path} cannot be written: {error.strerror or error}",
        fix=f"make it writable, or point {DIRECTORY_VARIABLE} at another folder",
    )


def remove_abandoned(parent: Path) -> list[Path]:
    """Remove the folders of runs that are gone, with the server that may still run in one.

    Gone means: the lock inside could be taken. Folders of other users are left alone.
    """
    removed = []
    for path in parent.glob(f"{PREFIX}*"):
        try:
            if not _NAME.match(path.name):
                continue
            if path.is_symlink() or path.stat().st_uid != os.geteuid() or not path.is_dir():
                continue
            if not _is_abandoned(path):
                continue
        except OSError:
            continue  # it went away, or is not ours to look at
        _end_server(path / "data")
        shutil.rmtree(path, ignore_errors=True)
        removed.append(path)
    return removed


def _is_abandoned(path: Path) -> bool:
    """Whether nobody holds the lock inside; a folder without one is given time to settle."""
    try:
        lock = os.open(path / "lock", os.O_RDWR)
    except FileNotFoundError:
        return time.time() - path.stat().st_mtime > _SETTLING_SECONDS
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _end_server(data: Path) -> None:
    """End the server that runs in `data`, if the process named there really does."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])
        if Path(f"/proc/{pid}/cwd").resolve() != data:
            return
        os.kill(pid, signal.SIGQUIT)
        for _ in range(200):
            os.kill(pid, 0)
            time.sleep(0.01)


def _objection(parent: Path, room: int, identity: Identity) -> str | None:
    """Return why a server cannot live below `parent`, None if it can."""
    if not parent.is_dir():
        return "is not a folder"
    if not os.access(parent, os.W_OK | os.X_OK):
        return "is not writable"
    if not identity.can_search(parent):
        return f"cannot be reached by {identity.story}"
    status = os.statvfs(parent)
    free = status.f_bavail * status.f_frsize
    if free < room:
        return f"has {free // 2**20} MiB free"
    if parent == _MEMORY_DISK:
        memory = _free_memory()
        if memory is not None and memory < 2 * room:
            return f"the machine has {memory // 2**20} MiB of memory left"
    return None


def _free_memory() -> int | None:
    """Return the bytes of memory left to this process, control group included; None: unknown."""
    amounts = []
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        amounts += [
            int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")
        ]
    with contextlib.suppress(OSError, ValueError):  # "max" is no number: no limit
        group = Path("/sys/fs/cgroup")
        limit = int((group / "memory.max").read_text(encoding="ascii"))
        amounts.append(limit - int((group / "memory.current").read_text(encoding="ascii")))
    return min(amounts) if amounts else None


def _socket_directory(path: Path) -> Path:
    """Return a folder whose sockets have short enough names: unix(7) allows about 100 bytes."""
    inside = path / "socket"
    if len(os.fsencode(inside)) + _LARGEST_SOCKET <= SOCKET_PATH_LIMIT:
        return inside
    return Path("/tmp") / path.name  # noqa: S108 - private (0700) and random, as mkdtemp's


def _unique(*paths: Path) -> list[Path]:
    return list(dict.fromkeys(paths))
