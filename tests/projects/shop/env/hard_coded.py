"""The URL of a real database, in the file."""

from alembic import context
from sqlalchemy import create_engine

from models import Base

metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


engine = create_engine(
    "postgresql+psycopg://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres",
    connect_args={"host": "localhost", "options": "-c search_path=public"},
)
with engine.connect() as connection:
    run(connection)
