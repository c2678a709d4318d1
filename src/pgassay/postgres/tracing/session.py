"""Watching a psycopg connection: SQL files, and whatever pgassay runs by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import pq

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.errors import Diagnostic

    from pgassay.postgres.tracing.watcher import Watcher


class PsycopgSession:
    """An `OwnSession` over psycopg."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._warnings: list[str] = []

    def hear(self, told: Diagnostic) -> None:
        """Take what the server says beside its answers; warnings are kept."""
        if told.severity_nonlocalized == "WARNING" and told.sqlstate:
            self._warnings.append(told.sqlstate)

    def warnings(self) -> tuple[str, ...]:
        """Return the SQLSTATEs of the server's warnings since it was last asked."""
        found = tuple(self._warnings)
        self._warnings.clear()
        return found

    @property
    def pid(self) -> int:
        """Its server process."""
        return self._connection.info.backend_pid

    @property
    def commits_alone(self) -> bool:
        """Whether the next statement will be a transaction of its own."""
        idle = self._connection.info.transaction_status is pq.TransactionStatus.IDLE
        return self._connection.autocommit and idle

    def ask(self, question: str) -> str:
        """Return the one value of a SELECT."""
        row = self._connection.execute(question.encode()).fetchone()
        return str(row[0]) if row else ""


def run_watched(
    connection: Connection[Any], watcher: Watcher, text: str, *, source: str | None = None
) -> None:
    """Run one statement, or a string of several, under watch.

    Raises:
        psycopg.Error: the server refuses it; the record of it is kept.
    """
    session = PsycopgSession(connection)
    watcher.before(session, text)
    connection.add_notice_handler(session.hear)
    try:
        cursor = connection.execute(text.encode())
    except psycopg.Error as error:
        watcher.after(session, text, source=source, error=error)
        raise
    finally:
        connection.remove_notice_handler(session.hear)
    watcher.after(session, text, rows=cursor.rowcount, source=source)
    if connection.info.transaction_status is pq.TransactionStatus.IDLE:
        undone = text.strip().lower().startswith(("rollback", "abort"))
        watcher.transaction_ended("rollback" if undone else "commit", session.pid)
