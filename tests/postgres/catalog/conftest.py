"""Databases on a server of each major version, and the rich schema in one of them.

A major that is not on this machine is skipped, with the reason: PGASSAY_PG_BIN names the folders
of the programs, separated like PATH.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgassay.core.errors import MachineError
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from pgassay.postgres.servers.binaries import Binaries, find_embedded, find_system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.core.catalog import Catalog

    Connection = psycopg.Connection[tuple[object, ...]]

MAJORS = (16, 17, 18)
_HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def database() -> Iterator[Callable[[int], str]]:
    """Return the conninfo of a new empty database on a server of that major."""
    servers: dict[int, Server] = {}
    numbers = count()
    with ExitStack() as stack:

        def make(major: int) -> str:
            if major not in servers:
                try:
                    server = open_server(ServerKind.EMBEDDED, ServerDeclaration(postgres=major))
                except MachineError as error:
                    pytest.skip(error.found)
                servers[major] = stack.enter_context(server)
            name = f"catalog_{next(numbers)}"
            servers[major].create_database(name)
            return servers[major].conninfo(name)

        yield make


@pytest.fixture(scope="session", params=MAJORS)
def major(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="session")
def binaries(major: int) -> Path:
    """The folder of that major's programs, pg_dump among them."""
    declaration = ServerDeclaration(postgres=major)
    for found in (find_embedded(declaration), find_system(declaration)):
        right = isinstance(found, Binaries) and found.major == major
        if right and (found.directory / "pg_dump").exists():
            return found.directory
    pytest.skip(f"pg_dump of PostgreSQL {major} is not on this machine")


@pytest.fixture(scope="session")
def _connection(database: Callable[[int], str], major: int) -> Iterator[Connection]:
    with psycopg.connect(database(major)) as connection:
        yield connection


@pytest.fixture
def connection(_connection: Connection) -> Iterator[Connection]:
    """A connection to an empty database, inside a transaction that is rolled back."""
    with _connection.transaction(force_rollback=True):
        yield _connection


@pytest.fixture
def built(connection: Connection) -> Callable[[str], Catalog]:
    """Run statements and read the catalog that they leave."""

    def build(sql: str) -> Catalog:
        connection.execute(sql.encode())
        return read_catalog(connection)

    return build


@pytest.fixture(scope="session")
def rich_script(major: int) -> str:
    """The statements of a schema that holds everything that this major knows."""
    files = ["rich.sql", *(["rich18.sql"] if major >= 18 else [])]
    return "\n".join((_HERE / name).read_text() for name in files)


@pytest.fixture(scope="session")
def rich_database(database: Callable[[int], str], major: int, rich_script: str) -> Iterator[str]:
    """The conninfo of a database with the rich schema, never changed by a test."""
    conninfo = database(major)
    with psycopg.connect(conninfo) as connection:
        connection.execute(rich_script.encode())
    yield conninfo
    # Roles belong to the whole cluster: let the next database make its own.
    with psycopg.connect(conninfo) as connection:
        connection.execute('drop owned by reader, "Ünt el"; drop role reader, "Ünt el"')


@pytest.fixture(scope="session")
def rich(rich_database: str) -> Catalog:
    """The catalog of the rich schema."""
    with psycopg.connect(rich_database) as connection:
        return read_catalog(connection)
