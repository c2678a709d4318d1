"""The version table has another name, in a schema of its own."""

from alembic import context
from sqlalchemy import engine_from_config, text

from models import Base

metadata = Base.metadata
VERSIONS = "applied Revisions"

engine = engine_from_config(context.config.get_section("alembic"))
with engine.connect() as connection:
    connection.execute(text('CREATE SCHEMA IF NOT EXISTS "Own"'))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=VERSIONS,
        version_table_schema="Own",
    )
    with context.begin_transaction():
        context.run_migrations()
