"""A server for the session, and a bench on it for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.postgres.cases.values.bench import Bench
from tests.postgres.creativeflow.throwaway import Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def _server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def _bench(_server: Server) -> Bench:
    return Bench(_server)


@pytest.fixture
def bench(_bench: Bench) -> Iterator[Bench]:
    yield _bench
    _bench.close()
