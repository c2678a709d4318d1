"""A .env file of the developer, whose values win over the environment."""

import os

from alembic import context
from dotenv import load_dotenv
from sqlalchemy import create_engine

from models import Base

load_dotenv(override=True)
metadata = Base.metadata


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


with create_engine(os.environ["SHOP_DATABASE_URL"]).connect() as connection:
    run(connection)
