"""A variable whose name says nothing of databases: the system declares it."""

import os

from alembic import context
from sqlalchemy import create_engine

from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


with create_engine(os.environ["SHOP_HOME"]).connect() as connection:
    run(connection)
