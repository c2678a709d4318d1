"""How Alembic reaches the Pulse database.

The URL comes from `-x url=…`, else from PULSE_DATABASE_URL, else from `sqlalchemy.url` of
the configuration; there is no default, so nothing is migrated by accident. A program may hand over
an engine or a fresh connection as `config.attributes["connection"]` instead. Drivers may be
synchronous or asynchronous.

Each revision runs in a transaction of its own, and two upgrades at once take turns.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, func, make_url, pool, select

from schema.pulse import metadata

URL_VARIABLE = "PULSE_DATABASE_URL"
LOCK_KEY = 0x70756C7365  # any number will do, as long as no other tool takes it in this database
LOCK_PATIENCE = 60.0  # seconds to wait for another upgrade


def database_url() -> URL:
    """Where to migrate; a bare `postgresql://` means psycopg 3.

    Raises CommandError if no place names a URL.
    """
    given = (
        context.get_x_argument(as_dictionary=True).get("url")
        or os.environ.get(URL_VARIABLE)
        or context.config.get_main_option("sqlalchemy.url")
    )
    if not given:
        message = (
            f"no database to migrate: give -x url=postgresql://…, or set {URL_VARIABLE}, "
            "or set sqlalchemy.url in the configuration"
        )
        raise CommandError(message)
    url = make_url(given)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def run_offline() -> None:
    """Write the SQL out; psql run on it leads to the same database."""
    context.configure(
        dialect_name="postgresql",
        # With the driver's own style every % in a function body would come out doubled.
        dialect_opts={"paramstyle": "named"},
        target_metadata=metadata,
        literal_binds=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Migrate the database that a program handed over, or the one the URL names."""
    given: object = context.config.attributes.get("connection")
    if isinstance(given, Connection):
        migrate(given)
    elif isinstance(given, Engine):
        with given.connect() as connection:
            migrate(connection)
    else:
        url = database_url()
        if url.get_dialect().is_async:
            asyncio.run(migrate_asynchronously(url))
        else:
            engine = create_engine(url, poolclass=pool.NullPool)
            with engine.connect() as connection:
                migrate(connection)


async def migrate_asynchronously(url: URL) -> None:
    """The same through an asynchronous driver."""
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  # rarely needed

    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)


def migrate(connection: Connection) -> None:
    """Run what the Alembic command asks for on an open connection."""
    with one_upgrade_at_a_time(connection):
        context.configure(
            connection=connection,
            target_metadata=metadata,
            transaction_per_migration=True,
            compare_type=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def one_upgrade_at_a_time(connection: Connection) -> Iterator[None]:
    """Hold a session lock, so that a second upgrade starts where the first one ended.

    It is asked for again and again rather than waited for: a session that waits holds a snapshot,
    and CREATE INDEX CONCURRENTLY of the session that has the lock would wait for that snapshot.

    Raises CommandError if the lock is not free within LOCK_PATIENCE seconds.
    """
    if connection.in_transaction():
        message = (
            "the connection handed over is in a transaction; CONCURRENTLY needs one that is not"
        )
        raise CommandError(message)
    deadline = time.monotonic() + LOCK_PATIENCE
    while not connection.scalar(select(func.pg_try_advisory_lock(LOCK_KEY))):
        connection.commit()
        if time.monotonic() > deadline:
            message = (
                f"another upgrade of this database is still running after {LOCK_PATIENCE:.0f} s"
            )
            raise CommandError(message)
        time.sleep(0.1)
    connection.commit()
    try:
        yield
    finally:
        if not connection.invalidated:  # the server frees the lock of a session that broke
            connection.rollback()
            connection.execute(select(func.pg_advisory_unlock(LOCK_KEY)))
            connection.commit()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
