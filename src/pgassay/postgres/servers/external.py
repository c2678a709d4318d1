"""Somebody's server, given by URL: only databases of our own are touched there.

The URL must name an empty database, or one that carries pgassay's mark (a comment on the
database). Databases that pgassay makes carry the mark too, with the run's id and the owner; those
of a run that is gone are dropped by the next one on the same machine.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from pgassay.core.errors import ConfigError, MachineError
from pgassay.postgres.servers.declaration import (
    ALL_CAPABILITIES,
    OLDEST_MAJOR,
    Capability,
    Profile,
    ServerDeclaration,
    ServerKind,
    too_old,
)
from pgassay.postgres.servers.server import Server

MARK = "made by pgassay"
_LONGEST_NAME = 63
_SHOWN = 5

# What a database may hold and still count as empty: nothing but what CREATE DATABASE leaves.
_HOLDS = """
    select pg_catalog.format('%s %I.%I', case c.relkind
             when 'r' then 'table' when 'p' then 'table' when 'v' then 'view'
             when 'm' then 'materialised view' when 'S' then 'sequence'
             when 'f' then 'foreign table' else 'relation' end, n.nspname, c.relname)
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select pg_catalog.format('function %I.%I', n.nspname, p.proname)
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select pg_catalog.format('type %I.%I', n.nspname, t.typname)
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and t.typtype in ('d', 'e', 'r')
    union all
    select pg_catalog.format('schema %I', n.nspname) from pg_catalog.pg_namespace n
    where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')
    order by 1
"""
_MARK_OF = """
    select pg_catalog.shobj_description(d.oid, 'pg_database')
    from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()
"""
_MARKED = """
    select d.datname, pg_catalog.shobj_description(d.oid, 'pg_database')
    from pg_catalog.pg_database d
    where d.datname like 'pgassay\\_%' and pg_catalog.pg_has_role(d.datdba, 'usage')
"""
_RIGHTS = """
    select r.rolsuper, r.rolcreatedb, r.rolcreaterole
    from pg_catalog.pg_roles r where r.rolname = current_user
