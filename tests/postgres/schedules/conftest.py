"""A server for the schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.postgres.servers import Server, ServerDeclaration, ServerKind, open_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server(ServerKind.EMBEDDED, ServerDeclaration()) as server:
        yield server
