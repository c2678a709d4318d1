"""The URL comes from `alembic -x url=…` and from nowhere else."""

from alembic import context
from sqlalchemy import create_engine

from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


with create_engine(context.get_x_argument(as_dictionary=True)["url"]).connect() as connection:
    run(connection)
