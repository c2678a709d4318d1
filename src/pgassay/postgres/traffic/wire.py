"""Statements that may wait for long: sent, looked after, cancelled if need be.

A blocking call of libpq cannot be left before the server answers; a client behind a lock must be.
"""

from __future__ import annotations

import select
from itertools import count
from typing import TYPE_CHECKING

from psycopg import OperationalError, pq

from pgassay.core.statement import Refusal, Reply
from pgassay.postgres.session import reply_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg.pq.abc import PGconn

    from pgassay.core.statement import Statement

_GLANCE = 0.2  # seconds between two looks whether the statement is still wanted
GONE = Refusal(sqlstate="08006", message="the connection is lost")


class Wire:
    """One connection on which statements are prepared once, as an application's driver does."""

    def __init__(self, pg: PGconn) -> None:
        self.pg = pg
        self._names: dict[str, bytes] = {}
        self._numbers = count()

    def perform(self, statements: tuple[Statement, ...], wanted: Callable[[], bool]) -> Reply:
        """Run one statement, or several in a transaction; return the last reply or the refusal."""
        if len(statements) == 1:
            return self.run(statements[0], wanted)
        reply = self.do("begin", wanted)
        for statement in statements:
            reply = self.run(statement, wanted)
            if reply.refusal:
                self.do("rollback", wanted)
                return reply
        return self.do("commit", wanted)

    def run(self, statement: Statement, wanted: Callable[[], bool]) -> Reply:
        """Prepare a statement unless that is done, execute it, and return the reply."""
        name = self._names.get(statement.sql)
        try:
            if name is None:
                name = f"unit_{next(self._numbers)}".encode()
                self.pg.send_prepare(name, statement.sql.encode())
                reply = self._reply(wanted)
                if reply.refusal:
                    return reply
                self._names[statement.sql] = name
            values = [None if v is None else v.encode() for v in statement.values]
            self.pg.send_query_prepared(name, values)
            reply = self._reply(wanted)
        except OperationalError:
            return Reply(refusal=GONE)
        if reply.refusal and reply.refusal.sqlstate == _PLAN_CHANGED:
            del self._names[statement.sql]  # the next time it is prepared anew, as by a new session
        return reply

    def do(self, command: str, wanted: Callable[[], bool]) -> Reply:
        """Run a command as it stands and return the last reply."""
        try:
            self.pg.send_query(command.encode())
            return self._reply(wanted)
        except OperationalError:
            return Reply(refusal=GONE)

    def _reply(self, wanted: Callable[[], bool]) -> Reply:
        self.pg.flush()
        cancelled = False
        while self.pg.is_busy():
            if select.select([self.pg.socket], [], [], _GLANCE)[0]:
                self.pg.consume_input()
            elif not cancelled and not wanted():
                self.pg.get_cancel().cancel()
                cancelled = True
        return drained(self.pg)


_PLAN_CHANGED = "0A000"  # cached plan must not change result type


def drained(pg: PGconn) -> Reply:
    """Return the first refusal among all results that are there, or else the last reply."""
    found = Reply()
    while (result := pg.get_result()) is not None:
        reply = reply_of(result)
        if not found.refusal:
            found = reply
    if pg.status == pq.ConnStatus.BAD:
        return Reply(refusal=GONE)
    return found
