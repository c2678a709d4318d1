"""pgassay's side of the enclosure: start it, ask, answer its connections, end it.

One process serves any number of jobs on one target, so that a history can be walked up and down
at the price of one start. It is a session of its own; everything in it ends with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any, ClassVar, Protocol, Self

from pgassay.core.errors import PgassayError, SchemaError, refused
from pgassay.sqla.enclosure.wall import Refusal, Watch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from pgassay.core.route import Target

STOPPED = "pgassay stopped the revision here"
"""What the error of a stop that was asked for says."""
_PATIENCE = 600.0
_LAST_LINES = 12


class Process(Protocol):
    """A process that this one has started, or that a copy was made of; as `subprocess.Popen`."""

    @property
    def pid(self) -> int:
        """Its number, which nobody else gets before `wait` has returned."""
        ...

    @property
    def returncode(self) -> int | Any | None:
        """How it has ended, once `wait` has returned."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; subprocess.TimeoutExpired if that does not come in time."""
        ...


class Enclosure:
    """A process that runs a project's code against `target` and nothing else.

    Args:
        root: the project's folder: the working directory, first on `sys.path`.
        target: the throwaway.
        environment: all that it sees of the environment.
        kind: `metadata` or `alembic`.
        setting: what else the jobs need to know.
        patience: seconds that one job may take.

    Attributes:
        kernel: whether the kernel is asked to keep the wall. Where it cannot, the other walls
            stand alone, and programs are not started at all.
    """

    kernel: ClassVar[bool] = True

    def __init__(
        self,
        *,
        root: Path,
        target: Target,
        environment: Mapping[str, str],
        kind: str,
        setting: Mapping[str, object] | None = None,
        patience: float = _PATIENCE,
    ) -> None:
        self._root, self._target, self._environment = root, target, environment
        self._first = {
            "kind": kind,
            "root": str(root),
            "target": asdict(target),
            "kernel": self.kernel,
            **(setting or {}),
        }
        self._patience = patience
        self._refused: list[Refusal] = []
        self._told: list[str] = []
        self._buffer = b""
        self._watch: Watch | None = None
        self._stop = threading.Event()
        self._process: Process | None = None

    def __enter__(self) -> Self:
        """Start the process and wait until its walls are up."""
        self._output: IO[bytes] = tempfile.TemporaryFile()
        ours, theirs = socket.socketpair()
        self._channel = ours
        try:
            with theirs:
                self._process = self._started(theirs)
            self._greet()
        except BaseException:
            self.close()
            raise
        return self

    def _started(self, theirs: socket.socket) -> Process:
        """Start the process with its end of the channel."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "pgassay.sqla.enclosure", str(theirs.fileno())],
            cwd=self._root,
            env=dict(self._environment) | {"PYTHONPATH": python_path(self._environment)},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process and all that it started."""
        self.close()

    def close(self) -> None:
        """End the process and all that it started; harmless twice."""
        self._channel.close()
        if process := self._process:
            if not self._stop.is_set():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(2.0)
            self._kill()
            process.wait()
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self._output.close()

    @property
    def pid(self) -> int:
        """The number of the process, once it was started."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End the process at once, as if somebody had killed it; a job that runs then fails."""
        self._kill()

    def ask(self, job: Mapping[str, object]) -> dict[str, Any]:
        """Do one job and return its result.

        Raises:
            SchemaError: the project's code failed, or was refused a connection.
        """
        return self._replied(job, ())

    def _replied(self, job: Mapping[str, object], descriptors: Sequence[int]) -> dict[str, Any]:
        deadline = time.monotonic() + self._patience
        with contextlib.suppress(OSError):  # it has ended: the reply says why
            message = json.dumps(job).encode() + b"\n"
            if descriptors:
                socket.send_fds(self._channel, [message], list(descriptors))
            else:
                self._channel.sendall(message)
        while True:
            reply = self._line(deadline)
            if reply is None:
                raise self._ended()
            if "refused" in reply:
                self._told.append(f"{reply['where']} asked for {reply['refused']}")
            elif "error" in reply:
                raise self._error(reply["error"])
            elif "crash" in reply:
                raise RuntimeError(f"in the enclosure:\n{reply['crash']}")
            else:
                return self._result(reply["done"])

    def _greet(self) -> None:
        self._channel.settimeout(self._patience)
        self._channel.sendall(json.dumps(self._first).encode() + b"\n")
        data, descriptors, _, _ = socket.recv_fds(self._channel, 65536, 1)
        if descriptors:
            self._watch = Watch(descriptors[0], self._target, self._alarm)
        if not data:
            raise self._ended()
        self._buffer = data.partition(b"\n")[2]

    def _alarm(self, refusal: Refusal) -> None:
        """Note a refusal of the wall; one of PostgreSQL ends everything."""
        self._refused.append(refusal)
        if refusal.postgres:
            self._kill()

    def _kill(self) -> None:
        self._stop.set()
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:  # a copy that has not come to make a session of its own
            if self._process.returncode is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(self._process.pid, signal.SIGKILL)
        except PermissionError:
            pass

    def _line(self, deadline: float) -> dict[str, Any] | None:
        while b"\n" not in self._buffer:
            try:
                self._channel.settimeout(max(0.01, deadline - time.monotonic()))
                data = self._channel.recv(65536)
            except TimeoutError:
                raise self._late() from None
            except ConnectionError:
                data = b""
            if not data:
                return None
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _result(self, done: dict[str, Any]) -> dict[str, Any]:
        if any(refusal.postgres for refusal in self._refused):
            raise self._ended()
        return done

    def _error(self, parts: Mapping[str, str | None]) -> PgassayError:
        found = parts["found"] or "it failed"
        attempts = [*self._told, *(f"{r.program} asked for {r.place}" for r in self._refused)]
        if attempts:
            found += "\nconnections that were refused: " + "; ".join(dict.fromkeys(attempts))
        return refused(
            found,
            where=parts["where"],
            expected=parts["expected"],
            why=parts["why"],
            fix=parts["fix"],
        )

    def _ended(self) -> SchemaError:
        """Return the error for a process that is gone without a reply."""
        refusal = next((one for one in self._refused if one.postgres), None)
        if refusal is not None:
            return SchemaError(
                f"{refusal.program} tried to connect to {refusal.place}; refused before it opened",
                where=str(self._root),
                expected="only the throwaway database is reached while a route runs",
                why="a migration that finds its database by itself would change a real one",
                fix="take the URL from the Alembic configuration, from -x url=, or from an "
                "environment variable: pgassay fills them with the throwaway's",
            )
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5.0)
        return SchemaError(
            f"the process ended with {self._process.returncode}\n{self._tail()}".rstrip(),
            where=str(self._root),
            expected="code that returns",
        )

    def _late(self) -> SchemaError:
        self._kill()
        return SchemaError(
            f"no end after {self._patience:.0f} s\n{self._tail()}".rstrip(),
            where=str(self._root),
            why="it may wait for a lock, or for a server that is not the throwaway",
        )

    def _tail(self) -> str:
        self._output.seek(0)
        lines = self._output.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-_LAST_LINES:])


def python_path(environment: Mapping[str, str]) -> str:
    """Return PYTHONPATH with the folder of pgassay itself, which may not be installed."""
    import pgassay  # noqa: PLC0415 - only its place is of interest

    here = os.path.dirname(os.path.dirname(os.path.abspath(pgassay.__file__)))  # noqa: PTH100, PTH120 - plain text
    given = environment.get("PYTHONPATH")
    return os.pathsep.join([given, here] if given else [here])
