"""Databases lent to tests: one clone, used again as long as everything in it was rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.postgres.servers.server import FROM_NOWHERE_ELSE
from pgassay.run.testbed.blueprint import Blueprint
from pgassay.run.testbed.database import Database
from pgassay.sqla.held import Held, engine_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pgassay.run.stand import Stand


class Lending:
    """Lends the databases of one system; one at a time is enough for tests of one process."""

    def __init__(self, stand: Stand) -> None:
        """Read what the system's rows look like.

        Raises:
            PgassayError: the system, its models or its factories cannot be used.
        """
        self._stand = stand
        self._blueprint = Blueprint(stand)
        self._free: list[str] = []
        self._engines: dict[str, Engine] = {}

    def lend(self) -> Loan:
        """Return a database to use for one test."""
        database = self._free.pop() if self._free else self._stand.clone()
        if database not in self._engines:
            parameters = {**FROM_NOWHERE_ELSE, **self._stand.server.parameters(database)}
            self._engines[database] = engine_of(parameters)
        held = Held(self._engines[database])
        return Loan(self, database, held, Database(self._blueprint, held))

    def give_back(self, database: str) -> None:
        """Take a database in which nothing was left."""
        self._free.append(database)

    def drop(self, database: str) -> None:
        """Drop a database that is no longer as it was."""
        self._stand.server.drop_database(database)

    def url(self, database: str) -> str:
        """Return where a kept database is found; it needs no password but on a foreign server."""
        return self._stand.server.url(database)


class Loan:
    """One database, while one test has it.

    Attributes:
        database: what the test holds.
    """

    def __init__(self, lending: Lending, name: str, held: Held, database: Database) -> None:
        self._lending = lending
        self._name = name
        self._held = held
        self.database = database

    def end(self) -> None:
        """Roll back what the test did.

        Raises:
            ConfigError: the test ended the transaction by itself; the database is then thrown
                away, so that no other test sees what was left in it.
        """
        doubtful, ended = self._held.spoilt, self._held.ended
        self._held.close()
        if not (doubtful or ended):
            self._lending.give_back(self._name)
            return
        self._lending.drop(self._name)
        if ended:
            raise ConfigError(
                "a COMMIT or ROLLBACK ended the transaction that the test runs in",
                expected="SAVEPOINT and ROLLBACK TO SAVEPOINT, or commit() of the session",
                why="what was written before it may be there or not; the database is thrown away",
            )

    def keep(self) -> str:
        """Commit what the test did, and return where it can be looked at."""
        self._held.keep()
        return self._lending.url(self._name)

    def script(self) -> str:
        """Return what put the rows in place, for psql."""
        return "\n".join(statement.script() for statement in self.database.statements)
