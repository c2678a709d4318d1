"""Pulse at head on a server of its own, to be cloned and broken."""

import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

from pgassay.core.catalog import Catalog
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from tests.projects.pulse.derive_facts import FACTS

ROOT = Path(__file__).parents[3]
BOOKKEEPING = frozenset([QualifiedName("public", "alembic_version")])

_NUMBERS = count(1)

NewDatabase = Callable[..., str]
Configure = Callable[[str], Config]


@pytest.fixture(scope="session")
def facts() -> dict[str, Any]:
    return json.loads(FACTS.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server(ServerKind.EMBEDDED, ServerDeclaration()) as server:
        yield server


@pytest.fixture(autouse=True)
def _no_other_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULSE_DATABASE_URL", raising=False)


@pytest.fixture(scope="session")
def alembic(server: Server) -> Configure:
    """Pulse's configuration, as the command line would make it from `-x url=…`."""

    def configure(database: str) -> Config:
        url = server.url(database, scheme="postgresql+psycopg")
        return Config(
            ROOT / "alembic.ini", ini_section="pulse", cmd_opts=Namespace(x=[f"url={url}"])
        )

    return configure


@pytest.fixture(scope="session")
def head(server: Server, alembic: Configure) -> str:
    name = server.create_database("pulse_head")
    command.upgrade(alembic(name), "head")
    return name


@pytest.fixture
def new_database(server: Server) -> NewDatabase:
    """Make an empty database, or a clone of one."""

    def create(template: str | None = None) -> str:
        return server.create_database(f"pulse_{next(_NUMBERS)}", template=template)

    return create


@pytest.fixture(scope="session")
def catalog_of(server: Server) -> Callable[[str], Catalog]:
    def read(database: str) -> Catalog:
        with server.connect(database) as connection:
            return read_catalog(connection, exclude=BOOKKEEPING)

    return read
