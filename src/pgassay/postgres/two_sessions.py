"""Two sessions step by step: who waits, who fails with what, what stands at the end.

No step is timed: a step has either answered, or an observer sees that its backend waits for the
other one's lock (`pg_blocking_pids`, Functions and Operators, System Information Functions).
"""

from __future__ import annotations

import select
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Self

import psycopg

from pgassay.core.errors import TrialError
from pgassay.core.schedule import Course
from pgassay.core.statement import Statement
from pgassay.postgres.session import PipelineSession, reply_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from pgassay.core.schedule import Order, Schedule
    from pgassay.core.statement import Refusal

_PATIENCE = 10.0  # seconds until a step that neither answers nor waits is given up
_GLANCE = 0.0004  # seconds between two looks at the locks


@dataclass(slots=True)
class _Side:
    """One session: its connection, the step under way, and the steps that wait their turn."""

    connection: psycopg.Connection[object]
    running: str | None = None
    postponed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Log:
    waits: set[str] = field(default_factory=set)
    refused: dict[str, Refusal] = field(default_factory=dict)


class TwoSessions:
    """Runs schedules in one database; a context manager over three connections."""

    def __init__(self, conninfo: str) -> None:
        self._connections = [psycopg.connect(conninfo, autocommit=True) for _ in range(3)]
        observer, a, b = self._connections
        self._observer = PipelineSession(observer)
        self._connection = {"a": a, "b": b}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        for connection in self._connections:
            connection.close()

    def aside(self, statements: Sequence[Statement]) -> None:
        """Run statements in a third session, which takes no part in any schedule."""
        self._observer.run_all(statements)

    def perform(self, schedule: Schedule, order: Order) -> Course:
        """Put the rows in place, send the steps in this order, and return what happened.

        A step of a session that still waits is postponed until it is free. The rows of the setup
        and of the steps stay: a schedule takes a database, or keys, of its own.
        """
        self._must(schedule.setup)
        sides = {label: _Side(connection) for label, connection in self._connection.items()}
        log = _Log()
        steps = schedule.steps
        for side in sides.values():
            side.connection.execute(f"begin isolation level {schedule.isolation}".encode())
        for label in order:
            side = sides[label[0]]
            if side.running:
                side.postponed.append(label)
            else:
                self._send(side, label, steps[label], sides, log)
            self._collect(sides, steps, log)
        self._collect(sides, steps, log, to_the_end=True)
        for side in sides.values():
            side.connection.execute("rollback")
        rows = self._observer.run(schedule.final).rows if schedule.final else None
        return Course(
            waits=frozenset(log.waits),
            refused={label: r.sqlstate for label, r in log.refused.items()},
            messages={label: r.message for label, r in log.refused.items()},
            final=rows,
        )

    def _must(self, statements: Sequence[Statement]) -> None:
        whole = (Statement("begin"), *statements, Statement("commit"))
        for statement, reply in zip(whole, self._observer.run_all(whole), strict=True):
            if reply.refusal:
                raise TrialError(
                    "the rows of a schedule could not be put in place: "
                    f"{reply.refusal.sqlstate} {reply.refusal.message}",
                    where=statement.script(),
                    fix="make the migrations build what the models promise, or mend the setup",
                )

    def _send(
        self,
        side: _Side,
        label: str,
        statement: Statement,
        sides: dict[str, _Side],
        log: _Log,
    ) -> None:
        values = [None if v is None else v.encode() for v in statement.values]
        side.connection.pgconn.send_query_params(statement.sql.encode(), values)
        side.running = label
        deadline = monotonic() + _PATIENCE
        while not self._answered(side, log):
            if self._blocked(side, sides):
                log.waits.add(label)
                return
            if monotonic() > deadline:
                self._give_up(label, statement)

    def _collect(
        self,
        sides: dict[str, _Side],
        steps: dict[str, Statement],
        log: _Log,
        *,
        to_the_end: bool = False,
    ) -> None:
        """Take the answers of steps that no longer wait, and send what was postponed."""
        deadline = monotonic() + _PATIENCE
        busy = [side for side in sides.values() if side.running]
        while busy:
            for side in busy:
                if self._answered(side, log):
                    if side.postponed:
                        label = side.postponed.pop(0)
                        self._send(side, label, steps[label], sides, log)
                elif not to_the_end and self._blocked(side, sides):
                    return
                elif monotonic() > deadline:
                    self._give_up(side.running or "?", steps[side.running or "?"])
            busy = [side for side in sides.values() if side.running]

    def _answered(self, side: _Side, log: _Log) -> bool:
        pg = side.connection.pgconn
        pg.flush()
        if select.select([pg.socket], [], [], _GLANCE)[0]:
            pg.consume_input()
        if pg.is_busy():
            return False
        label = side.running or ""
        while (result := pg.get_result()) is not None:
            reply = reply_of(result)
            if reply.refusal:
                log.refused[label] = reply.refusal
        side.running = None
        return True

    def _blocked(self, side: _Side, sides: dict[str, _Side]) -> bool:
        others = [s.connection.info.backend_pid for s in sides.values() if s is not side]
        question = Statement(
            "select pg_catalog.pg_blocking_pids($1) && $2::int[]",
            (str(side.connection.info.backend_pid), "{" + ",".join(map(str, others)) + "}"),
        )
        return self._observer.run(question).rows == (("t",),)

    def _give_up(self, label: str, statement: Statement) -> None:
        raise TrialError(
            f"step {label} neither answered nor waited for a lock within {_PATIENCE:.0f} s",
            where=statement.script(),
            fix="look at what the statement does; a schedule's steps must be short",
        )
