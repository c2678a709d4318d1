"""Host, port and the rest from variables of their own."""

import os

from alembic import context
from sqlalchemy import create_engine

from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


url = "postgresql+psycopg://{}:{}@{}:{:d}/{}".format(
    os.environ["POSTGRES_USER"],
    os.environ["POSTGRES_PASSWORD"],
    os.environ["POSTGRES_HOST"],
    int(os.environ["POSTGRES_PORT"]),
    os.environ["POSTGRES_DB"],
)
with create_engine(url).connect() as connection:
    run(connection)
