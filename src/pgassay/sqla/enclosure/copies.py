"""pgassay's side of copies: processes that have read what is needed give birth to others.

Starting an interpreter, the libraries, the revisions and the models costs a second or two of
processor time; a copy of a process that has them (fork(2)) costs some ten milliseconds. The
nursery has the libraries: its copies become enclosures for any target. A mother is an enclosure
that has read the project: her copies are for her target, behind her walls.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from pgassay.core.errors import PgassayError, SchemaError
from pgassay.sqla.enclosure.lines import Lines
from pgassay.sqla.enclosure.process import Enclosure, python_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from pgassay.sqla.enclosure.process import Process

_GONE = -9  # what a copy ends with whose parent is gone


class Parent(Protocol):
    """Whose copy a process is."""

    def ask(self, job: Mapping[str, object]) -> dict[str, Any]:
        """Do one job and return its result."""
        ...


class Nursery:
    """A process that has read the libraries, and makes copies of itself.

    Args:
        environment: of the route whose enclosures are to come.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._one_at_a_time = threading.Lock()
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", f"{__package__}.nursery", str(theirs.fileno())],
                env=dict(environment) | {"PYTHONPATH": python_path(environment)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._lines = Lines(self._channel)

    @staticmethod
    def is_possible() -> bool:
        """Whether this machine can copy processes and wait for what is no child."""
        return sys.platform.startswith("linux") and hasattr(os, "pidfd_open")

    def close(self) -> None:
        """End it and all that is left of its copies; harmless twice."""
        self._channel.close()
        self._process.kill()
        self._process.wait()

    def ask(self, job: Mapping[str, object], descriptors: Sequence[int] = ()) -> dict[str, Any]:
        """Do one job and return its result.

        Raises:
            SchemaError: it is gone.
        """
        with self._one_at_a_time:
            try:
                message = json.dumps(job).encode() + b"\n"
                socket.send_fds(self._channel, [message], list(descriptors))
                reply = self._lines.read()
            except OSError:
                reply = None
        if reply is None:
            raise SchemaError("the process that makes processes is gone", expected="a reply")
        done: dict[str, Any] = reply[0]["done"]
        return done


class Mother(Enclosure):
    """An enclosure that does no work itself: it reads what is needed, and is copied.

    Args:
        nursery: whose copy it is.
        what: as for any enclosure.
    """

    def __init__(self, nursery: Nursery, **what: Any) -> None:
        super().__init__(**what)
        self._nursery = nursery
        self._one_at_a_time = threading.Lock()

    def _started(self, theirs: socket.socket) -> Process:
        job = {
            "do": "copy",
            "root": str(self._root),
            "environment": dict(self._environment) | {"PYTHONPATH": python_path(self._environment)},
        }
        born = self._nursery.ask(job, (theirs.fileno(), self._output.fileno()))
        return Copied(int(born["pid"]), self._nursery)

    def prepare(self) -> bool:
        """Read what a migration needs; return whether copies can be made."""
        try:
            return bool(self.ask({"do": "prepare"})["copied"])
        except PgassayError:
            return False  # whoever runs a migration meets it again, and tells

    def ask(self, job: Mapping[str, object]) -> dict[str, Any]:
        """Do one job and return its result; from any thread."""
        with self._one_at_a_time:
            return super().ask(job)

    def bear(self, descriptors: tuple[int, int]) -> int:
        """Make a copy that has these for its channel and its output; return its process."""
        with self._one_at_a_time:
            return int(self._replied({"do": "copy"}, descriptors)["pid"])


class Copy(Enclosure):
    """A copy of a mother, for the same target."""

    def __init__(self, mother: Mother) -> None:
        # All that describes it is the mother's, the wall's refusals too: it is one wall.
        self.__dict__.update(mother.__dict__)
        self._mother = mother
        self._told = []
        self._buffer = b""
        self._watch = None  # the mother's, as long as she lives
        self._stop = threading.Event()
        self._process = None

    def __enter__(self) -> Self:
        """Have the copy made."""
        self._output = tempfile.TemporaryFile()
        ours, theirs = socket.socketpair()
        self._channel = ours
        try:
            with theirs:
                pid = self._mother.bear((theirs.fileno(), self._output.fileno()))
            self._process = Copied(pid, self._mother)
        except BaseException:
            self.close()
            raise
        return self


class Copied:
    """The process of a copy; as `process.Process` has it."""

    def __init__(self, pid: int, parent: Parent) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._parent = parent
        try:
            self._descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._descriptor, self.returncode = -1, _GONE

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end (pidfd_open(2): the descriptor can be read then)."""
        if self.returncode is None:
            milliseconds = None if timeout is None else timeout * 1000
            poll = select.poll()
            poll.register(self._descriptor, select.POLLIN)
            if not poll.poll(milliseconds):
                raise subprocess.TimeoutExpired([str(self.pid)], timeout or 0.0)
            os.close(self._descriptor)
            self.returncode = self._status()
        return self.returncode

    def _status(self) -> int:
        with suppress(PgassayError, OSError):  # it may be gone, and all its copies with it
            return int(self._parent.ask({"do": "status", "pid": self.pid})["status"])
        return _GONE
