"""One server that writes as production does, a shop on it, and migrations that tests can hold."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgassay.core.errors import SchemaError
from pgassay.core.names import QualifiedName
from pgassay.core.traffic import Scene
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import Profile, Server, ServerDeclaration, ServerKind, open_server
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.traffic.experiment import among_clients
from pgassay.rows.maker import RowMaker
from pgassay.run.migration.traffic.application import Application
from pgassay.run.migration.traffic.crowd import crowd_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgassay.core.traffic import Traffic
    from pgassay.postgres.traffic.experiment import Crowd

CUSTOMER, ORDER = QualifiedName("Shop", "Customer"), QualifiedName("Shop", "Order")
_SHOP = (Path(__file__).parent / "shop.sql").read_text()
_NUMBERS = count()
_WAITING = """
select from pg_locks where not granted and pid <> pg_backend_pid()
  and pg_blocking_pids(pid) && array[%s]::int[]
"""


@dataclass
class Shop:
    """A copy of the shop, its crowd, and migrations to be run among it."""

    server: Server
    database: str
    crowd: Crowd

    def connect(self) -> psycopg.Connection[Any]:
        return self.server.connect(self.database)

    def among(
        self, migrate: Callable[[], None], scene: Scene = Scene.SHORT, **crowd: Any
    ) -> Traffic:
        return among_clients(self.connect, migrate, replace(self.crowd, **crowd), scene)

    def migration(self, *statements: str, held: str | None = None) -> Callable[[], None]:
        """Statements one by one; with `held`, that one is committed only once a client waits."""

        def run() -> None:
            with self.connect() as connection, self.connect() as observer:
                try:
                    for statement in statements:
                        connection.execute(statement.encode())
                    if held is not None:
                        with connection.transaction():
                            connection.execute(held.encode())
                            await_waiting(observer, connection.info.backend_pid)
                except psycopg.Error as error:
                    raise SchemaError(f"{error} (SQLSTATE {error.sqlstate})") from error

        return run


def await_waiting(observer: psycopg.Connection[Any], pid: int) -> None:
    """Return once somebody is seen waiting behind a backend, and some looks later."""
    until(observer, _WAITING, [pid])
    sleep(0.05)


def until(observer: psycopg.Connection[Any], question: str, values: Sequence[Any] = ()) -> None:
    """Return once a question has an answer."""
    deadline = monotonic() + 30
    while not observer.execute(question.encode(), values).fetchall():
        assert monotonic() < deadline, f"it never came to this: {question}"
        sleep(0.01)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    declaration = ServerDeclaration(profile=Profile.FAITHFUL)
    with open_server(ServerKind.EMBEDDED, declaration) as server:
        yield with_shop(server)


def with_shop(server: Server) -> Server:
    """Make the shop that every test copies."""
    server.create_database("shop")
    with server.connect("shop") as connection:
        connection.execute(_SHOP.encode())
        connection.execute("vacuum (analyze)")
    return server


@pytest.fixture(scope="session")
def _crowd(server: Server) -> Iterator[Crowd]:
    """The keys are the same in every copy on one server."""
    yield from crowd_on(server)


def crowd_on(server: Server) -> Iterator[Crowd]:
    """Return the crowd of the shop on a server, by the keys that its rows have there."""
    name = server.create_database("shop_asked", template="shop")
    with server.connect(name) as connection:
        catalog, session = read_catalog(connection), PipelineSession(connection)
        application = Application(catalog, session, RowMaker(catalog, ask=session))
        yield crowd_of((), application, (CUSTOMER, ORDER), around=0.05, patience=0.3)


@pytest.fixture
def altered(server: Server) -> Iterator[Callable[..., tuple[psycopg.Connection[Any], ...]]]:
    """Connections to two copies of the shop: one as it is, and one behind some statements."""
    with ExitStack() as stack:

        def both(*statements: str) -> tuple[psycopg.Connection[Any], ...]:
            found = []
            for _ in range(2):
                name = server.create_database(f"shop_{next(_NUMBERS)}", template="shop")
                stack.callback(server.drop_database, name)
                found.append(stack.enter_context(server.connect(name)))
            for statement in statements:
                found[1].execute(statement.encode())
            return tuple(found)

        yield both


@pytest.fixture
def shop(server: Server, _crowd: Crowd) -> Iterator[Shop]:
    name = server.create_database(f"shop_{next(_NUMBERS)}", template="shop")
    yield Shop(server, name, replace(_crowd, glance=0.1, pause=0.002))
    server.drop_database(name)
