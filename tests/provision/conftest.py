"""The engine for the tests of the home-made images: there, or skipped with the reason.

Where `.ci/docker_engine.py` has started one (PGASSAY_REQUIRE_CONTAINER), its absence is a failure.
"""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, NoReturn

import docker
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

RECIPE = "org.pgassay.recipe"


@pytest.fixture(scope="module")
def engine() -> Iterator[docker.DockerClient]:
    address = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    try:
        if address.startswith("unix://"):
            # Asked by hand first: the SDK leaves its socket open where nobody answers.
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(address.removeprefix("unix://"))
        client = docker.from_env(timeout=30)
    except (OSError, docker.errors.DockerException) as error:
        reason = os.environ.get("PGASSAY_CONTAINER_UNAVAILABLE") or str(error)
        absent(f"no Docker engine at {address}: {reason}")
    yield client
    client.close()


@pytest.fixture(params=[16, 17, 18])
def image(request: pytest.FixtureRequest, engine: docker.DockerClient) -> str:
    name = f"postgres:{request.param}"
    try:
        found = engine.images.get(name)
    except docker.errors.ImageNotFound:
        absent(f"the engine has no image {name}")
    if RECIPE not in found.labels:
        absent(f"{name} is not the home-made image")
    return name


def absent(reason: str) -> NoReturn:
    if os.environ.get("PGASSAY_REQUIRE_CONTAINER"):
        pytest.fail(reason)
    pytest.skip(reason)
