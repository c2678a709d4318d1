"""A Docker engine with postgres:16, 17 and 18 for these tests: there, or skipped with the reason.

`python3 .ci/docker_engine.py run -- pytest tests/postgres/container` brings one. Where that script
has started it (PGASSAY_REQUIRE_CONTAINER), its absence is a failure and nothing is skipped.
"""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, NoReturn

import docker
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

MADE_HERE = "pgassay-test/"  # images that a test makes and removes itself, perhaps at this moment


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    address = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    try:
        if address.startswith("unix://"):
            # Asked by hand first: the SDK leaves its socket open where nobody answers.
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(address.removeprefix("unix://"))
        client = docker.from_env(timeout=60)
    except (OSError, docker.errors.DockerException) as error:
        reason = os.environ.get("PGASSAY_CONTAINER_UNAVAILABLE") or str(error)
        absent(f"no Docker engine at {address}: {reason}")
    yield client
    client.close()


@pytest.fixture(params=[16, 17, 18])
def major(request: pytest.FixtureRequest, engine: docker.DockerClient) -> int:
    """Each supported major version."""
    require_image(engine, request.param)
    return int(request.param)


@pytest.fixture
def newest(engine: docker.DockerClient) -> int:
    """The version for what does not depend on the version."""
    require_image(engine, 18)
    return 18


@pytest.fixture(autouse=True)
def no_image_is_pulled(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test brings an image into the engine, a reaper's no more than PostgreSQL's."""
    if "engine" not in request.fixturenames:  # it is about having none
        yield
        return
    engine = request.getfixturevalue("engine")
    before = {tag for image in engine.images.list() for tag in image.tags}
    yield
    after = {tag for image in engine.images.list() for tag in image.tags}
    assert {tag for tag in after - before if not tag.startswith(MADE_HERE)} == set()


def require_image(engine: docker.DockerClient, version: int) -> None:
    try:
        engine.images.get(f"postgres:{version}")
    except docker.errors.ImageNotFound:
        absent(f"the engine has no image postgres:{version}")


def absent(reason: str) -> NoReturn:
    if os.environ.get("PGASSAY_REQUIRE_CONTAINER"):
        pytest.fail(reason)
    pytest.skip(reason)
