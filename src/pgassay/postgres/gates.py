"""Gates: places where another process waits until it is let through.

A gate is an advisory lock that this side holds on a connection of its own; whoever comes to it
asks for the lock, and can be seen waiting (PostgreSQL documentation, Explicit Locking, Advisory
Locks; pg_locks). Nothing is timed: both sides know where the other one is.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FIRST = 0x7067_6173_7361_7900  # a number that no project takes for its own lock
_NUMBERS = count(1)
_PAUSE = 0.005
# A key of one bigint is shown in two halves; objsubid 1 says that it is one.
_WAITING = (
    "select l.pid from pg_catalog.pg_locks l where l.locktype = 'advisory' and not l.granted"
    " and l.objsubid = 1 and ((l.classid::bigint << 32) | l.objid::bigint) = %s"
)


class Gates:
    """Makes gates on one connection, in autocommit mode, to the database that the others use."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    @contextmanager
    def shut(self) -> Iterator[Gate]:
        """Give a gate that is shut; it is opened at the end."""
        gate = Gate(connection=self._connection, key=_FIRST + next(_NUMBERS))
        self._connection.execute("select pg_catalog.pg_advisory_lock(%s)", [gate.key])
        try:
            yield gate
        finally:
            gate.open()


@dataclass(slots=True, kw_only=True)
class Gate:
    """One gate: `key` is the advisory lock that waits before it."""

    connection: psycopg.Connection[Any]
    key: int
    opened: bool = False

    def is_waited_at(self) -> bool:
        """Whether somebody stands before it."""
        return self.connection.execute(_WAITING, [self.key]).fetchone() is not None

    def wait(self, seconds: float, otherwise: Callable[[], bool]) -> bool:
        """Wait until somebody stands before it; False if `otherwise` came true, or time is up."""
        deadline = time.monotonic() + seconds
        while not self.is_waited_at():
            if otherwise() or time.monotonic() > deadline:
                return self.is_waited_at()
            time.sleep(_PAUSE)
        return True

    def open(self) -> None:
        """Let through whoever stands there or comes later; harmless twice."""
        if not self.opened and not self.connection.closed:
            with suppress(psycopg.OperationalError):  # the server is gone, and the lock with it
                self.connection.execute("select pg_catalog.pg_advisory_unlock(%s)", [self.key])
        self.opened = True
