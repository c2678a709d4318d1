"""An asynchronous engine around a synchronous one, as the first asynchronous templates had it."""

import asyncio

from alembic import context
from sqlalchemy import engine_from_config, pool
from sqlalchemy.ext.asyncio import AsyncEngine

from models import Base


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def run_async():
    section = context.config.get_section(context.config.config_ini_section)
    connectable = AsyncEngine(engine_from_config(section, "sqlalchemy.", poolclass=pool.NullPool))
    async with connectable.connect() as connection:
        await connection.run_sync(run)
    await connectable.dispose()


asyncio.run(run_async())
