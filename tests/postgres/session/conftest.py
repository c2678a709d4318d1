"""A server, and a session on a database of its own for each test."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server
from pgassay.postgres.session import PipelineSession

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server(ServerKind.EMBEDDED, ServerDeclaration()) as server:
        yield server


_NUMBERS = count(1)


@pytest.fixture
def database(server: Server) -> str:
    return server.create_database(f"session_{next(_NUMBERS)}")


@pytest.fixture
def session(server: Server, database: str) -> Iterator[PipelineSession]:
    with server.connect(database) as connection:
        yield PipelineSession(connection)
