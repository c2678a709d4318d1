"""Databases for the reference system's own tests, and its Alembic configuration."""

import uuid
from argparse import Namespace
from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql

from tests.postgres.creativeflow.throwaway import (
    ROOT,
    Configure,
    Connection,
    NewDatabase,
    Server,
    running,
)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def new_database(server: Server) -> Iterator[NewDatabase]:
    """Make empty databases, or clones of one, and drop them in the end."""
    names: list[str] = []

    def create(template: str = "template1") -> str:
        name = f"t{uuid.uuid4().hex}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        names.append(name)
        return name

    yield create
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for name in names:
            statement = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(statement.format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def _no_other_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREATIVEFLOW_DATABASE_URL", raising=False)


@pytest.fixture(scope="session")
def alembic(server: Server) -> Configure:
    """CreativeFlow's configuration, as the command line would make it from `-x url=…`."""

    def configure(database: str, driver: str = "psycopg") -> Config:
        given = Namespace(x=[f"url={server.engine_url(database, driver)}"])
        return Config(ROOT / "alembic.ini", ini_section="creativeflow", cmd_opts=given)

    return configure


@pytest.fixture(scope="session")
def head(server: Server, alembic: Configure) -> str:
    """A database at head, to be cloned; nothing stays connected to it."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE head")
    command.upgrade(alembic("head"), "head")
    return "head"


@pytest.fixture
def connection(server: Server, new_database: NewDatabase, head: str) -> Iterator[Connection]:
    """A connection to a database of one's own, at head."""
    with psycopg.connect(server.url(new_database(template=head))) as connection:
        yield connection
        connection.rollback()
