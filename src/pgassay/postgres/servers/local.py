"""A server run from programs on this machine: the embedded wheel's or installed ones."""

from __future__ import annotations

import atexit
import os
import secrets
import signal
import socket
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from psycopg import sql

from pgassay.core.errors import MachineError
from pgassay.postgres.servers.binaries import copy_binaries
from pgassay.postgres.servers.configuration import (
    HOST_BASED_ACCESS,
    configuration_text,
    place_settings,
    profile_settings,
)
from pgassay.postgres.servers.run_directory import disk_error, explain_disk
from pgassay.postgres.servers.server import Server
from pgassay.postgres.servers.startup import (
    START_SECONDS,
    PortTakenError,
    log_tail,
    start_error,
    wait_until_ready,
)
from pgassay.postgres.servers.watcher import Watcher, clean_environment

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.postgres.servers.binaries import Binaries
    from pgassay.postgres.servers.cluster_cache import ClusterCache
    from pgassay.postgres.servers.declaration import ServerDeclaration
    from pgassay.postgres.servers.identity import Identity
    from pgassay.postgres.servers.run_directory import RunDirectory

SUPERUSER = "postgres"
_SOCKET_PORT = 5432  # only a part of the socket's name when nobody listens on TCP
_PORT_ATTEMPTS = 20
_INITDB_SECONDS = 120
_open_servers: weakref.WeakSet[LocalServer] = weakref.WeakSet()


