"""The owner's side of a worker process: start it, give it streams, hear how far it is, end it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection as Channel
from typing import TYPE_CHECKING

from pgassay.core.errors import MachineError
from pgassay.postgres.bulk.orders import Failed, Opening, Order, Sent

if TYPE_CHECKING:
    from collections.abc import Callable


_PROGRAM = "pgassay.postgres.bulk.worker_process"


class Worker:
    """A process that makes rows and copies them. It is a session of its own: Ctrl-C is not for it.

    Args:
        conninfo: the database.
        settings: statements that set its session up.
        source: what makes the rows, pickled.
    """

    def __init__(self, conninfo: str, settings: tuple[str, ...], source: bytes) -> None:
        self._closing = threading.Lock()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", _PROGRAM, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._channel = Channel(ours.detach())
        opening = Opening(
            conninfo=conninfo,
            settings=settings,
            source=source,
            path=tuple(sys.path),
        )
        self._say(opening)

    def copy(self, order: Order, report: Callable[[int, int], None]) -> None:
        """Have a stream copied; returns when it is committed.

        Raises:
            PgassayError: it is not; nothing of it is there.
        """
        self._say(order)
        while isinstance(answer := self._hear(), Sent):
            report(answer.rows, answer.size)
        if not isinstance(answer, Failed):
            return
        raise answer.error or RuntimeError(f"a worker failed:\n{answer.trace}")

    def kill(self) -> None:
        """End the process, from any thread; who waits for its answer hears that it ended."""
        with self._closing:
            if self._process.returncode is None:
                self._process.kill()
                self._process.wait()

    def close(self) -> None:
        """End the process; what it has not committed is not there. Harmless twice."""
        self.kill()
        with contextlib.suppress(OSError):
            self._channel.close()

    def _say(self, words: object) -> None:
        try:
            self._channel.send(words)
        except OSError as gone:
            raise _ended() from gone

    def _hear(self) -> object:
        try:
            return self._channel.recv()
        except (EOFError, OSError) as gone:
            raise _ended() from gone


def _ended() -> MachineError:
    return MachineError(
        "a worker process ended in the middle of its work",
        why="the rows that it had not committed are not there",
        fix="see whether the machine has memory left; ask for fewer workers",
    )
