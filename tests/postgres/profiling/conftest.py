"""A market that pgassay did not make: its schema and rows in plain SQL, and empty copies of it."""

from __future__ import annotations

import tomllib
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.statistics import read
from pgassay.rows.maker import RowMaker
from pgassay.run.profiling import profile_of
from pgassay.volumes.nearness import compare
from pgassay.volumes.reading import parse_profile
from pgassay.volumes.volume import make_volume
from tests.postgres.volumes.loading import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog
    from pgassay.core.nearness import ColumnNearness, Measure
    from pgassay.volumes.profile import Profile
    from pgassay.volumes.volume import Volume

HERE = Path(__file__).parent
SCHEMA = (HERE / "market_schema.sql").read_text(encoding="utf-8")
ROWS = (HERE / "market_rows.sql").read_text(encoding="utf-8")
MARKER = "qqmarker"

Connection = psycopg.Connection[Any]


@dataclass
class Market:
    """The database as its owner has it."""

    server: Server
    database: str
    connection: Connection

    def taken(self, *named: tuple[str, str]) -> str:
        """Return its profile as a file."""
        columns = [(QualifiedName("public", table), column) for table, column in named]
        return profile_of(read(self.connection, columns), named=columns).text


@dataclass
class Filled:
    """An empty copy of the schema, filled from a profile and analyzed over all rows."""

    server: Server
    database: str
    profile: Profile
    catalog: Catalog
    volume: Volume
    refused: list[str]
    connection: Connection

    @property
    def nearness(self) -> list[ColumnNearness]:
        """How near it is now."""
        found = read(self.connection)
        return list(compare(self.profile, found, self.catalog, self.volume.yields))

    def measure(self, table: str, column: str | None, name: str) -> Measure:
        (found,) = (
            measure
            for one in self.nearness
            if (one.table, one.column) == (table, column)
            for measure in one.measures
            if measure.name == name
        )
        return found

    @property
    def missed(self) -> set[tuple[str, str | None, str]]:
        return {(o.table, o.column, m.name) for o in self.nearness for m in o.missed}

    def copied(self, stack: ExitStack) -> Filled:
        """Return a copy, to be changed."""
        name = self.server.create_database(f"copy_{next(_NUMBERS)}", template=self.database)
        return replace(self, database=name, connection=opened(self.server, name, stack))


_NUMBERS = count(1)


def opened(server: Server, database: str, stack: ExitStack) -> Connection:
    connection = stack.enter_context(server.connect(database))
    connection.autocommit = True
    return connection


def filled(server: Server, text: str, stack: ExitStack, schema: str = SCHEMA) -> Filled:
    name = server.create_database(f"filled_{next(_NUMBERS)}")
    with ExitStack() as open_:
        connection, asking = opened(server, name, open_), opened(server, name, open_)
        connection.execute(schema.encode())
        catalog, ask = read_catalog(connection), PipelineSession(asking)
        profile = parse_profile(tomllib.loads(text), Path("market.toml"), catalog)
        volume = make_volume(profile, maker=RowMaker(catalog, ask=ask), ask=ask, built=catalog)
        refused = load(connection, volume)
        connection.execute("analyze")
    # What is looked at is a copy, so that the database itself can be copied again.
    seen = server.create_database(f"seen_{next(_NUMBERS)}", template=name)
    return Filled(
        server=server,
        database=name,
        profile=profile,
        catalog=catalog,
        volume=volume,
        refused=refused,
        connection=opened(server, seen, stack),
    )


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server that tells each statement in its log."""
    declaration = ServerDeclaration(settings={"log_statement": "all", "track_counts": "on"})
    with open_server(ServerKind.EMBEDDED, declaration) as server:
        yield server


@pytest.fixture(scope="session")
def market(server: Server) -> Iterator[Market]:
    """Nobody changes it."""
    database = server.create_database("market")
    with server.connect(database) as connection:
        connection.autocommit = True
        connection.execute(SCHEMA.encode())
        connection.execute(ROWS.encode())
        yield Market(server, database, connection)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as open_:
        yield open_


@pytest.fixture(scope="session")
def twin(server: Server, market: Market) -> Iterator[Filled]:
    """The market's copy, from its profile without values. Nobody changes it."""
    with ExitStack() as open_:
        yield filled(server, market.taken(), open_)
