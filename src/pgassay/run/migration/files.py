"""Plain SQL files validated like revisions: one of a Flyway set, or one on top of a route."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import psycopg
from psycopg import pq

from pgassay.core.errors import ConfigError, SchemaError
from pgassay.core.route import Revision
from pgassay.postgres.script.execution import connected, run_file
from pgassay.postgres.script.naming import migrations_in
from pgassay.postgres.script.reach import controls_transaction, runs_alone
from pgassay.postgres.script.sql_route import SqlRoute, statements_of
from pgassay.postgres.tracing.session import run_watched
from pgassay.postgres.tracing.watcher import Watcher
from pgassay.run.history.walk import NoWayBackError
from pgassay.run.migration.selection import Selection
from pgassay.run.routes import CONTRACT, routes_of
from pgassay.sqla.alembic_route import RevisionStatement, Watched
from pgassay.sqla.enclosure.process import STOPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Route, Target
    from pgassay.postgres.script.splitter import ScriptStatement
    from pgassay.run.stand import Request


END = "-- the end of the file"
"""What stands for the last statement where the file runs outside a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlFile:
    """One file, and how it is read.

    Args:
        path: the file.
        root: the folder from which it is named, and beneath which it may include others.
        placeholders: values of `${name}`; None leaves them alone.
        bookkeeping: tables that are the tools' own.
    """

    path: Path
    root: Path
    placeholders: Mapping[str, str] | None
    bookkeeping: tuple[QualifiedName, ...] = ()

    @property
    def extensions(self) -> tuple[str, ...]:
        """None: what stands before the file has them."""
        return ()

    @property
    def baseline(self) -> None:
        """None, likewise."""

    @property
    def is_repeatable(self) -> bool:
        """Whether Flyway runs it again after each edit."""
        return self.path.name.startswith("R__")

    def script(self) -> Path:
        """Return its folder: acceptances are beside it."""
        return self.path.parent

    @property
    def revision(self) -> Revision:
        """What it is called: its version in Flyway's naming, else its name."""
        version, _, words = self.path.stem.partition("__")
        known = version if words else self.path.name
        return Revision(id=known, parents=(), message=words.replace("_", " "), path=str(self.path))

    def open(self, target: Target) -> FileHistory:
        """Return what runs it on a database."""
        return FileHistory(self, target)

    def statements(self, target: Target) -> tuple[ScriptStatement, ...]:
        """Return its statements.

        Raises:
            SchemaError: it cannot be read.
        """
        return statements_of(self.path, self.root, target, placeholders=self.placeholders)


