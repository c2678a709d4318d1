"""An asynchronous engine of whatever URL the environment holds."""

import asyncio
import os

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def run_async():
    connectable = create_async_engine(os.environ["ASYNC_DATABASE_URL"])
    async with connectable.connect() as connection:
        await connection.run_sync(run)
    await connectable.dispose()


asyncio.run(run_async())
