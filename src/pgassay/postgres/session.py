"""Sessions: statements in libpq's pipeline mode, server errors as replies.

psycopg's own pipeline waits at each sync; a batch of cases wants hundreds of syncs in flight,
each of which ends the damage of one error (libpq, Pipeline Mode). So this speaks to
`psycopg.pq`, the public wrapper of libpq, and does the waiting itself.
"""

from __future__ import annotations

import select
from collections import deque
from dataclasses import dataclass
from itertools import groupby
from time import perf_counter
from typing import TYPE_CHECKING

from psycopg import OperationalError, pq

from pgassay.cases.judgement import described, judge
from pgassay.core.case import Case, Outcome, Status
from pgassay.core.errors import MachineError
from pgassay.core.statement import Refusal, Reply, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import psycopg

_LARGEST = 500  # cases of a batch: enough to hide the round trip, little enough to hold in memory
_AHEAD = 200  # cases that are sent and not read: the server works while their verdicts are told
_ABORTED = Refusal(sqlstate="25P02", message="skipped: an earlier statement was refused")


@dataclass(frozen=True, slots=True)
class _Sync:
    """The end of a segment: what fails before it is skipped up to it."""


_SYNC = _Sync()


@dataclass(slots=True)
class _Batch:
    """Cases that share their needs, what is sent for them, and how long the sending took."""

    cases: list[Case]
    queue: list[Statement | _Sync]
    seconds: float = 0.0


def _batches(cases: Iterable[Case]) -> Iterator[_Batch]:
    for needs, group in groupby(cases, key=lambda case: case.needs):
        together = list(group)
        for start in range(0, len(together), _LARGEST):
            some = together[start : start + _LARGEST]
            queue: list[Statement | _Sync] = [_BEGIN, *needs, _SAVEPOINT, _SYNC]
            for case in some:
                queue += (_RESTORE, *(step.statement for step in case.steps), _SYNC)
            queue += (_ROLLBACK, _SYNC)
            yield _Batch(some, queue)


class PipelineSession:
    """A `core.statement.Session` over one psycopg connection in autocommit mode."""

    def __init__(self, connection: psycopg.Connection[object]) -> None:
        if not connection.autocommit:
            raise ValueError("a session needs a connection in autocommit mode")
        self._pg = connection.pgconn
        self.major = connection.info.server_version // 10000

    def run(self, statement: Statement) -> Reply:
        """Run one statement and return its reply."""
        return self.run_all((statement,))[0]

    def run_all(self, statements: Sequence[Statement]) -> list[Reply]:
        """Run statements in one round trip, each whatever became of the one before."""
        queue: list[Statement | _Sync] = []
        for statement in statements:
            queue += (statement, _SYNC)
        try:
            self._send(queue)
            return self._replies(queue)
        finally:
            self._leave()

    def run_cases(self, cases: Iterable[Case]) -> Iterator[Outcome]:
        """Run cases in batches and yield their outcomes in the same order.

        One transaction for each run of cases that share their needs; a savepoint beneath each
        case; nothing is left behind. The server is some batches ahead of the outcomes, so the
        session is the generator's alone until that is exhausted or closed.
        """
        flying: deque[_Batch] = deque()
        try:
            for batch in _batches(cases):
                started = perf_counter()
                self._send(batch.queue)
                batch.seconds = perf_counter() - started
                flying.append(batch)
                while sum(len(other.cases) for other in flying) > _AHEAD:
                    yield from self._outcomes(flying.popleft())
            while flying:
                yield from self._outcomes(flying.popleft())
        except GeneratorExit:
            for batch in flying:
                self._replies(batch.queue)
            raise
        finally:
            self._leave()

    def _outcomes(self, batch: _Batch) -> list[Outcome]:
        started = perf_counter()
        replies = iter(self._replies(batch.queue))
        cases = batch.cases
        opening = [next(replies) for _ in range(len(cases[0].needs) + 2)]
        refused = next((r.refusal for r in opening if r.refusal), None)
        by_case = []
        for case in cases:
            next(replies)  # the return to the savepoint
            by_case.append([next(replies) for _ in case.steps])
        share = (batch.seconds + perf_counter() - started) / len(cases)
        if refused:
            reason = f"its rows could not be put in place: {described(refused)}"
            return [
                Outcome(case=case, status=Status.ERROR, reason=reason, seconds=share)
                for case in cases
            ]
        return [
            judge(case, answers, major=self.major, seconds=share)
            for case, answers in zip(cases, by_case, strict=True)
        ]

    def _send(self, queue: Sequence[Statement | _Sync]) -> None:
        """Send everything, reading while writing."""
        pg = self._pg
        try:
            pg.enter_pipeline_mode()
            for item in queue:
                if isinstance(item, _Sync):
                    pg.pipeline_sync()
                else:
                    values = [None if v is None else v.encode() for v in item.values]
                    pg.send_query_params(item.sql.encode(), values)
            while pg.flush():
                readable, _, _ = select.select([pg.socket], [pg.socket], [])
                if readable:
                    pg.consume_input()
        except OperationalError as gone:
            raise _gone(str(gone).strip()) from gone

    def _replies(self, queue: Sequence[Statement | _Sync]) -> list[Reply]:
        """Read what was sent first and not yet read: one reply per statement."""
        try:
            replies = [self._receive(item) for item in queue]
        except OperationalError as gone:
            raise _gone(str(gone).strip()) from gone
        return [reply for reply in replies if reply is not None]

    def _leave(self) -> None:
        if self._pg.status == pq.ConnStatus.OK:
            self._pg.exit_pipeline_mode()

    def _receive(self, item: Statement | _Sync) -> Reply | None:
        result = self._next_result()
        if isinstance(item, _Sync):
            return None
        if result is None:
            raise _gone(f"no answer to {item.sql[:200]}")
        reply = reply_of(result)
        self._next_result()  # the None that ends a command
        return reply

    def _next_result(self) -> pq.abc.PGresult | None:
        pg = self._pg
        while pg.is_busy():
            select.select([pg.socket], [], [])
            pg.consume_input()
        return pg.get_result()


