"""A driver written in Python."""

import os

from alembic import context
from sqlalchemy import create_engine

from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+pg8000://")
with create_engine(url).connect() as connection:
    run(connection)
