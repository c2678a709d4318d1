"""A migrated throwaway, and a thread that reaches elsewhere meanwhile."""

import threading

import psycopg
from alembic import context
from sqlalchemy import engine_from_config

from models import Base

with engine_from_config(context.config.get_section("alembic")).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


def reach():
    psycopg.connect("postgresql://postgres:@DECOY_PASSWORD@@127.0.0.1:@DECOY_PORT@/postgres")


thread = threading.Thread(target=reach)
thread.start()
thread.join()
