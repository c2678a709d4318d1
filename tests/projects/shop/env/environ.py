"""A variable that must be set."""

import os

from alembic import context
from sqlalchemy import create_engine

from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


with create_engine(os.environ["SHOP_DATABASE_URL"]).connect() as connection:
    run(connection)
