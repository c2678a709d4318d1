"""One throwaway server for the routes' tests, and one decoy that none of them may reach."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from pgassay.core.route import Target
from tests.postgres.routes.throwaway import Decoy, Server, started


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with started() as server:
        yield server


@pytest.fixture
def target(server: Server) -> Target:
    return server.create()


@pytest.fixture(scope="session")
def decoy_server() -> Iterator[tuple[Server, socket.socket, list[object]]]:
    accepted: list[object] = []
    with started() as server, socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        done = threading.Event()

        def accept() -> None:
            while not done.is_set():
                try:
                    accepted.append(listener.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        yield server, listener, accepted
        done.set()
        thread.join()
        for used, _ in accepted:  # type: ignore[misc]  # its type is open above
            used.close()


@pytest.fixture
def decoy(decoy_server: tuple[Server, socket.socket, list[object]]) -> Iterator[Decoy]:
    server, listener, accepted = decoy_server
    decoy = Decoy(server=server, listener=listener, accepted=accepted)
    before = decoy.reached()
    yield decoy
    time.sleep(0.05)  # the server writes its log as it accepts
    assert decoy.reached() == before, "the decoy was reached"
