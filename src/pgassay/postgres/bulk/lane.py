"""A lane: one place of work, with a connection and, where rows are many, a process to make them."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.postgres.bulk.placing import place
from pgassay.postgres.bulk.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.volume import VolumeSource
    from pgassay.postgres.bulk.orders import Order
    from pgassay.postgres.servers import Server

_CANCEL_SECONDS = 5.0


class Lane:
    """One place of work. Used by one thread; `interrupt` may be called from another.

    Args:
        server: where.
        database: the database.
        settings: statements that set its sessions up.
        source: what makes the rows.
        apart: the source pickled, if rows are made in a process of their own.
    """

    def __init__(
        self,
        server: Server,
        database: str,
        settings: tuple[str, ...],
        source: VolumeSource,
        *,
        apart: bytes | None,
    ) -> None:
        self._server, self._database = server, database
        self._settings, self._source, self._apart = settings, source, apart
        self._connection: psycopg.Connection[Any] | None = None
        self._worker: Worker | None = None
        self._state = threading.Lock()
        self._interrupted = False

    @property
    def source(self) -> VolumeSource:
        """What makes the rows."""
        return self._source

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """Its connection, opened when first needed."""
        if self._connection is None:
            connection = self._server.connect(self._database)
            with self._state:
                self._connection = connection
            for setting in self._settings:
                connection.execute(setting.encode())
        if self._interrupted:
            raise InterruptedError
        return self._connection

    def copy(self, order: Order, report: Callable[[int, int], None]) -> None:
        """Have a stream copied, in the process of its own if there is one.

        Raises:
            psycopg.Error, PgassayError: it was not; nothing of it is there.
        """
        if self._apart is None:
            place(self.connection, self._source, order, report)
            return
        if self._worker is None:
            conninfo = self._server.conninfo(self._database)
            worker = Worker(conninfo, self._settings, self._apart)
            with self._state:
                self._worker = worker
        if self._interrupted:  # while the process was being started
            raise InterruptedError
        self._worker.copy(order, report)

    def interrupt(self) -> None:
        """Break off what is being done; the thread that does it hears of it as an error."""
        with self._state:
            self._interrupted = True
            worker, connection = self._worker, self._connection
        if worker is not None:
            worker.kill()
        if connection is not None:
            with contextlib.suppress(psycopg.Error):
                connection.cancel_safe(timeout=_CANCEL_SECONDS)

    def close(self) -> None:
        """Let go of the process and the connection."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
