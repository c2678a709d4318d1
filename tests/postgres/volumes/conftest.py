"""Both reference systems on their stands, and small databases of a stranger's."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgassay.core.config import load_config
from pgassay.postgres.catalog import read_catalog
from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from pgassay.postgres.session import PipelineSession
from pgassay.rows.maker import RowMaker
from pgassay.run.factories import row_sources
from pgassay.run.stand import Request, Stand
from pgassay.volumes.profile import Profile
from pgassay.volumes.reading import load_profile, parse_profile
from pgassay.volumes.volume import Volume, make_volume

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pgassay.core.catalog import Catalog
    from tests.postgres.volumes.loading import Connection

ROOT = Path(__file__).parents[3]


@dataclass
class Ground:
    """A reference system, its volumes, and databases to fill with them."""

    stand: Stand
    exit: ExitStack

    def volume(self, size: str = "smoke", seed: int = 0) -> Volume:
        system = self.stand.request.system
        assert system.factories is not None
        sources = row_sources(system.factories, self.stand.contract, root=ROOT, seed=seed)
        built = self.stand.catalogs[self.stand.proven]
        return make_volume(
            load_profile(size, self.stand.contract, system.volumes),
            maker=RowMaker(
                self.stand.contract, sources=sources, ask=self.stand.scratch, built=built
            ),
            ask=self.stand.scratch,
            built=built,
            sources=sources,
            seed=seed,
        )

    def database(self) -> Connection:
        connection = self.exit.enter_context(self.stand.server.connect(self.stand.clone()))
        connection.autocommit = True
        return connection


@contextmanager
def ground(name: str) -> Iterator[Ground]:
    config = load_config(ROOT)
    request = Request(config=config, system=config.systems[name], today=date(2026, 11, 21))
    with Stand(request) as stand, ExitStack() as stack:
        yield Ground(stand, stack)


@pytest.fixture(scope="session")
def creativeflow() -> Iterator[Ground]:
    with ground("creativeflow") as made:
        yield made


@pytest.fixture(scope="session")
def pulse() -> Iterator[Ground]:
    with ground("pulse") as made:
        yield made


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server(ServerKind.EMBEDDED, ServerDeclaration()) as server:
        yield server


@dataclass
class Strange:
    """A schema that nobody described: the database to fill, and its catalog."""

    connection: Connection
    catalog: Catalog
    ask: PipelineSession

    def volume(
        self, rows: int = 40, described: Mapping[str, object] | None = None, seed: int = 0
    ) -> Volume:
        profile = (
            Profile(name="own", rows=rows)
            if described is None
            else parse_profile({"rows": rows, **described}, Path("own.toml"), self.catalog)
        )
        maker = RowMaker(self.catalog, ask=self.ask)
        return make_volume(profile, maker=maker, ask=self.ask, built=self.catalog, seed=seed)


@pytest.fixture
def stranger(server: Server) -> Iterator[Callable[..., Strange]]:
    """Make a database from scripts."""
    with ExitStack() as stack:

        def make(*scripts: str) -> Strange:
            name = server.create_database(f"stranger_{next(_NUMBERS)}")
            connection = stack.enter_context(server.connect(name))
            connection.autocommit = True
            for script in scripts:
                connection.execute(script.encode())
            catalog = read_catalog(connection)
            ask = stack.enter_context(server.connect(name))
            ask.autocommit = True
            return Strange(connection, catalog, PipelineSession(ask))

        yield make


_NUMBERS = count(1)
