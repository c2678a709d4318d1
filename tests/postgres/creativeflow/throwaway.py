"""A throwaway server for the reference system's own tests."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from alembic.config import Config

from pgassay.postgres import servers
from pgassay.postgres.servers.binaries import Binaries, find_embedded

ROOT = Path(__file__).parents[3]

Connection = psycopg.Connection[tuple[Any, ...]]
NewDatabase = Callable[..., str]
Configure = Callable[..., Config]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    running: servers.Server
    programs: Path

    def url(self, database: str) -> str:
        return self.running.url(database)

    def engine_url(self, database: str, driver: str = "psycopg") -> str:
        return self.running.url(database, scheme=f"postgresql+{driver}")

    def run(
        self,
        program: str,
        database: str,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
    ) -> str:
        """Run one of PostgreSQL's own programs on a database and return what it printed."""
        command = [str(self.programs / program), "-d", self.url(database), *arguments]
        done = subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, **(environment or {})},
        )
        return done.stdout

    def schema_of(self, database: str) -> str:
        """The schema as pg_dump writes it, without what is random or the tools' own."""
        own = ("alembic_version", "flyway_schema_history")
        left_out = [f"--exclude-table={table}" for table in own]
        dump = self.run("pg_dump", database, "--schema-only", *left_out)
        return re.sub(r"^\\.*\n", "", dump, flags=re.MULTILINE)


@contextmanager
def running() -> Iterator[Server]:
    """Run a server of its own for one session of tests."""
    declaration = servers.ServerDeclaration()
    programs = find_embedded(declaration)
    assert isinstance(programs, Binaries), programs
    with servers.open_server(servers.ServerKind.EMBEDDED, declaration) as server:
        yield Server(running=server, programs=programs.directory)
