"""Databases for the reference system's own tests, and its Alembic configuration."""

import uuid
from argparse import Namespace
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine, pool

from pgassay.cases.derivation import Source
from pgassay.core.catalog import Catalog
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker
from pgassay.run.factories import row_sources
from pgassay.run.population import population, put_in_place, realistic
from schema.creativeflow import metadata
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


@pytest.fixture(scope="session")
def promised(server: Server) -> str:
    """A database that the models built, for the engine's questions."""
    server.running.create_database("promised")
    engine = create_engine(server.engine_url("promised"), poolclass=pool.NullPool)
    metadata.create_all(engine)
    return "promised"


@pytest.fixture(scope="session")
def contract(server: Server, promised: str) -> Catalog:
    with server.running.connect(promised) as connection:
        return read_catalog(connection)


@pytest.fixture(scope="session")
def bare_source(server: Server, promised: str, contract: Catalog, head: str) -> Iterator[Source]:
    """What cases are derived from, without factories."""
    own = frozenset([QualifiedName("public", "alembic_version")])
    with server.running.connect(head) as connection:
        built = read_catalog(connection, exclude=own)
    with server.running.connect(promised) as connection:
        ask = PipelineSession(connection)
        rows = RowMaker(contract, ask=ask, built=built)
        today = date(2026, 11, 21)
        yield Source(contract=contract, rows=rows, ask=ask, built=built, today=today)


@pytest.fixture
def source(bare_source: Source, contract: Catalog) -> Source:
    """The same with CreativeFlow's factories."""
    return realistic(bare_source, row_sources("factories.creativeflow", contract, root=ROOT))


@pytest.fixture
def empty(server: Server, new_database: NewDatabase, head: str) -> Iterator[PipelineSession]:
    """A session on an empty database at head."""
    with server.running.connect(new_database(template=head)) as connection:
        yield PipelineSession(connection)


@pytest.fixture
def populated(source: Source, empty: PipelineSession) -> PipelineSession:
    """A session on a database at head that has a few families of rows."""
    put_in_place(population(source), empty)
    return empty
