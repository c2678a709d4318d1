"""A connection to somebody's database, to look at it.

What libpq is not told comes from its environment (PGSERVICE, PGPASSFILE, PGHOST and so on).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.errors import ConfigError, MachineError
from pgassay.core.statement import Statement
from pgassay.postgres.session import PipelineSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.statement import Reply

_SECONDS = 10  # to connect
_BEGIN = "begin transaction isolation level repeatable read, read only"
# Of the transaction alone: a session behind a pooler goes to somebody else afterwards.
_LIMITS = (
    "set local lock_timeout = '2s'",
    "set local statement_timeout = '60s'",
    "set local idle_in_transaction_session_timeout = '60s'",
)


@contextmanager
def looking_at(conninfo: str, where: str, fix: str) -> Iterator[psycopg.Connection[Any]]:
    """Lend a connection in autocommit mode to the database that a URL or libpq's words name.

    Args:
        conninfo: a URL, or libpq's words.
        where: the command that asks, for messages.
        fix: what to do where the database does not let us in.

    Raises:
        ConfigError: it is no connection string.
        MachineError: the database cannot be reached, or refuses what is asked.
    """
    try:
        with psycopg.connect(conninfo, autocommit=True, connect_timeout=_SECONDS) as connection:
            yield connection
    except psycopg.ProgrammingError as damage:
        if damage.sqlstate is not None:
            raise _refused(damage, where, fix) from damage
        # What libpq says of it may hold the whole of it, password included.
        raise ConfigError(
            "this is no connection string",
            where=where,
            expected="postgresql://USER@HOST/DATABASE, or service=NAME",
        ) from None
    except psycopg.OperationalError as failure:
        raise _refused(failure, where, fix) from failure


@contextmanager
def looking(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Open a READ ONLY transaction that neither waits nor is waited for long; end it."""
    with connection.transaction(force_rollback=True):
        connection.execute(_BEGIN.replace("begin", "set").encode())
        for limit in _LIMITS:
            connection.execute(limit.encode())
        yield


class LookingSession:
    """A `core.statement.Session` of which each statement has such a transaction of its own."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._session = PipelineSession(connection)

    def run(self, statement: Statement) -> Reply:
        """Run one statement and return its reply."""
        return self.run_all((statement,))[0]

    def run_all(self, statements: Sequence[Statement]) -> list[Reply]:
        """Run statements in one round trip, each whatever became of the one before."""
        before = [Statement(text) for text in (_BEGIN, *_LIMITS)]
        queue = [one for asked in statements for one in (*before, asked, Statement("rollback"))]
        width = len(before) + 2
        return self._session.run_all(queue)[len(before) :: width]


def _refused(failure: psycopg.Error, where: str, fix: str) -> MachineError:
    said = str(failure).strip()
    if isinstance(failure, psycopg.errors.LockNotAvailable):
        return MachineError(
            said.splitlines()[0],
            where=where,
            expected="no table in ACCESS EXCLUSIVE mode for longer than a second or two",
            why="how long a file is can only be asked of a table that is not locked so",
            fix="try again when the migration, or whatever it is, has ended",
        )
    return MachineError(
        said.splitlines()[0] if said else type(failure).__name__,
        where=where,
        expected="a database that answers, and a role that may CONNECT to it",
        fix=fix,
    )
