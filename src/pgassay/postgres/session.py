"""Sessions: statements in libpq's pipeline mode, server errors as replies.

psycopg's own pipeline waits at each sync; a batch of cases wants hundreds of syncs in flight,
each of which ends the damage of one error (libpq, Pipeline Mode). So this speaks to
`psycopg.pq`, the public wrapper of libpq, and does the waiting itself.
"""

from __future__ import annotations

import select
from typing import TYPE_CHECKING

from psycopg import OperationalError, pq

from pgassay.core.errors import MachineError
from pgassay.core.statement import Refusal, Reply
from pgassay.postgres.batches import SYNC, Queue, Sync, run_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import psycopg

    from pgassay.core.case import Case, Outcome
    from pgassay.core.statement import Statement

_ABORTED = Refusal(sqlstate="25P02", message="skipped: an earlier statement was refused")


class PipelineSession:
    """A `core.statement.Session` over one psycopg connection in autocommit mode.

    Within a transaction that somebody has begun, the mode does not matter.
    """

    def __init__(self, connection: psycopg.Connection[object]) -> None:
        idle = connection.info.transaction_status is pq.TransactionStatus.IDLE
        if idle and not connection.autocommit:
            raise ValueError("a session needs a connection in autocommit mode")
        self._pg = connection.pgconn
        self.major = connection.info.server_version // 10000
        self._begun = 0

    def run(self, statement: Statement) -> Reply:
        """Run one statement and return its reply."""
        return self.run_all((statement,))[0]

    def run_all(self, statements: Sequence[Statement]) -> list[Reply]:
        """Run statements in one round trip, each whatever became of the one before."""
        queue: Queue = []
        for statement in statements:
            queue += (statement, SYNC)
        try:
            self.send(queue)
            return self.receive(queue)
        finally:
            self.leave()

    def begin(self, segments: Sequence[Sequence[Statement]]) -> Callable[[], list[Reply]]:
        """Send segments of statements, as `core.statement.Ahead` has it."""
        queue: Queue = []
        for segment in segments:
            queue += (*segment, SYNC)
        self.send(queue)
        self._begun += 1

        def wait() -> list[Reply]:
            replies = self.receive(queue)
            self._begun -= 1
            if not self._begun:
                self.leave()
            return replies

        return wait

    def run_cases(self, cases: Iterable[Case]) -> Iterator[Outcome]:
        """Run cases and yield their outcomes in the same order, as `batches.run_cases` does."""
        return run_cases((self,), cases)

    def send(self, queue: Sequence[Statement | Sync]) -> None:
        """Send everything, reading while writing."""
        pg = self._pg
        try:
            pg.enter_pipeline_mode()
            for item in queue:
                if isinstance(item, Sync):
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

    def receive(self, queue: Sequence[Statement | Sync]) -> list[Reply]:
        """Read what was sent first and not yet read: one reply per statement."""
        try:
            replies = [self._receive(item) for item in queue]
        except OperationalError as gone:
            raise _gone(str(gone).strip()) from gone
        return [reply for reply in replies if reply is not None]

    def leave(self) -> None:
        """Leave pipeline mode, once everything is received."""
        if self._pg.status == pq.ConnStatus.OK:
            self._pg.exit_pipeline_mode()

    def _receive(self, item: Statement | Sync) -> Reply | None:
        result = self._next_result()
        if isinstance(item, Sync):
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
