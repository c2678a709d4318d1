"""Asynchronous migrations that are only ever called from a worker thread of an event loop."""

import anyio.from_thread
from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import async_engine_from_config

from models import Base


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def run_async():
    section = context.config.get_section(context.config.config_ini_section)
    connectable = async_engine_from_config(section, "sqlalchemy.", poolclass=pool.NullPool)
    async with connectable.connect() as connection:
        await connection.run_sync(run)
    await connectable.dispose()


anyio.from_thread.run(run_async)
