"""A connection to somebody's database, to look at it.

What libpq is not told comes from its environment (PGSERVICE, PGPASSFILE, PGHOST and so on).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.errors import ConfigError, MachineError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS = 10  # to connect
_SETTINGS = (
    "set default_transaction_read_only = on",
    "set lock_timeout = '2s'",
    "set statement_timeout = '60s'",
    "set idle_in_transaction_session_timeout = '60s'",
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


def keep_to_looking(connection: psycopg.Connection[Any]) -> None:
    """Let the server refuse every write from here on, and neither wait nor be waited for long."""
    for setting in _SETTINGS:
        connection.execute(setting.encode())


def _refused(failure: psycopg.Error, where: str, fix: str) -> MachineError:
    said = str(failure).strip()
    return MachineError(
        said.splitlines()[0] if said else type(failure).__name__,
        where=where,
        expected="a database that answers, and a role that may CONNECT to it",
        fix=fix,
    )
