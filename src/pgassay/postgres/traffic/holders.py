"""Transactions that stay open: one reader and one writer on each relation that a migration touches.

Short transactions never show the queue behind a lock: a migration gets between them in an instant.
Behind a report, or behind an application that sleeps in a transaction, it waits, and all that comes
after it waits behind it (Explicit Locking; the queue of a lock is first come, first served).

Nothing here blocks: a holder is looked after by whoever observes the locks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.traffic import Holder
from pgassay.postgres.traffic.wire import drained

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import psycopg

    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Statement

_BEGIN = "begin isolation level repeatable read"


class OpenTransaction:
    """One session that keeps a transaction open on one relation.

    Attributes:
        relation: which.
        kind: whether it has read or written.
        pid: its backend.
    """

    def __init__(
        self,
        connection: psycopg.Connection[object],
        relation: QualifiedName,
        kind: Holder,
        statement: Statement,
    ) -> None:
        self.relation, self.kind = relation, kind
        self.pid = connection.info.backend_pid
        self._pg = connection.pgconn
        self._connection = connection
        self._command = statement.script()
        self._sent = False

    def open(self) -> None:
        """Ask for the transaction; it is open once the server has answered."""
        self._send(f"rollback; {_BEGIN}; {self._command}")

    def let_go(self, *, come_back: bool) -> None:
        """End the transaction.

        Args:
            come_back: begin the next one at once. Its place in a table's queue is behind whoever
                waits there now; for a row there is no such order, and it could be first again.
        """
        self._send(f"rollback; {_BEGIN}; {self._command}" if come_back else "rollback")

    @property
    def ready(self) -> bool:
        """Whether the last command was answered; False while it waits behind somebody."""
        if self._sent:
            self._pg.consume_input()
            if self._pg.is_busy():
                return False
            drained(self._pg)
            self._sent = False
        return True

    def close(self) -> None:
        """End the session."""
        self._connection.close()

    def _send(self, command: str) -> None:
        if self.ready:
            self._pg.send_query(command.encode())
            self._pg.flush()
            self._sent = True


class OpenTransactions:
    """All of them.

    Args:
        connect: opens a connection to the database in autocommit mode.
        reads: for each relation what reads from it.
        writes: for each relation what changes a row of it.
    """

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[object]],
        reads: Mapping[QualifiedName, Statement],
        writes: Mapping[QualifiedName, Statement],
    ) -> None:
        wanted = [(name, Holder.READER, s) for name, s in reads.items()]
        wanted += [(name, Holder.WRITER, s) for name, s in writes.items()]
        self.all: Sequence[OpenTransaction] = [
            OpenTransaction(connect(), name, kind, statement) for name, kind, statement in wanted
        ]

    def open(self) -> None:
        """Ask for the transactions, which may have to wait for somebody."""
        for one in self.all:
            one.open()

    @property
    def ready(self) -> bool:
        """Whether all of them are open."""
        return all(one.ready for one in self.all)

    def close(self) -> None:
        """End them all."""
        for one in self.all:
            one.close()
