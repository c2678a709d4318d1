"""A server in a container, through testcontainers.

The container is labelled with the run's id. Ryuk, the reaper of testcontainers, needs an image of
its own that many machines do not have, so our watcher does its work: when the owner is gone, it
has the engine remove what carries the label (`engine.py remove`), even a container that was being
made at that moment.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from docker.errors import APIError, DockerException, ImageNotFound
from testcontainers.core.config import ConnectionMode, testcontainers_config
from testcontainers.core.container import DockerContainer

from pgassay.core.errors import MachineError
from pgassay.postgres.servers import engine as engine_module
from pgassay.postgres.servers.configuration import profile_settings
from pgassay.postgres.servers.declaration import (
    GIBIBYTE,
    OLDEST_MAJOR,
    ServerDeclaration,
    ServerKind,
    too_old,
)
from pgassay.postgres.servers.engine import LABEL, NEWEST_MAJOR, Engine, has_image
from pgassay.postgres.servers.server import Server, withhold
from pgassay.postgres.servers.watcher import Watcher, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

SUPERUSER = "postgres"
_PORT = 5432
_READY_SECONDS = 90.0
_POLL_SECONDS = 0.05
_LOOPBACK = {"localhost", "127.0.0.1"}
_LOG_LINES = 12
# Where the official image keeps its data: from 18 on the mount point is one folder higher.
_DATA_FOLDER = {16: "/var/lib/postgresql/data", 17: "/var/lib/postgresql/data"}
_DATA_FOLDER_SINCE_18 = "/var/lib/postgresql"


class ContainerServer(Server):
    """A server in a container of its own."""

    kind = ServerKind.CONTAINER

    def __init__(
        self, image: str, engine: Engine, declaration: ServerDeclaration, why: str
    ) -> None:
        super().__init__()
        self.profile = declaration.profile
        self.why = why
        self.run_id = secrets.token_hex(6)
        self.version, self.major = "", 0
        self._image = image
        self._engine = engine
        self._declaration = declaration
        self._password = secrets.token_urlsafe(24)
        self._owner = os.getpid()
        self._watcher: Watcher | None = None
        self._container: DockerContainer | None = None
        self._host, self._port = "", 0

    def launch(self) -> None:
        """Start the container and wait until the server in it answers.

        Raises:
            MachineError: there is no such image, the engine refuses, or the server does not come
                up; quotes the container's log.
        """
        self._watcher = Watcher(())
        self._watcher.run_last(self._removal(), clean_environment())
        before = testcontainers_config.ryuk_disabled
        testcontainers_config.ryuk_disabled = True  # the watcher does its work
        try:
            self._container = self._described()
            self._container.start()
            self._host = self._container.get_container_host_ip()
            self._port = int(self._container.get_exposed_port(_PORT))
        except ImageNotFound as error:
            raise MachineError(
                f"there is no image {self._image}, and it could not be pulled",
                where="--server container",
                fix=f"docker pull {self._image}, or use --server embedded",
            ) from error
        except (DockerException, APIError, TimeoutError, OSError) as error:
            raise MachineError(
                f"the engine did not start a container of {self._image}: {self._said(error)}",
                where="--server container",
                fix="look at `docker ps -a` and `docker logs`, or use --server embedded",
            ) from error
        finally:
            testcontainers_config.ryuk_disabled = before
        self._wait()

    def parameters(self, database: str, *, tcp: bool = False) -> dict[str, str]:
        """Return libpq's connection parameters; there is no other way than TCP."""
        del tcp
        return {
            "host": self._host,
            "port": str(self._port),
            "user": SUPERUSER,
            "password": self._password,
            "dbname": database,
        }

    def close(self) -> None:
        """Remove the container."""
        if os.getpid() != self._owner:
            return  # a forked child does not own it
        self._disconnect()
        if self._container is not None:
            try:
                self._container.stop()
                if self._watcher is not None:
                    self._watcher.forget_last()
            except (DockerException, OSError):
                pass  # the watcher tries again, in a process of its own
            self._container = None
        if self._watcher is not None:
            self._watcher.stop(seconds=60)
            self._watcher = None

    def _described(self) -> DockerContainer:
        # What the Docker SDK reads of its environment; testcontainers hands it on as it is.
        reach = {"DOCKER_HOST": self._engine.address}
        if self._engine.certificates is not None:
            reach |= {"DOCKER_CERT_PATH": self._engine.certificates, "DOCKER_TLS_VERIFY": "1"}
        container = DockerContainer(self._image, docker_client_kw={"environment": reach})
        container.with_envs(
            POSTGRES_USER=SUPERUSER,
            POSTGRES_PASSWORD=self._password,
            POSTGRES_DB=SUPERUSER,
            POSTGRES_INITDB_ARGS=" ".join(self._initdb_options()),
        )
        container.with_command(["postgres", *self._settings()])
        client = container.get_docker_client()
        direct = client.get_connection_mode() is ConnectionMode.docker_host
        if direct and client.host() in _LOOPBACK:
            # Nobody but this machine has business there. Elsewhere (an engine over TCP, its socket
            # mounted into a container, TESTCONTAINERS_HOST_OVERRIDE) loopback is out of reach.
            ports: dict[str, Any] = {f"{_PORT}/tcp": ("127.0.0.1", None)}
            container.ports = ports
        else:
            container.with_exposed_ports(_PORT)
        major = self._declaration.postgres or NEWEST_MAJOR
        room = max(self._declaration.room, GIBIBYTE)
        container.with_tmpfs_mount(_DATA_FOLDER.get(major, _DATA_FOLDER_SINCE_18), f"size={room}")
        container.with_kwargs(labels={LABEL: self.run_id})
        return container

    def _settings(self) -> Iterator[str]:
        major = self._declaration.postgres or NEWEST_MAJOR
        settings = profile_settings(self._declaration, major)
        settings.pop("lc_messages", None)  # the image decides what is there
        for name, value in settings.items():
            yield from ("-c", f"{name}={value}")

    def _initdb_options(self) -> Iterator[str]:
        provider, locale = self._declaration.locale_provider()
        yield "--encoding=UTF8"
        if provider == "libc":
            yield f"--locale={locale}"
        elif provider == "builtin":
            yield from ("--locale-provider=builtin", f"--builtin-locale={locale}", "--locale=C")
        else:
            yield from ("--locale-provider=icu", f"--icu-locale={locale}", "--locale=C")

    def _wait(self) -> None:
        """Wait until the server answers by TCP: the image's first start listens on a socket only.

        Sets the version. The log is quoted if it ends before that.
        """
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            try:
                with psycopg.connect(
                    self.conninfo(SUPERUSER), connect_timeout=2, autocommit=True
                ) as connection:
                    self._know(connection.info.server_version, connection)
                    return
            except psycopg.OperationalError as error:
                said = withhold(str(error), self.parameters(SUPERUSER))
            assert self._container is not None
            wrapped = self._container.get_wrapped_container()
            wrapped.reload()
            if wrapped.status not in ("created", "running") or time.monotonic() > deadline:
                raise MachineError(
                    f"the server in a container of {self._image} did not come up: {said}",
                    why="\n".join(self._log_tail()),
                    fix="correct the settings or the image, or use --server embedded",
                )
            time.sleep(_POLL_SECONDS)

    def _know(self, number: int, connection: psycopg.Connection[Any]) -> None:
        self.major = number // 10000
        row = connection.execute("show server_version").fetchone()
        self.version = str(row[0]).split()[0] if row else str(self.major)
        wanted = self._declaration.postgres
        if self.major < OLDEST_MAJOR:
            raise too_old(self.version, where=self._image)
        if wanted not in (None, self.major):
            raise MachineError(
                f"the image {self._image} holds PostgreSQL {self.version}",
                expected=f"PostgreSQL {wanted}",
                fix="correct `image` or `postgres` of the system",
            )
        self._has_extensions(connection)

    def _has_extensions(self, connection: psycopg.Connection[Any]) -> None:
        wanted = list(self._declaration.extensions)
        query = "select name from pg_catalog.pg_available_extensions where name = any(%s)"
        there = {row[0] for row in connection.execute(query, [wanted])}
        missing = [name for name in wanted if name not in there]
        if missing:
            raise MachineError(
                f"the image {self._image} has not the extensions {', '.join(missing)}",
                where="--server container",
                fix="declare an `image` that has them",
            )

    def _log_tail(self) -> list[str]:
        assert self._container is not None
        text = b"".join(self._container.get_logs()).decode(errors="replace")
        return text.replace(self._password, "***").splitlines()[-_LOG_LINES:]

    def _said(self, error: Exception) -> str:
        return " ".join(str(error).split()).replace(self._password, "***")

    def _removal(self) -> list[str]:
        script = str(Path(engine_module.__file__))
        where = [self._engine.address, self._engine.certificates or ""]
        return [sys.executable, "-I", "-S", script, "remove", self.run_id, *where]


def open_container(
    image: str, engine: Engine, declaration: ServerDeclaration, why: str
) -> ContainerServer:
    """Start a container and return the server in it.

    Pulls the image if the engine has it not: whoever wants no pull asks the engine first.

    Raises:
        MachineError: the container or the server in it does not come up.
    """
    if not has_image(engine, image):
        why += ", pulled"
    server = ContainerServer(image, engine, declaration, why)
    try:
        server.launch()
    except BaseException:
        server.close()
        raise
    return server