class LocalServer(Server):
    """A server in a run directory of its own.

    In this order: `prepare`; `load` or `initialise`; `launch`; `halt`, `keep` and `launch` again
    to make a template of it; `close`. Whoever calls them closes it when one fails.

    Attributes:
        notes: what a person may want to know, such as a cache that cannot be written.
        data: the data directory.
        programs: the folder that the server's programs came from, with whatever came along.
    """

    def __init__(
        self,
        *,
        binaries: Binaries,
        declaration: ServerDeclaration,
        identity: Identity,
        run: RunDirectory,
        why: str,
        tcp: bool = True,
    ) -> None:
        super().__init__()
        self.kind = binaries.kind
        self.profile = declaration.profile
        self.version = binaries.version
        self.major = binaries.major
        self.why = why
        self.run_id = run.run_id
        self.notes: list[str] = []
        self.programs = binaries.directory
        self._binaries = binaries
        self._declaration = declaration
        self._identity = identity
        self._run = run
        self._tcp = tcp
        self._port = _SOCKET_PORT
        self._password: str | None = None
        self._one_password = threading.Lock()
        self._pid: int | None = None
        self._owner = os.getpid()
        self._watcher: Watcher | None = None

    @property
    def data(self) -> Path:
        """The data directory."""
        return self._run.data

    @property
    def identity(self) -> Identity:
        """Whose files those in the data directory are."""
        return self._identity

    def prepare(self) -> None:
        """Start the watcher, make the run directory, see that the programs can be read.

        Raises:
            MachineError: the place is full or not writable.
        """
        _open_servers.add(self)
        self._watcher = Watcher(self._run.paths)
        self._run.prepare(self._identity)
        self._watcher.hold_lock(self._run.lock)
        self._make_binaries_readable()

    def load(self, key: str, cache: ClusterCache) -> bool:
        """Take the data directory from the cache; return False, with none there, if it has none.

        Raises:
            MachineError: the disk is full.
        """
        with explain_disk(self._run.data):
            return cache.read(key, self._run.data, self._identity)

    def initialise(self, key: str, cache: ClusterCache) -> None:
        """Make the empty cluster `key`: from the cache, otherwise by initdb, and keep it.

        Raises:
            MachineError: initdb fails; says why.
        """
        if self.load(key, cache):
            return
        with cache.building(key):
            if self.load(key, cache):
                return  # another run was faster
            self._initialise()
            self.keep(key, cache)

    def launch(self) -> None:
        """Start the server program on the data directory and wait until it accepts connections.

        Raises:
            MachineError: it ended, or did not become ready in time; quotes its log.
        """
        for _attempt in range(_PORT_ATTEMPTS):
            try:
                self._launch_once(_free_port() if self._tcp else _SOCKET_PORT)
            except PortTakenError:
                continue  # another process was faster; take the next free one
            return
        raise MachineError(
            f"no free TCP port was found in {_PORT_ATTEMPTS} attempts",
            fix="see what listens on 127.0.0.1 of this machine",
        )

    def halt(self) -> None:
        """Shut down in order, so that the data directory can be kept; `launch` goes on from here.

        Raises:
            MachineError: it does not stop.
        """
        self._disconnect()
        assert self._watcher is not None
        assert self._pid is not None
        self._watcher.signal(self._pid, signal.SIGINT)  # fast shutdown
        if self._watcher.exit_status(self._pid, seconds=60) is None:
            raise MachineError("the server does not stop", where=str(self._run.log))
        self._pid = None

    def crash(self) -> None:
        """End the server at once, as a crash would, and start it again: it recovers from its WAL.

        It listens on the same port afterwards, unless somebody was faster. Every session is gone.

        Raises:
            MachineError: it does not end, or does not start again.
        """
        self._disconnect()
        assert self._watcher is not None
        assert self._pid is not None
        self._watcher.signal(self._pid, signal.SIGQUIT)  # immediate shutdown: nothing is written
        if self._watcher.exit_status(self._pid, seconds=60) is None:
            raise MachineError("the server does not end", where=str(self._run.log))
        self._pid = None
        with suppress(PortTakenError):
            self._launch_once(self._port)
            return
        self.launch()

    def disable_checksums(self) -> None:
        """Let the halted cluster read pages that something else has written; only that changes.

        Raises:
            MachineError: the program pg_checksums is not there, or fails.
        """
        program = self._binaries.directory / "pg_checksums"
        arguments = ["--disable", "--no-sync", f"--pgdata={self._run.data}"]
        if not program.is_file() or self._run_program([str(program), *arguments]) != 0:
            raise MachineError(
                "data checksums cannot be disabled",
                where=str(program),
                expected="pg_checksums beside the server program, as PostgreSQL installs it",
            )

    def keep(self, key: str, cache: ClusterCache) -> str | None:
        """Keep the halted cluster under `key`; return why not, if not: that only costs time."""
        assert self._watcher is not None
        objection = cache.write(key, self._run.data, on_partial=self._watcher.also_remove)
        if objection:
            self.notes.append(f"not kept for the next run: {objection}")
        return objection

    def forget_password(self) -> None:
        """Take the password away again, before a cluster is kept."""
        self._admin().execute(
            sql.SQL("ALTER ROLE {} PASSWORD NULL").format(sql.Identifier(SUPERUSER))
        )
        self._password = None

    def parameters(self, database: str, *, tcp: bool = False) -> dict[str, str]:
        """Return libpq's connection parameters; TCP brings the random password with it."""
        common = {"port": str(self._port), "user": SUPERUSER, "dbname": database}
        if not tcp:
            return {"host": str(self._run.socket), **common}
        if not self._tcp:
            raise MachineError(
                "this server was started without TCP",
                fix="start it with tcp=True",
            )
        return {"host": "127.0.0.1", "password": self._secret(), **common}

    def close(self) -> None:
        """End the server at once and remove its directory."""
        if os.getpid() != self._owner:
            return  # a forked child does not own it
        self._disconnect()
        _open_servers.discard(self)
        if self._watcher is not None:
            self._watcher.stop()
            self._watcher = None
            self._pid = None

    def _secret(self) -> str:
        """Return the password, set when first asked for; until then TCP lets nobody in."""
        with self._one_password:
            if self._password is None:
                password = secrets.token_urlsafe(24)
                admin = self._admin()
                # The least that every driver accepts (RFC 7677); the password is random as it is.
                admin.execute("SET scram_iterations = 4096")
                admin.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                        sql.Identifier(SUPERUSER), sql.Literal(password)
                    )
                )
                self._password = password
            return self._password

    def _make_binaries_readable(self) -> None:
        """As root, copy programs that the server's user could not reach."""
        sample = self._binaries.share / "extension"
        if self._identity.can_read(self._binaries.postgres) and self._identity.can_search(sample):
            return
        target = self._run.path / "programs"
        with explain_disk(target):
            target.mkdir()
            self._binaries = copy_binaries(self._binaries, target)

    def _initialise(self) -> None:
        provider, locale = self._declaration.locale_provider()
        options = [f"--locale={locale}"]
        if provider == "builtin":
            options = ["--locale-provider=builtin", f"--builtin-locale={locale}", "--locale=C"]
        elif provider == "icu":
            options = ["--locale-provider=icu", f"--icu-locale={locale}", "--locale=C"]
        with explain_disk(self._run.data):
            self._run.data.mkdir(mode=0o700)
            self._identity.give(self._run.data)
        status = self._run_program(
            [
                str(self._binaries.initdb),
                f"--pgdata={self._run.data}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--auth=trust",
                "--no-sync",
                "--no-instructions",
                *options,
            ]
        )
        if status != 0:
            raise start_error(self._run, "initdb", self._declaration, self.kind)

    def _run_program(self, argv: list[str]) -> int:
        assert self._watcher is not None
        pid = self._watcher.spawn(
            argv,
            directory=self._run.data,
            log=self._run.log,
            identity=self._identity,
            environment=clean_environment(),
        )
        status = self._watcher.exit_status(pid, seconds=_INITDB_SECONDS)
        return -1 if status is None else status

    def _launch_once(self, port: int) -> None:
        assert self._watcher is not None
        self._port = port
        seen = self._run.log.stat().st_size if self._run.log.exists() else 0
        self._configure()
        pid = self._watcher.spawn(
            [str(self._binaries.postgres), "-D", str(self._run.data)],
            directory=self._run.data,
            log=self._run.log,
            identity=self._identity,
            environment=clean_environment(),
            server=True,
        )
        ready = wait_until_ready(self._watcher, pid, self._run.data, START_SECONDS)
        if not ready:
            if "could not create any TCP/IP sockets" in log_tail(self._run.log, start=seen):
                raise PortTakenError
            raise start_error(self._run, "the server", self._declaration, self.kind)
        self._pid = pid

    def _configure(self) -> None:
        settings = profile_settings(self._declaration, self.major)
        settings |= place_settings(
            run_id=self.run_id, socket=self._run.socket, port=self._port, tcp=self._tcp
        )
        for name, text in (
            ("postgresql.conf", configuration_text(settings)),
            ("postgresql.auto.conf", ""),
            ("pg_hba.conf", HOST_BASED_ACCESS),
        ):
            path = self._run.data / name
            try:
                path.write_text(text, encoding="utf-8")
            except OSError as error:
                raise disk_error(error, path) from error
            self._identity.give(path)


def _free_port() -> int:
    """Return a loopback port that is free now; taken by the time it is used, another is tried."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@atexit.register
def _close_all() -> None:
    for server in list(_open_servers):
        server.close()
