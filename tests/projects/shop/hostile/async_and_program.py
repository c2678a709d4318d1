"""An asynchronous engine, and a program that opens a connection of its own."""

import asyncio
import subprocess
import sys

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

from models import Base


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def main():
    engine = create_async_engine("postgresql+asyncpg://u:p@127.0.0.1:@DECOY_PORT@/postgres")
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
reach = 'import psycopg; psycopg.connect("postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres")'
subprocess.run([sys.executable, "-c", reach], check=True)
