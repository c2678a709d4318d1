"""Throwaway servers for the routes' own tests: one to build in, one that must never be reached."""

import re
import socket
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from pgassay.core.route import Target
from pgassay.postgres import servers
from pgassay.postgres.servers.binaries import Binaries, find_embedded
from pgassay.postgres.servers.local import LocalServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    running: LocalServer
    binaries: Path

    @property
    def folder(self) -> Path:
        """Where its socket is."""
        return Path(self.running.parameters("postgres")["host"])

    @property
    def port(self) -> int:
        return int(self.running.parameters("postgres", tcp=True)["port"])

    @property
    def password(self) -> str:
        return self.running.parameters("postgres", tcp=True)["password"]

    def target(self, dbname: str, *, tcp: bool = False) -> Target:
        host = "127.0.0.1" if tcp else str(self.folder)
        user = self.running.parameters(dbname, tcp=True)["user"]
        return Target(host=host, port=self.port, user=user, password=self.password, dbname=dbname)

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
        text = (self.running.data.parent / "server.log").read_text()
        return len(re.findall(r"connection received", text))


@contextmanager
def started() -> Iterator[Server]:
    declaration = servers.ServerDeclaration(settings={"log_connections": "on"})
    programs = find_embedded(declaration)
    assert isinstance(programs, Binaries), programs
    with servers.open_server(servers.ServerKind.EMBEDDED, declaration) as running:
        assert isinstance(running, LocalServer)
        running.parameters("postgres", tcp=True)  # the last connection of the tests themselves
        yield Server(running=running, binaries=programs.directory)


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
            "@DECOY_PASSWORD@": self.server.password,
            "@LISTENER_PORT@": str(self.port),
            "@PSQL@": str(self.server.binaries / "psql"),
        }

    def reached(self) -> int:
        return self.server.connections() + len(self.accepted)
