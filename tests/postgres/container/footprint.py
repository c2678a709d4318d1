"""What pgassay's runs have in a Docker engine: seen while a server is up, asked again later."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.postgres.servers.engine import LABEL

if TYPE_CHECKING:
    import docker
    from docker.models.containers import Container

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What one run has in the engine."""

    engine: docker.DockerClient
    run_id: str
    volumes: tuple[str, ...]

    @classmethod
    def of(cls, engine: docker.DockerClient, run_id: str) -> Footprint:
        mounts = [mount for one in cls._containers(engine, run_id) for mount in one.attrs["Mounts"]]
        volumes = tuple(mount["Name"] for mount in mounts if mount["Type"] == "volume")
        return cls(engine=engine, run_id=run_id, volumes=volumes)

    @property
    def containers(self) -> list[Container]:
        """Stopped ones too."""
        return self._containers(self.engine, self.run_id)

    @property
    def left(self) -> list[str]:
        """What is there now, in words."""
        there = {volume.name for volume in self.engine.volumes.list()}
        found = [f"container {one.short_id} ({one.status})" for one in self.containers]
        return found + [f"volume {name}" for name in self.volumes if name in there]

    def wait_until_gone(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.left and time.monotonic() < deadline:
            time.sleep(0.1)

    @staticmethod
    def _containers(engine: docker.DockerClient, run_id: str) -> list[Container]:
        label = {"label": f"{LABEL}={run_id}"}
        return list(engine.containers.list(all=True, filters=label, ignore_removed=True))


def all_containers(engine: docker.DockerClient) -> set[str]:
    """The containers of every pgassay run there is, another test worker's too."""
    found = engine.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True)
    return {container.id for container in found}


def staying(engine: docker.DockerClient, before: set[str]) -> set[str]:
    """Containers that are new since `before` and do not go away.

    Another worker's go when its test ends, so those of now are given that time.
    """
    new = all_containers(engine) - before
    deadline = time.monotonic() + PATIENCE_SECONDS
    while new and time.monotonic() < deadline:
        time.sleep(0.1)
        new &= all_containers(engine)
    return new
