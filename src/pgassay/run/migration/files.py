"""Plain SQL files validated like revisions: one of a Flyway set, or one on top of a route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import psycopg

from pgassay.core.errors import ConfigError, SchemaError
from pgassay.core.route import Revision
from pgassay.postgres.script.execution import connected, run_file
from pgassay.postgres.script.naming import migrations_in
from pgassay.postgres.script.reach import controls_transaction, runs_alone
from pgassay.postgres.script.sql_route import SqlRoute, statements_of
from pgassay.postgres.tracing.session import run_watched
from pgassay.postgres.tracing.watcher import Watcher
from pgassay.run.migration.selection import Selection
from pgassay.run.routes import CONTRACT, routes_of
from pgassay.sqla.alembic_route import Watched

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Route, Target
    from pgassay.postgres.script.splitter import ScriptStatement
    from pgassay.run.stand import Request


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
        with connected(self._target) as connection:
            run_file(connection, self._file.statements(self._target), self._target.dbname)
        return (revision,)

    def downgrade(self, revision: str) -> tuple[str, ...]:
        """Refuse: a plain file goes in one direction.

        Raises:
            SchemaError: always.
        """
        raise SchemaError(
            f"{self._file.path.name} has no way back to {revision}",
            expected="NotImplementedError of a downgrade, or a file that takes it back",
        )

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
