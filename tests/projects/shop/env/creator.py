"""The engine is given a function that connects."""

import psycopg
from alembic import context
from sqlalchemy import create_engine

from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


def connect():
    return psycopg.connect("postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres")


with create_engine("postgresql+psycopg://", creator=connect).connect() as connection:
    run(connection)
