"""Provides its own database."""

from alembic import context
from sqlalchemy import engine_from_config, text

engine = engine_from_config(context.config.get_section("alembic"))
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
    connection.execute(text("CREATE DATABASE shop_of_my_own"))