class FileHistory:
    """A `ground.History` of one file: in one transaction where that is possible, as in Flyway."""

    def __init__(self, file: SqlFile, target: Target) -> None:
        self._file, self._target = file, target
        self._connection: psycopg.Connection[Any] | None = None

    def __enter__(self) -> Self:
        """Return itself: there is no process to start."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is open."""

    def heads(self) -> tuple[str, ...]:
        """Return the one there is."""
        return (self._file.revision.id,)

    def upgrade(self, revision: str = "head") -> tuple[str, ...]:
        """Run the file.

        Raises:
            SchemaError: the server refuses a statement.
        """
        self._run(lambda _: None)
        return (revision,)

    def stepped(
        self,
        revision: str,
        *,
        fail_at: int | None = None,
        gates: Mapping[int, int] | None = None,
    ) -> tuple[RevisionStatement, ...]:
        """Run the file with stops; return its statements, and its end as the last.

        Args:
            revision: what it is called.
            fail_at: an error is raised before this statement, counted from 1.
            gates: by statement, the key of an advisory lock that is waited for before it.

        Raises:
            SchemaError: it fails, or was made to: `alembic_route.stopped` tells which.
        """
        del revision
        alone: list[bool] = []

        def come(number: int) -> None:
            assert self._connection is not None
            status = self._connection.info.transaction_status
            alone.append(status is pq.TransactionStatus.IDLE)
            if number in (gates or {}):
                self._wait((gates or {})[number])
            if number == fail_at:
                raise SchemaError(f"{STOPPED}, before its statement {number}")

        statements = self._run(come)
        texts = [*(one.text for one in statements), END if alone[-1] else "commit"]
        return tuple(
            RevisionStatement(sql=text, alone=by_itself)
            for text, by_itself in zip(texts, alone, strict=True)
        )

    def provide(self) -> None:
        """Put nothing in place: what stands before the file has it."""

    def kill(self) -> None:
        """Cut the connection as the kernel cuts that of a client that is killed."""
        connection = self._connection
        with suppress(psycopg.Error, OSError):  # it has ended by itself
            if connection is not None:
                with socket.socket(fileno=os.dup(connection.fileno())) as wire:
                    wire.shutdown(socket.SHUT_RDWR)

    def _run(self, before: Callable[[int], None]) -> tuple[ScriptStatement, ...]:
        statements = self._file.statements(self._target)
        with connected(self._target) as connection:
            self._connection = connection
            try:
                run_file(connection, statements, self._target.dbname, before)
            except psycopg.Error as error:  # what is no statement of the file: its COMMIT
                words = " ".join(str(error).split())
                raise SchemaError(
                    f"{words} (SQLSTATE {error.sqlstate})", where=str(self._file.path)
                ) from error
            finally:
                self._connection = None
        return statements

    def _wait(self, key: int) -> None:
        """Wait at a gate, on a connection that is not the file's own."""
        with connected(self._target) as waiting:
            waiting.execute("select pg_catalog.pg_advisory_lock(%s)", [key])

    def downgrade(self, revision: str) -> tuple[str, ...]:
        """Refuse: a plain file goes in one direction.

        Raises:
            NoWayBackError: always.
        """
        raise NoWayBackError(f"{self._file.path.name} has no way back to {revision}")

    def watched(self, revision: str, *, down: bool = False) -> Watched:
        """Run the file under watch; the database has a probe in it."""
        del revision, down
        statements = self._file.statements(self._target)
        data = next((one for one in statements if one.data is not None), None)
        if data is not None:
            raise SchemaError(
                "COPY … FROM STDIN cannot be watched",
                where=data.where,
                expected="statements that carry their own rows",
                fix="INSERT, or load the rows outside of the migration",
            )
        texts = [one.text for one in statements]
        alone = any(runs_alone(text) or controls_transaction(text) for text in texts)
        error = None
        with (
            connected(self._target) as connection,
            Watcher(self._target.conninfo()) as watcher,
        ):
            connection.autocommit = alone
            try:
                for one in statements:
                    run_watched(connection, watcher, one.text, source=one.where)
                if not alone:
                    connection.commit()
                    watcher.transaction_ended("commit")
            except psycopg.Error as refused:
                words = " ".join(str(refused).split())
                error = SchemaError(f"{words} (SQLSTATE {refused.sqlstate})", where=one.where)
                connection.rollback()
                watcher.transaction_ended("rollback")
            traces, seconds = watcher.traces()
        return Watched(statements=traces, seconds=seconds, error=error)


def is_file(wanted: str | None) -> bool:
    """Whether what a person named is a file and no revision."""
    return wanted is not None and wanted.endswith(".sql")


def sql_file(request: Request, path: Path) -> tuple[SqlFile, Selection, Route]:
    """Return a file, the selection that it makes, and the route to what stands before it.

    A file of the system's SQL set stands on the files before it; any other on the schema that the
    system's migrations build.

    Raises:
        ConfigError: there is no such file, or the system has no route to stand on.
    """
    if not path.is_file():
        raise ConfigError(
            "there is no such file",
            where=str(path),
            expected="a revision, A:B, or the path of an SQL file",
        )
    system = request.system
    if system.sql and path.resolve().is_relative_to(system.sql.resolve()):
        here = next(m.path for m in migrations_in(system.sql) if m.path.samefile(path))
        before: Route = SqlRoute(path=system.sql, placeholders=system.placeholders, before=here)
        root, why = system.sql, f"after the files before it in {system.sql.name}/"
    else:
        routes = routes_of(request.config, system)
        name = next((name for name in routes if name != CONTRACT), CONTRACT)
        if name not in routes:
            raise ConfigError(
                "there is nothing that it could stand on",
                where=system.name,
                expected="alembic, sql, ddl or metadata in the system's configuration",
            )
        here, root, before = path, path.parent, routes[name]
        why = f"on top of what the route {name} builds"
    file = SqlFile(
        path=here,
        root=root,
        placeholders=system.placeholders,
        bookkeeping=before.bookkeeping,
    )
    selection = Selection(revisions=(file.revision,), before=(), earlier=(), why=why)
    return file, selection, before