"""


class ExternalServer(Server):
    """A server that pgassay did not start and does not stop."""

    kind = ServerKind.EXTERNAL

    def __init__(self, url: str, declaration: ServerDeclaration) -> None:
        super().__init__()
        self.profile = Profile.FAITHFUL  # its owner decides how durable it writes
        self.run_id = secrets.token_hex(6)
        self.version, self.major, self.why = "", 0, ""
        self._declaration = declaration
        self._owner = os.getpid()
        self._made: list[str] = []
        self._given = _parsed(url)

    def join(self) -> None:
        """Look at the server and at the database named, and refuse what is not ours.

        Raises:
            MachineError: it does not answer, is too old, lacks what is declared, the role may
                not create databases, or the database holds what pgassay did not make.
        """
        with self._connected() as connection:
            self.major = connection.info.server_version // 10000
            row = connection.execute("show server_version").fetchone()
            self.version = str(row[0]).split()[0] if row else str(self.major)
            if self.major < OLDEST_MAJOR:
                raise too_old(self.version, where=self._place)
            self._look_at_rights(connection)
            self._refuse_what_is_not_ours(connection)
            self._refuse_what_it_lacks(connection)
            self.why = f"external: {self._place}"
            self._drop_abandoned(connection)

    def parameters(self, database: str, *, tcp: bool = False) -> dict[str, str]:
        """Return libpq's connection parameters."""
        del tcp
        return {"sslmode": "prefer", **self._given, "dbname": database}

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database named after the run, marked as ours, and return its name."""
        real = f"pgassay_{self.run_id}_{name}"[:_LONGEST_NAME]
        while real in self._made:
            real = f"{real[: _LONGEST_NAME - 5]}{secrets.token_hex(2)}"
        self._made.append(real)
        self._administer(self._create_statement(real, template))
        self._administer(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(real), sql.Literal(self._mark)
            )
        )
        return real

    def drop_database(self, name: str) -> None:
        """Drop a database that `create_database` made; refuses every other."""
        if name not in self._made:
            raise MachineError(f"pgassay did not make the database {name}", where=self._place)
        super().drop_database(name)
        self._made.remove(name)

    def close(self) -> None:
        """Drop the databases that were made."""
        if os.getpid() != self._owner:
            return  # a forked child does not own them
        for name in list(reversed(self._made)):
            with contextlib.suppress(psycopg.Error, MachineError):
                self.drop_database(name)
        self._disconnect()

    @property
    def _mark(self) -> str:
        return f"{MARK}: run {self.run_id}, {_me()}"

    @property
    def _place(self) -> str:
        host, port = self._given.get("host", "localhost"), self._given.get("port", "5432")
        return f"{host}:{port}/{self._given.get('dbname', '')}"

    def _maintenance_database(self) -> str:
        return self._given["dbname"]

    def _create_statement(self, name: str, template: str | None) -> sql.Composed:
        """Return CREATE DATABASE by its default strategy: with fsync on, WAL is the faster way.

        From template0, so that what somebody put into template1 does not come along.
        """
        source = template or "template0"
        encoding = sql.SQL("") if template else sql.SQL(" ENCODING 'UTF8'")
        return sql.SQL("CREATE DATABASE {} TEMPLATE {}{}").format(
            sql.Identifier(name), sql.Identifier(source), encoding
        )

    def _connected(self) -> psycopg.Connection[Any]:
        try:
            return self.connect(self._given["dbname"])
        except MachineError as error:
            raise MachineError(
                error.found,
                where=self._place,
                expected="a PostgreSQL server that answers there and lets this role in",
                fix="check the URL, the role's password and pg_hba.conf; or use --server embedded",
            ) from None

    def _look_at_rights(self, connection: psycopg.Connection[Any]) -> None:
        row = connection.execute(_RIGHTS).fetchone() or (False, False, False)
        superuser, creates_databases, creates_roles = row
        if not (superuser or creates_databases):
            raise MachineError(
                "the role may not create databases",
                where=self._place,
                why="each route is built in a database of its own, dropped at the end",
                fix="alter role … createdb; as its administrator",
            )
        able = {Capability.SUPERUSER, Capability.SETTINGS} if superuser else set()
        if superuser or creates_roles:
            able.add(Capability.ROLES)
        self.capabilities = frozenset(able & ALL_CAPABILITIES)

    def _refuse_what_is_not_ours(self, connection: psycopg.Connection[Any]) -> None:
        row = connection.execute(_MARK_OF).fetchone()
        if row and str(row[0] or "").startswith(MARK):
            return
        held = [str(found[0]) for found in connection.execute(_HOLDS)]
        if held:
            more = f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else ""
            raise MachineError(
                f"the database is not empty: it holds {', '.join(held[:_SHOWN])}{more}",
                where=self._place,
                expected="an empty database, or one that carries pgassay's mark",
                why="pgassay never works beside data that it did not make",
                fix="create database pgassay; and name that one in the URL",
            )

    def _refuse_what_it_lacks(self, connection: psycopg.Connection[Any]) -> None:
        declaration = self._declaration
        lacking = []
        if declaration.postgres not in (None, self.major):
            lacking.append(f"PostgreSQL {declaration.postgres} (it is {self.version})")
        query = "select name from pg_catalog.pg_available_extensions where name = any(%s)"
        there = {row[0] for row in connection.execute(query, [list(declaration.extensions)])}
        lacking += [f"the extension {n}" for n in declaration.extensions if n not in there]
        for name, value in declaration.settings.items():
            row = connection.execute(
                "select pg_catalog.current_setting(%s, true)", [name]
            ).fetchone()
            if row is None or str(row[0]) != str(value):
                lacking.append(f"the setting {name} = {value}")
        if lacking:
            raise MachineError(
                f"the server has not {', '.join(lacking)}",
                where=self._place,
                fix="use --server embedded or container, which can be made so",
            )

    def _drop_abandoned(self, connection: psycopg.Connection[Any]) -> None:
        """Drop what a run left whose owner is provably gone: same machine, no such process."""
        for name, comment in connection.execute(_MARKED).fetchall():
            owner = str(comment or "").rpartition(", ")[2]
            if str(comment or "").startswith(MARK) and _is_gone(owner):
                with contextlib.suppress(psycopg.Error):
                    connection.execute(
                        sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
                    )


def open_external(url: str, declaration: ServerDeclaration) -> ExternalServer:
    """Join somebody's server.

    Raises:
        ConfigError: the URL cannot be read.
        MachineError: it cannot be used; see `ExternalServer.join`.
    """
    server = ExternalServer(url, declaration)
    try:
        server.join()
    except BaseException:
        server.close()
        raise
    return server


def _parsed(url: str) -> dict[str, str]:
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        found = {name: str(value) for name, value in conninfo_to_dict(plain).items()}
    except psycopg.ProgrammingError:
        raise ConfigError(
            "the URL cannot be read", where="--server", expected="postgresql://user@host/database"
        ) from None
    if not found.get("dbname"):
        raise ConfigError(
            "the URL names no database",
            where="--server",
            expected="postgresql://user@host/database, the database empty",
        )
    return found


def _me() -> str:
    """Return who owns a database: the process, when it began, and the machine."""
    return f"process {os.getpid()} since {_began(os.getpid())} on {socket.gethostname()}"


def _is_gone(owner: str) -> bool:
    words = owner.split()
    if len(words) != 6 or words[5] != socket.gethostname():  # noqa: PLR2004 - as `_me` writes it
        return False
    return _began(int(words[1])) != words[3]


def _began(pid: int) -> str:
    """Return when a process began, in the kernel's ticks; `?` if there is no such process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return "?"
    return fields[19]  # field 22 of proc_pid_stat(5), starttime
