"""Inside the enclosure: every statement that an env.py sends through SQLAlchemy is watched."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from pgassay.postgres.tracing.watcher import Watcher
from pgassay.sqla.enclosure.guard import NOBODY, asking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, ExceptionContext

    from pgassay.core.route import Target
    from pgassay.core.trace import StatementTrace


class AlchemySession:
    """An `OwnSession` over the connection that SQLAlchemy is about to use, by any driver."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def pid(self) -> int:
        """Its server process."""
        info: dict[str, Any] = self._connection.info
        if "pgassay_pid" not in info:
            info["pgassay_pid"] = int(self.ask("select pg_catalog.pg_backend_pid()"))
        return int(info["pgassay_pid"])

    @property
    def commits_alone(self) -> bool:
        """Whether the next statement will be a transaction of its own."""
        return bool(getattr(self._connection.connection, "autocommit", False))

    def ask(self, question: str) -> str:
        """Return the one value of a SELECT, without SQLAlchemy hearing of it."""
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(question)
            row = cursor.fetchone()
            return str(row[0]) if row else ""
        finally:
            cursor.close()

    def warnings(self) -> tuple[str, ...]:
        """Return the SQLSTATEs of the server's warnings since it was last asked."""
        heard = _heard(self._connection)
        found = tuple(heard)
        heard.clear()
        return found


def _heard(connection: Connection) -> list[str]:
    """Return where a connection's warnings are gathered; listen from the first call on.

    psycopg and asyncpg hand them over; psycopg2 keeps their words alone, which nobody reads here.
    """
    info: dict[str, Any] = connection.info
    if "pgassay_warnings" not in info:
        heard: list[str] = []
        info["pgassay_warnings"] = heard

        def hear(told: Any) -> None:
            word = getattr(told, "severity_nonlocalized", None) or getattr(told, "severity_en", "")
            if word == "WARNING" and told.sqlstate:
                heard.append(str(told.sqlstate))

        driver: Any = connection.connection.driver_connection
        if hasattr(driver, "add_notice_handler"):
            driver.add_notice_handler(hear)
        elif hasattr(driver, "add_log_listener"):
            driver.add_log_listener(lambda _, told: hear(told))
    found: list[str] = info["pgassay_warnings"]
    return found


class Watching:
    """Watches statements of any engine of this process.

    Args:
        target: the database, with a probe in it.
        root: the project's folder; sources are told from there.
        script: the folder of env.py: what env.py itself sends is no part of a revision.
    """

    def __init__(self, target: Target, root: Path, script: Path) -> None:
        self._watcher = Watcher(target.conninfo())
        self._root = root
        env = script / "env.py"
        self._env = str(env.relative_to(root)) if env.is_relative_to(root) else str(env)

    @contextmanager
    def statements(self) -> Iterator[None]:
        """Listen for as long as this lasts."""
        heard = (
            ("before_cursor_execute", self._before),
            ("after_cursor_execute", self._after),
            ("handle_error", self._failed),
            ("commit", self._commit),
            ("rollback", self._rollback),
        )
        with self._watcher:
            for name, listener in heard:
                event.listen(Engine, name, listener)
            try:
                yield
            finally:
                for name, listener in heard:
                    event.remove(Engine, name, listener)

    def traces(self) -> tuple[tuple[StatementTrace, ...], tuple[float, ...]]:
        """Return the statements of the revision and the seconds of each transaction."""
        statements, seconds = self._watcher.traces()
        kept = [one for one in statements if not self._is_beside(one)]
        places = {old: new for new, old in enumerate(dict.fromkeys(s.transaction for s in kept), 1)}
        numbered = tuple(
            replace(one, number=number, transaction=places[one.transaction])
            for number, one in enumerate(kept, 1)
        )
        return numbered, tuple(seconds[old - 1] for old in places)

    def _is_beside(self, statement: StatementTrace) -> bool:
        """Whether env.py itself has sent it, or pgassay, which looks at the version table."""
        own = re.sub(r":\d+$", "", statement.source or "") in (self._env, NOBODY)
        return own and not (statement.locks or statement.builds or statement.objects)

    def _before(self, connection: Connection, _: object, statement: str, *__: object) -> None:
        _heard(connection)
        self._watcher.before(AlchemySession(connection), statement)

    def _after(self, connection: Connection, cursor: Any, statement: str, *_: object) -> None:
        rows = None
        with suppress(Exception):  # a driver may not know
            rows = int(cursor.rowcount)
        source = asking(self._root)
        self._watcher.after(AlchemySession(connection), statement, rows=rows, source=source)

    def _failed(self, context: ExceptionContext) -> None:
        if context.connection is None or context.statement is None:
            return
        session, source = AlchemySession(context.connection), asking(self._root)
        error = context.original_exception
        self._watcher.after(session, context.statement, source=source, error=error)

    def _commit(self, connection: Connection) -> None:
        self._transaction_ended("commit", connection)

    def _rollback(self, connection: Connection) -> None:
        self._transaction_ended("rollback", connection)

    def _transaction_ended(self, word: str, connection: Connection) -> None:
        pid = connection.info.get("pgassay_pid")
        if pid is not None:  # it has sent something
            self._watcher.transaction_ended(word, pid)
