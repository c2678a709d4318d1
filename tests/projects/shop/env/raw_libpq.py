"""A raw connection by libpq's own variables, and SQLAlchemy's around it."""

import psycopg
from alembic import context
from sqlalchemy import create_engine

from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


with psycopg.connect("") as probe:
    assert probe.execute("SELECT 1").fetchone() == (1,)
with create_engine("postgresql+psycopg://").connect() as connection:
    run(connection)
