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
import zlib
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

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
from pgassay.postgres.servers.server import FROM_NOWHERE_ELSE, Server

MARK = "made by pgassay"
_LOCK_CLASS = 0x70676173  # "pgas": the first half of the key that a living run's lock has
_LONGEST_NAME = 63
_SHOWN = 5

# What a database may hold and still count as empty: nothing but what CREATE DATABASE leaves, which
# has oids below 16384 (FirstNormalObjectId); a public schema made again by hand is let pass.
_HOLDS = """
    select pg_catalog.format('%s %I.%I', case c.relkind
             when 'r' then 'table' when 'p' then 'table' when 'v' then 'view'
             when 'm' then 'materialised view' when 'S' then 'sequence'
             when 'f' then 'foreign table' when 'c' then 'type' else 'relation' end,
             n.nspname, c.relname)
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.oid >= 16384 and n.nspname !~ '^pg_(toast|temp)'
      and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')
    union all
    select pg_catalog.format('function %I.%I', n.nspname, p.proname)
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where p.oid >= 16384
    union all
    select pg_catalog.format('type %I.%I', n.nspname, t.typname)
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where t.oid >= 16384 and t.typtype in ('d', 'e', 'r')
    union all
    select pg_catalog.format('schema %I', n.nspname) from pg_catalog.pg_namespace n
    where n.oid >= 16384 and n.nspname <> 'public' and n.nspname !~ '^pg_(toast|temp)'
    union all
    select pg_catalog.format('extension %I', e.extname) from pg_catalog.pg_extension e
    where e.oid >= 16384
    union all
    select pg_catalog.format('publication %I', p.pubname) from pg_catalog.pg_publication p
    union all
    select pg_catalog.format('event trigger %I', t.evtname) from pg_catalog.pg_event_trigger t
    union all
    select pg_catalog.format('foreign server %I', f.srvname) from pg_catalog.pg_foreign_server f
    union all
    select pg_catalog.format('large object %s', l.oid)
    from pg_catalog.pg_largeobject_metadata l
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
_HOLD = "select pg_catalog.pg_advisory_lock(%s, %s)"
_IS_HELD = """
    select exists (select from pg_catalog.pg_locks l
                   where l.locktype = 'advisory' and l.classid = %s::bigint::oid
                     and l.objid = %s::bigint::oid and l.objsubid = 2)
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
        self._locked_on: psycopg.Connection[Any] | None = None
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
            if connection.pgconn.ssl_in_use:
                self._look_for_plain_connections()
            self.why = f"external: {self._place}"
            self._drop_abandoned(connection)

    def parameters(self, database: str, *, tcp: bool = False) -> dict[str, str]:
        """Return libpq's connection parameters."""
        del tcp
        return {**self._given, "dbname": database}

    def conninfo(self, database: str, *, tcp: bool = False) -> str:
        """Return a connection string; how it is encrypted and authenticated is its owner's."""
        passfile = os.environ.get("PGPASSFILE") or str(Path.home() / ".pgpass")
        theirs = {"sslmode": "prefer", "passfile": passfile, **self.parameters(database, tcp=tcp)}
        return make_conninfo("", **{**FROM_NOWHERE_ELSE, **theirs})

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database named after the run, marked as ours, and return its name."""
        real = _shortened(f"pgassay_{self.run_id}_{name}", _LONGEST_NAME)
        while real in self._made:
            real = f"{_shortened(real, _LONGEST_NAME - 4)}{secrets.token_hex(2)}"
        self._made.append(real)
        self._hold_run_lock()
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

    def _hold_run_lock(self) -> None:
        """Hold, on the session that creates databases, the lock that says this run lives.

        The process id alone would not do: two machines, or containers, may share a name.
        """
        connection = self._admin()
        if connection is not self._locked_on:
            connection.execute("SET idle_session_timeout = 0")
            connection.execute(_HOLD, [_LOCK_CLASS, _lock_of(self.run_id)])
            self._locked_on = connection

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
        options = sql.SQL("") if template else self._encoding_and_locale()
        return sql.SQL("CREATE DATABASE {} TEMPLATE {}{}").format(
            sql.Identifier(name), sql.Identifier(source), options
        )

    def _encoding_and_locale(self) -> sql.Composable:
        """Return the options of a database that is no copy; undeclared, the locale is theirs."""
        encoding = sql.SQL(" ENCODING 'UTF8'")
        if self._declaration.locale is None:
            return encoding
        provider, locale = self._declaration.locale_provider()
        name = sql.Literal(locale)
        if provider == "libc":
            return sql.SQL("{} LOCALE_PROVIDER libc LOCALE {}").format(encoding, name)
        option = sql.SQL("BUILTIN_LOCALE" if provider == "builtin" else "ICU_LOCALE")
        return sql.SQL("{} LOCALE_PROVIDER {} {} {} LOCALE 'C'").format(
            encoding, sql.SQL(provider), option, name
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

    def _look_for_plain_connections(self) -> None:
        """Refuse a server that wants TLS of everybody: a project's migrations come without it."""
        plain = make_conninfo(self.conninfo(self._given["dbname"]), sslmode="disable")
        try:
            psycopg.connect(plain, connect_timeout="10").close()
        except psycopg.OperationalError:
            raise MachineError(
                "the server accepts encrypted connections only",
                where=self._place,
                why="migrations reach the throwaway over plain connections, by whichever driver",
                fix="let this role in by a `host` line of pg_hba.conf; or use --server embedded",
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
        if not self._knows_locale(connection):
            lacking.append(f"the locale {declaration.locale}")
        if lacking:
            raise MachineError(
                f"the server has not {', '.join(lacking)}",
                where=self._place,
                fix="use --server embedded or container, which can be made so",
            )

    def _knows_locale(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether initdb found the declared locale there (pg_collation, chapter Collation)."""
        if self._declaration.locale is None:
            return True
        provider, locale = self._declaration.locale_provider()
        if provider == "libc" and locale in {"C", "POSIX"}:
            return True
        query = """
            select exists (select from pg_catalog.pg_collation c
                           where c.collprovider = %s
                             and (%s or pg_catalog.lower(pg_catalog.replace(
                               coalesce(c.collcollate, c.collname), '-', '')) = %s))
        """
        plain = locale.lower().replace("-", "")
        letter = {"libc": "c", "builtin": "b", "icu": "i"}[provider]
        row = connection.execute(query, [letter, provider != "libc", plain]).fetchone()
        return bool(row and row[0])

    def _drop_abandoned(self, connection: psycopg.Connection[Any]) -> None:
        """Drop what a run left whose owner is provably gone.

        That is: of this machine, no such process, the run's lock free, and nobody connected.
        """
        for name, comment in connection.execute(_MARKED).fetchall():
            head, _, owner = str(comment or "").rpartition(", ")
            if not head.startswith(f"{MARK}: run ") or not _is_gone(owner):
                continue
            key = [_LOCK_CLASS, _lock_of(head.rpartition(" ")[2])]
            held = connection.execute(_IS_HELD, key).fetchone()
            if held is not None and not held[0]:
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


def _shortened(name: str, size: int) -> str:
    """Return the first characters of a name that fit into `size` bytes."""
    return name.encode()[:size].decode(errors="ignore")


def _lock_of(run_id: str) -> int:
    """Return the second half of a run's lock key, a number that fits into an int4."""
    return zlib.crc32(run_id.encode()) & 0x7FFFFFFF


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
