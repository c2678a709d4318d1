"""A throwaway PostgreSQL, whatever it runs in: where it is, and databases in it by name."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from enum import Enum
from typing import TYPE_CHECKING, Self
from urllib.parse import quote as percent
from urllib.parse import urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from pgassay.core.errors import MachineError, redact
from pgassay.postgres.servers.declaration import ALL_CAPABILITIES, Capability

if TYPE_CHECKING:
    from types import TracebackType

    from pgassay.postgres.servers.declaration import Profile, ServerKind

# What libpq would otherwise take from the environment of whoever runs pgassay: a PGHOSTADDR there
# must not lead to another server, a PGOPTIONS not change what a statement means.
FROM_NOWHERE_ELSE = {
    "hostaddr": "",
    "options": "",
    "passfile": "/dev/null/none",
    "sslmode": "disable",
    "gssencmode": "disable",
    "channel_binding": "prefer",
    "target_session_attrs": "any",
    "client_encoding": "UTF8",
    "application_name": "pgassay",
}
if psycopg.pq.version() >= 160000:  # noqa: PLR2004 - libpq 16 knows one more
    FROM_NOWHERE_ELSE |= {"load_balance_hosts": "disable"}
_CONNECT_SECONDS = "10"


class _Errand(Enum):
    """What a connection to the maintenance database is for."""

    CREATE = "create"
    DROP = "drop"


class Server(ABC):
    """A throwaway PostgreSQL. Use it as a context manager; `close` is safe to call twice.

    Attributes:
        kind: where it comes from.
        profile: how durable it writes.
        version: as the server says it, for example `18.6`.
        major: its first number.
        why: one line that says which server this is and why it was taken.
        run_id: twelve hexadecimal digits that no other run has.
        capabilities: what this server allows; see `not_available` for the rest in words.
    """

    kind: ServerKind
    profile: Profile
    version: str
    major: int
    why: str
    run_id: str
    capabilities: frozenset[Capability] = ALL_CAPABILITIES

    def __init__(self) -> None:
        # Of its own for what drops: DROP DATABASE waits for every session of the server to take
        # notice (a barrier for smgr), also for one whose replies are only read once a database,
        # which somebody is about to create, is there.
        self._connections: dict[_Errand, psycopg.Connection[tuple[object, ...]]] = {}
        self._opening = threading.Lock()

    @abstractmethod
    def parameters(self, database: str, *, tcp: bool = False) -> dict[str, str]:
        """Return libpq's connection parameters, the password among them: never print them.

        Args:
            database: a name that `create_database` returned.
            tcp: over loopback with a password, otherwise by the fastest way there is.
        """

    @abstractmethod
    def close(self) -> None:
        """End the server and remove all it left, or drop the databases made on an external one."""

    @property
    def not_available(self) -> tuple[str, ...]:
        """What cannot be done on this server, in words; report it as not run, never as green."""
        return tuple(str(one) for one in Capability if one not in self.capabilities)

    def conninfo(self, database: str, *, tcp: bool = False) -> str:
        """Return a libpq connection string, safe against PG* variables. Never print it."""
        return make_conninfo("", **{**FROM_NOWHERE_ELSE, **self.parameters(database, tcp=tcp)})

    def url(self, database: str, *, tcp: bool = True, scheme: str = "postgresql") -> str:
        """Return the URL of a database, its password in it: hand it on, never print it."""
        return as_url(self.parameters(database, tcp=tcp), scheme)

    def safe_url(self, database: str) -> str:
        """Return the URL of a database for people to read, without its password."""
        return redact(as_url(self.parameters(database, tcp=True) | {"password": ""}, "postgresql"))

    def connect(
        self, database: str, *, autocommit: bool = True, tcp: bool = False
    ) -> psycopg.Connection[tuple[object, ...]]:
        """Open a connection.

        Raises:
            MachineError: the server does not answer or does not let us in.
        """
        try:
            return psycopg.connect(
                self.conninfo(database, tcp=tcp),
                autocommit=autocommit,
                connect_timeout=_CONNECT_SECONDS,
            )
        except psycopg.OperationalError as error:
            raise MachineError(
                f"{self.kind} server: {withhold(str(error), self.parameters(database, tcp=tcp))}",
                where=f'database "{database}"',
            ) from None

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database and return its real name, which may differ on an external server.

        Args:
            name: the name wanted; any text of 1 to 63 bytes.
            template: the real name of the database to copy, to which nobody may be connected.

        Raises:
            psycopg.errors.DuplicateDatabase: the name is taken.
            psycopg.errors.ObjectInUse: somebody is connected to the template.
        """
        self._administer(self._create_statement(name, template))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database that `create_database` made, ending the sessions in it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        self._admin(_Errand.DROP).execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} PostgreSQL {self.version} {self.profile} {self.run_id}>"

    def _create_statement(self, name: str, template: str | None) -> sql.Composed:
        """Return CREATE DATABASE; without fsync, copying files is several times faster than WAL."""
        if template is None:
            return sql.SQL("CREATE DATABASE {} STRATEGY file_copy").format(sql.Identifier(name))
        return sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(template)
        )

    def _maintenance_database(self) -> str:
        return "postgres"

    def _administer(self, statement: sql.Composed) -> None:
        self._admin().execute(statement)

    def _admin(self, errand: _Errand = _Errand.CREATE) -> psycopg.Connection[tuple[object, ...]]:
        """Return the connection that databases are created over, or dropped; opened when needed."""
        with self._opening:
            known = self._connections.get(errand)
            if known is None or known.closed:
                known = self._connections[errand] = self.connect(self._maintenance_database())
            return known

    def _disconnect(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()


def as_url(parameters: dict[str, str], scheme: str) -> str:
    """Return a URL for libpq parameters; a socket's folder goes into the query part."""
    rest = dict(parameters)
    user, password = rest.pop("user", ""), rest.pop("password", "")
    host, port, database = rest.pop("host", ""), rest.pop("port", ""), rest.pop("dbname", "")
    credentials = percent(user, safe="") + (f":{percent(password, safe='')}" if password else "")
    if host.startswith("/"):
        rest = {"host": host, "port": port, **rest}
        place = ""
    else:
        place = (f"[{host}]" if ":" in host else percent(host, safe="")) + (
            f":{port}" if port else ""
        )
    query = f"?{urlencode(rest, quote_via=percent)}" if rest else ""
    return f"{scheme}://{credentials}@{place}/{percent(database, safe='')}{query}"


def withhold(text: str, parameters: dict[str, str]) -> str:
    """Return a driver's message without the password that was used, whatever form it has."""
    password = parameters.get("password", "")
    public = {parameters.get(name, "") for name in ("user", "host", "port", "dbname")}
    if password and password not in public:
        for form in {password, percent(password, safe="")}:
            text = text.replace(form, "***")
    return redact(" ".join(text.split()))
