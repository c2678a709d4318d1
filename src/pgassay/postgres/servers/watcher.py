"""The owner's side of the watcher: start it, have it run programs, let it clean up.

One watcher per server. It is started before the first directory exists and is told every path
beforehand, so there is no moment at which a killed owner leaves something behind.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pgassay.core.errors import MachineError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.postgres.servers.identity import Identity

_SCRIPT = Path(__file__).with_name("watcher_process.py")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")


class Watcher:
    """A process that ends what was started through it once this process is gone.

    Raises:
        MachineError: the watcher cannot be started, or it died.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._owner = os.getpid()
        self._mutex = threading.RLock()
        self._exits: dict[int, int] = {}
        self._pending = b""
        if not sys.executable:
            raise MachineError(
                "the path of the Python interpreter is unknown, so no watcher can be started",
                why="a server must never outlive the process that asked for it",
            )
        command = [sys.executable, "-I", "-S", str(_SCRIPT), str(self._owner)]
        command += map(str, paths)
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd="/",
                env=clean_environment(),
                start_new_session=True,
            )
        except OSError as error:
            raise MachineError(f"the watcher process cannot be started: {error}") from error

    @property
    def pid(self) -> int:
        """The watcher's own process id."""
        return self._process.pid

    def spawn(
        self,
        argv: Sequence[str],
        *,
        directory: Path,
        log: Path,
        identity: Identity,
        environment: Mapping[str, str],
        server: bool = False,
    ) -> int:
        """Start a program as `identity` and return its process id.

        Args:
            argv: the program's path and its arguments.
            directory: where it runs.
            log: the file that gets its output.
            identity: the user it runs as.
            environment: all the variables it sees.
            server: end it by an immediate shutdown rather than by killing it.
        """
        with self._mutex:
            self._send(
                "spawn",
                "server" if server else "program",
                str(-1 if identity.uid is None else identity.uid),
                str(-1 if identity.gid is None else identity.gid),
                str(directory),
                str(log),
                _pack_environment(environment),
                *identity.prefix,
                *argv,
            )
            while True:
                words = self._reply(deadline=time.monotonic() + 30)
                if words[0] == "pid":
                    return int(words[1])

    def exit_status(self, pid: int, *, seconds: float = 0) -> int | None:
        """Return how a program ended (negative: by which signal), None while it runs."""
        deadline = time.monotonic() + seconds
        with self._mutex:
            while pid not in self._exits:
                if self._wait_for_reply(deadline - time.monotonic()):
                    self._reply(deadline=deadline)
                elif time.monotonic() >= deadline:
                    return None
            return self._exits[pid]

    def signal(self, pid: int, number: int) -> None:
        """Send a signal to a program started here."""
        with self._mutex:
            self._send("signal", str(pid), str(int(number)))

    def also_remove(self, path: Path) -> None:
        """Have one more path removed at the end."""
        with self._mutex:
            self._send("remove", str(path))

    def hold_lock(self, path: Path) -> None:
        """Have a new file locked for as long as the watcher lives."""
        with self._mutex:
            self._send("lock", str(path))

    def run_last(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        """Have a command run when everything has ended."""
        with self._mutex:
            self._send("last", _pack_environment(environment), *argv)

    def forget_last(self) -> None:
        """Withdraw what `run_last` registered."""
        with self._mutex:
            self._send("last")

    def stop(self, *, seconds: float = 15) -> None:
        """End all programs, remove all paths, and wait for it."""
        if os.getpid() != self._owner:
            return  # a forked child must not end its parent's server
        with self._mutex, contextlib.suppress(MachineError, OSError):
            self._send("stop")
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, *fields: str) -> None:
        body = b"\0".join(os.fsencode(field) for field in fields)
        frame = memoryview(len(body).to_bytes(4, "big") + body)
        assert self._process.stdin is not None
        try:
            while frame:
                frame = frame[self._process.stdin.write(frame) or 0 :]
        except OSError as error:
            raise self._lost() from error

    def _wait_for_reply(self, seconds: float) -> bool:
        import select  # noqa: PLC0415 - with its only user

        if b"\n" in self._pending:
            return True
        assert self._process.stdout is not None
        poll = select.poll()
        poll.register(self._process.stdout.fileno(), select.POLLIN)
        return bool(poll.poll(max(0, seconds * 1000)))

    def _reply(self, *, deadline: float) -> list[str]:
        assert self._process.stdout is not None
        while b"\n" not in self._pending:
            if not self._wait_for_reply(deadline - time.monotonic()):
                raise self._lost()
            chunk = os.read(self._process.stdout.fileno(), 4096)
            if not chunk:
                raise self._lost()
            self._pending += chunk
        line, _, self._pending = self._pending.partition(b"\n")
        words = line.decode().split()
        if words[0] == "exit":
            self._exits[int(words[1])] = int(words[2])
        return words

    def _lost(self) -> MachineError:
        return MachineError(
            "the process that watches over the server is gone",
            why="without it a server could outlive its owner, so the server was ended with it",
            fix="run again; if it happens again, look for what kills processes on this machine",
        )


def clean_environment() -> dict[str, str]:
    """Return the variables a server may see: none of PG*, LC_* or PYTHON*."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {"LC_ALL": "C", "TZ": "UTC", **kept}


def _pack_environment(variables: Mapping[str, str]) -> str:
    return "\x1f".join(f"{name}={value}" for name, value in variables.items())
