"""Servers of each major version, a donor with rows of many kinds, and empty copies of its schema.

A major that is not on this machine is skipped, with the reason: PGASSAY_PG_BIN names the folders
of the programs, separated like PATH.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import MachineError
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from tests.postgres.bulk.donor import DonorSource, donor
from tests.postgres.bulk.wide import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAJORS = (16, 17, 18)
_HERE = Path(__file__).parent
_RICH = _HERE.parent / "catalog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A server, the rows to load, and as many empty databases with their schema as wanted."""

    server: Server
    schema: str
    giver: str
    source: DonorSource
    numbers: Iterator[int]

    def empty(self) -> str:
        return self.server.create_database(
            f"{self.schema}_{next(self.numbers)}", template=self.schema
        )


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[int], Server]]:
    """Return the one server of a major."""
    opened: dict[int, Server] = {}
    with ExitStack() as stack:

        def get(major: int) -> Server:
            if major not in opened:
                try:
                    server = open_server(ServerKind.EMBEDDED, ServerDeclaration(postgres=major))
                except MachineError as error:
                    pytest.skip(error.found)
                opened[major] = stack.enter_context(server)
            return opened[major]

        yield get


@pytest.fixture(scope="session", params=MAJORS)
def major(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="session")
def server(servers: Callable[[int], Server], major: int) -> Server:
    return servers(major)


@pytest.fixture(scope="session")
def rich(server: Server) -> Iterator[Ground]:
    """Everything that a catalog can hold, with rows in every table."""
    names = ["rich.sql", *(["rich18.sql"] if server.major >= 18 else [])]
    script = "\n".join((_RICH / name).read_text() for name in names)
    yield _ground(server, "rich", script, (_HERE / "rich_rows.sql").read_text())
    with server.connect("rich") as connection:
        connection.execute('drop owned by reader, "Ünt el"')


@pytest.fixture(scope="session")
def shop(server: Server) -> Ground:
    """A schema that rows flow through: circles, partitions, deferred keys, triggers, sequences."""
    return _shop(server)


@pytest.fixture(scope="session")
def newest(servers: Callable[[int], Server]) -> Server:
    """The newest server, for what does not depend on the version."""
    return servers(MAJORS[-1])


@pytest.fixture(scope="session")
def newest_shop(newest: Server) -> Ground:
    """The shop on the newest server alone."""
    return _shop(newest, "newest_shop")


@pytest.fixture(scope="session")
def wide(newest: Server) -> Ground:
    """Tables for any number of rows, which come from processes of their own."""
    newest.create_database("wide")
    with newest.connect("wide") as connection:
        connection.execute(SCHEMA.encode())
    nothing = DonorSource(told=(), rows={})
    return Ground(server=newest, schema="wide", giver="", source=nothing, numbers=count())


def _shop(server: Server, name: str = "shop") -> Ground:
    schema, rows = (_HERE / "shop.sql").read_text(), (_HERE / "shop_rows.sql").read_text()
    return _ground(server, name, schema, rows)


def _ground(server: Server, name: str, schema: str, rows: str) -> Ground:
    server.create_database(name)
    with server.connect(name, autocommit=False) as connection:
        connection.execute(schema.encode())
    giver = server.create_database(f"{name}_giver", template=name)
    with server.connect(giver, autocommit=False) as connection:
        connection.execute(rows.encode())
        source = donor(connection)
    return Ground(server=server, schema=name, giver=giver, source=source, numbers=count())
