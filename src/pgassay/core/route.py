"""Routes: ways to build a system's schema in an empty database, and where they may build it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote as percent

if TYPE_CHECKING:
    from pgassay.core.names import QualifiedName

# What libpq would otherwise take from the environment of whoever runs pgassay.
_FROM_NOWHERE_ELSE = {
    "hostaddr": "",
    "options": "",
    "passfile": "/dev/null/none",
    "sslmode": "disable",
    "gssencmode": "disable",
    "target_session_attrs": "any",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One empty database on a throwaway server, and how to reach it.

    `host` is a host name, an address, or the folder of a Unix socket (it begins with `/`).
    """

    host: str
    port: int
    user: str
    dbname: str
    password: str = field(default="", repr=False)

    @property
    def is_socket(self) -> bool:
        """Whether the server is reached by a Unix socket."""
        return self.host.startswith("/")

    def conninfo(self) -> str:
        """Return libpq's connection string (libpq, Connection Strings). Never print it."""
        parts = {
            "host": self.host,
            "port": str(self.port),
            "user": self.user,
            "password": self.password,
            "dbname": self.dbname,
            **_FROM_NOWHERE_ELSE,
        }
        return " ".join(f"{name}={_quoted(value)}" for name, value in parts.items())

    def url(self, driver: str | None = None) -> str:
        """Return a URL that libpq, SQLAlchemy and asyncpg read alike. Never print it.

        `driver` is SQLAlchemy's word: `postgresql+<driver>://`. A socket's folder goes into the
        query part; its slashes stay as they are, because configparser trips over `%`.
        """
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        secret = f":{percent(self.password, safe='')}" if self.password else ""
        who = f"{percent(self.user, safe='')}{secret}"
        name = percent(self.dbname, safe="")
        if self.is_socket:
            return f"{scheme}://{who}@/{name}?host={percent(self.host, safe='/')}&port={self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{who}@{host}:{self.port}/{name}"


class Route(Protocol):
    """A way to build the schema in an empty database."""

    @property
    def name(self) -> str:
        """`metadata`, `alembic`, `sql` or `ddl`."""
        ...

    @property
    def bookkeeping(self) -> tuple[QualifiedName, ...]:
        """The tables that are the tool's own and no part of the schema."""
        ...

    def digest(self) -> str:
        """Return a SHA-256 over everything that decides what `build` leads to.

        Raises:
            SchemaError: a file of the route is missing.
        """
        ...

    def build(self, target: Target) -> None:
        """Build the schema in the empty database `target`, and touch nothing else.

        Raises:
            SchemaError: the schema cannot be built.
            MachineError: the server does not answer.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One migration. `parents` is empty for a first one and has several ids for a merge."""

    id: str
    parents: tuple[str, ...]
    message: str
    path: str

    def __str__(self) -> str:
        """`0003 "partition the logs"`."""
        return f'{self.id} "{self.message}"' if self.message else self.id


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
