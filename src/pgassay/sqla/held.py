"""One transaction that a test cannot end, seen by psycopg and by an ORM session alike.

Both speak over one connection. `Session.commit()` and `rollback()` work as in production, beneath
savepoints of the held transaction; who commits or rolls back the connection itself is refused.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NoReturn, Self

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import NullPool, String, cast, create_engine, literal, select
from sqlalchemy.orm import Session

from pgassay.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine
    from sqlalchemy.orm import Mapper

    from pgassay.core.statement import Value

__tracebackhide__ = True  # pytest shows the test's own line


class HeldConnection(psycopg.Connection[tuple[Any, ...]]):
    """A psycopg connection whose transaction ends only when pgassay ends it."""

    held = False

    def commit(self) -> None:
        """Refuse, while the transaction is held."""
        if self.held:
            raise _not_here("commit")
        super().commit()

    def rollback(self) -> None:
        """Refuse, while the transaction is held."""
        if self.held:
            raise _not_here("rollback")
        super().rollback()

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Say how to make a row of a table that is called as this attribute is."""
        raise _no_table("connection")


class HeldSession(Session):
    """An ORM session beneath a held transaction."""

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Say how to make a row of a table that is called as this attribute is."""
        raise _no_table("session")


def engine_of(parameters: Mapping[str, str]) -> Engine:
    """Return an engine whose every connection is a `HeldConnection` of its own.

    Args:
        parameters: libpq's, the password among them.
    """

    def connect() -> HeldConnection:
        return HeldConnection.connect(**parameters, context=context)  # type: ignore[arg-type]  # libpq takes words for all of them

    engine = create_engine("postgresql+psycopg://", poolclass=NullPool, creator=connect)
    context = engine.dialect.create_connect_args(engine.url)[1].get("context")
    return engine


class Held:
    """A transaction begun on a database; a context manager that rolls it back.

    Attributes:
        connection: psycopg's side.
        session: the ORM's side.
    """

    def __init__(self, engine: Engine) -> None:
        """Connect and begin.

        Args:
            engine: what `engine_of` returned.
        """
        self._outer = engine.connect()
        self._outer.begin()
        self.connection: HeldConnection = self._outer.connection.driver_connection  # type: ignore[assignment]  # what _connect made
        self.connection.held = True
        self._transaction = self._current()
        self.mark()
        self.session = HeldSession(self._outer, join_transaction_mode="create_savepoint")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Roll back and disconnect."""
        self.close()

    def close(self) -> None:
        """Roll everything back and disconnect."""
        self.connection.held = False
        # Whatever savepoints a test left or lost: the session is not asked to end them.
        with contextlib.suppress(psycopg.Error):
            self.connection.rollback()
        self._disconnect()

    def mark(self) -> None:
        """Remember what stands, for `keep`."""
        self.connection.execute("savepoint pgassay_made")

    def keep(self) -> None:
        """Commit instead; of a transaction that is spoilt, what stood at the last mark."""
        self.connection.held = False
        if self.spoilt:
            self.connection.execute("rollback to savepoint pgassay_made")
        self.connection.commit()
        self._disconnect()

    @property
    def spoilt(self) -> bool:
        """Whether a statement was refused, after which the server takes nothing but a rollback."""
        return self.connection.info.transaction_status is TransactionStatus.INERROR

    @property
    def ended(self) -> bool:
        """Whether somebody ended the transaction by SQL; not known of one that is spoilt."""
        if self.spoilt:
            return False
        status = self.connection.info.transaction_status
        return status is not TransactionStatus.INTRANS or self._current() != self._transaction

    def instance(self, mapper: Mapper[Any], values: Mapping[str, Value]) -> Any:
        """Return the instance of a row, fresh from the database.

        Args:
            mapper: of its class.
            values: in text, those of the mapper's key among them.
        """
        wanted = select(mapper.class_).execution_options(populate_existing=True)
        for column in mapper.primary_key:
            text = literal(values[column.name], String)
            wanted = wanted.where(column == cast(text, column.type))
        return self.session.scalars(wanted).one()

    def key(self, mapper: Mapper[Any], instance: object) -> Mapping[str, object]:
        """Return the key of an instance by column, NULL all over for one that was never stored."""
        values = mapper.primary_key_from_instance(instance)
        return {c.name: v for c, v in zip(mapper.primary_key, values, strict=True)}

    def _disconnect(self) -> None:
        self.session.invalidate()
        self._outer.invalidate()
        self._outer.close()

    def _current(self) -> object:
        row = self.connection.execute("select pg_catalog.pg_current_xact_id()::text").fetchone()
        assert row is not None
        return row[0]


def _not_here(word: str) -> ConfigError:
    return ConfigError(
        f"{word}() would end the transaction that the whole test runs in",
        expected="`with connection.transaction():`, or commit() and rollback() of the session",
        why="pgassay rolls the transaction back, so that no test sees the rows of another",
    )


def _no_table(name: str) -> ConfigError:
    return ConfigError(
        f'"{name}" is the {name} to the database, not a table',
        fix=f'for a row of the table that is called so: make("{name}", …)',
    )
