"""The shop of every major version, and a transaction on it that is rolled back."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.errors import MachineError
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.catalog.fixpoint import ServerFixpoint
from pgassay.postgres.servers import AUTO, Server, ServerDeclaration, open_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.core.catalog import Catalog

    Connection = psycopg.Connection[tuple[object, ...]]

MAJORS = (16, 17, 18)
_HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def server() -> Iterator[Callable[[int], Server]]:
    """Return the server of a major version, started on first use; skip where there is none."""
    servers: dict[int, Server] = {}
    with ExitStack() as stack:

        def get(major: int) -> Server:
            if major not in servers:
                try:
                    opened = open_server(AUTO, ServerDeclaration(postgres=major))
                except MachineError as error:
                    pytest.skip(error.found)
                servers[major] = stack.enter_context(opened)
            return servers[major]

        yield get


@pytest.fixture(scope="session")
def shop_script() -> str:
    return (_HERE / "shop.sql").read_text()


@pytest.fixture(scope="session", params=MAJORS)
def major(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="session")
def shops(server: Callable[[int], Server], shop_script: str) -> Callable[[int], str]:
    """Return the conninfo of the shop of a major version; no test changes it."""
    made: dict[int, str] = {}

    def get(major: int) -> str:
        if major not in made:
            server(major).create_database("shop")
            made[major] = server(major).conninfo("shop")
            with psycopg.connect(made[major]) as connection:
                connection.execute(shop_script.encode())
        return made[major]

    return get


@pytest.fixture(scope="session")
def _connection(shops: Callable[[int], str], major: int) -> Iterator[Connection]:
    with psycopg.connect(shops(major)) as connection:
        yield connection


@pytest.fixture
def connection(_connection: Connection) -> Iterator[Connection]:
    """A connection to the shop, inside a transaction that is rolled back."""
    with _connection.transaction(force_rollback=True):
        yield _connection


@pytest.fixture(scope="session")
def shop(_connection: Connection) -> Catalog:
    """The catalog of the shop."""
    return read_catalog(_connection)


@pytest.fixture(scope="session")
def fixpoint(shops: Callable[[int], str], major: int) -> Iterator[ServerFixpoint]:
    """Settles expressions on the shop as it was."""
    with psycopg.connect(shops(major)) as connection:
        yield ServerFixpoint(connection)
