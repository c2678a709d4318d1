"""The shop of every major version, and a transaction on it that is rolled back."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.errors import MachineError
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.catalog.fixpoint import ServerFixpoint
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server

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
                    opened = open_server(ServerKind.EMBEDDED, ServerDeclaration(postgres=major))
                except MachineError as error:
                    pytest.skip(error.found)
                servers[major] = stack.enter_context(opened)
            return servers[major]

        yield get


@pytest.fixture(params=MAJORS)
def major(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The shop on one major version; no test changes it for good.

    `fixpoint` works on a shop of its own: the other one is locked by what is tried in it.
    """

    conninfo: str
    connection: Connection
    catalog: Catalog
    fixpoint: ServerFixpoint


@pytest.fixture(scope="session")
def shops(server: Callable[[int], Server]) -> Iterator[Callable[[int], Shop]]:
    """Return the shop of a major version, built on first use."""
    script = (_HERE / "shop.sql").read_text()
    made: dict[int, Shop] = {}
    with ExitStack() as stack:

        def get(major: int) -> Shop:
            if major not in made:
                opened = server(major)
                opened.create_database("shop")
                with psycopg.connect(opened.conninfo("shop")) as connection:
                    connection.execute(script.encode())
                opened.create_database("settling", template="shop")
                made[major] = _shop(opened, stack)
            return made[major]

        yield get


def _shop(server: Server, stack: ExitStack) -> Shop:
    shop, settling = (
        stack.enter_context(psycopg.connect(server.conninfo(name))) for name in ("shop", "settling")
    )
    return Shop(
        conninfo=server.conninfo("shop"),
        connection=shop,
        catalog=read_catalog(shop),
        fixpoint=ServerFixpoint(settling),
    )


@pytest.fixture
def connection(shops: Callable[[int], Shop], major: int) -> Iterator[Connection]:
    """A connection to the shop, inside a transaction that is rolled back."""
    connection = shops(major).connection
    with connection.transaction(force_rollback=True):
        yield connection


@pytest.fixture
def shop(shops: Callable[[int], Shop], major: int) -> Catalog:
    """The catalog of the shop."""
    return shops(major).catalog


@pytest.fixture
def fixpoint(shops: Callable[[int], Shop], major: int) -> ServerFixpoint:
    return shops(major).fixpoint
