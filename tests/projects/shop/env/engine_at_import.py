"""The models' module opens an engine as it is imported, with a default URL."""

from alembic import context

from database import engine
from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


with engine.connect() as connection:
    run(connection)
