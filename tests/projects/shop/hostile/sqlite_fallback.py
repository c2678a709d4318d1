"""A default URL for another kind of database."""

import os

from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ.get("SHOP_MAIN", "sqlite:///dev.db")).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
