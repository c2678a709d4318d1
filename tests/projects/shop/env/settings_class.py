"""A settings class, in the manner of pydantic."""

from alembic import context
from sqlalchemy import create_engine

from models import Base
from settings import Settings

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


with create_engine(Settings().database_dsn).connect() as connection:
    run(connection)