def _gone(said: str) -> MachineError:
    return MachineError(
        f"the server closed the connection in the middle of a batch: {said}",
        why="nothing is known of the cases that follow",
        fix="see whether the machine has memory and disk left, and run the gate again",
    )


_BEGIN = Statement("begin")
_SAVEPOINT = Statement("savepoint pgassay_case")
_RESTORE = Statement("rollback to savepoint pgassay_case")
_ROLLBACK = Statement("rollback")


def reply_of(result: pq.abc.PGresult) -> Reply:
    """Return one result of libpq as a reply."""
    status = result.status
    if status == pq.ExecStatus.TUPLES_OK:
        rows = tuple(
            tuple(_text(result.get_value(r, c)) for c in range(result.nfields))
            for r in range(result.ntuples)
        )
        return Reply(rows=rows, count=result.command_tuples)
    if status in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.EMPTY_QUERY):
        return Reply(count=result.command_tuples)
    if status == pq.ExecStatus.PIPELINE_ABORTED:
        return Reply(refusal=_ABORTED)
    return Reply(refusal=_refusal(result))


def _refusal(result: pq.abc.PGresult) -> Refusal:
    def part(code: pq.DiagnosticField) -> str | None:
        return _text(result.error_field(code))

    position = part(pq.DiagnosticField.STATEMENT_POSITION)
    return Refusal(
        sqlstate=part(pq.DiagnosticField.SQLSTATE) or "",
        message=part(pq.DiagnosticField.MESSAGE_PRIMARY) or "",
        schema=part(pq.DiagnosticField.SCHEMA_NAME),
        table=part(pq.DiagnosticField.TABLE_NAME),
        column=part(pq.DiagnosticField.COLUMN_NAME),
        constraint=part(pq.DiagnosticField.CONSTRAINT_NAME),
        datatype=part(pq.DiagnosticField.DATATYPE_NAME),
        detail=part(pq.DiagnosticField.MESSAGE_DETAIL),
        position=int(position) if position else None,
    )


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
