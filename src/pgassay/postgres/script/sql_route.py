"""The SQL route: plain SQL files in Flyway naming, run the way Flyway runs them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from pgassay.core.digest import digest_of
from pgassay.core.errors import SchemaError
from pgassay.core.names import QualifiedName
from pgassay.postgres.script.execution import Connection, connected, run_file
from pgassay.postgres.script.history import TABLE, Applied, History, checksum_of
from pgassay.postgres.script.naming import Migration, migrations_in, version_order
from pgassay.postgres.script.placeholders import built_in, fill
from pgassay.postgres.script.splitter import Splitter, included_files, named, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pgassay.core.route import Target
    from pgassay.postgres.script.splitter import ScriptStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlRoute:
    """A `core.route.Route`: every pending file of a folder, in Flyway's order.

    Args:
        path: the folder; subfolders count.
        placeholders: values of `${name}`; None leaves `${…}` alone
            (`flyway.placeholderReplacement=false`).
        schema: where the history table is.
        before: one of the files: only those that come before it; None for all.
    """

    path: Path
    placeholders: Mapping[str, str] | None = field(default_factory=lambda: MappingProxyType({}))
    schema: str = "public"
    before: Path | None = None

    @property
    def name(self) -> str:
        """The route's name."""
        return "sql"

    @property
    def bookkeeping(self) -> tuple[QualifiedName, ...]:
        """Flyway's history table."""
        return (QualifiedName(self.schema, TABLE),)

    def digest(self) -> str:
        """Hash the files, those that they include, and the placeholders' values.

        Raises:
            SchemaError: a file's name is not Flyway's.
        """
        files: dict[Path, bytes] = {}
        for migration in self._migrations():
            included_files(migration.path.resolve(), self.path.resolve(), files)
        values = {f"placeholder {n}": v for n, v in (self.placeholders or {}).items()}
        facts = {"route": "sql", "schema": self.schema, **values}
        return digest_of(files, self.path.parent, facts=facts)

    def build(self, target: Target) -> None:
        """Run what has not run yet on `target`; a second time changes nothing.

        Raises:
            SchemaError: a name, a statement or a checksum is wrong; a file that has run is gone.
            MachineError: the server does not answer.
        """
        migrations = self._migrations()
        with connected(target) as connection:
            history = History(connection, self.schema)
            applied = history.read()
            for migration in self._pending(migrations, applied):
                self._apply(connection, history, migration, target)

    def _migrations(self) -> list[Migration]:
        files = migrations_in(self.path)
        paths = [one.path for one in files]
        return files if self.before is None else files[: paths.index(self.before)]

    def _apply(
        self, connection: Connection, history: History, migration: Migration, target: Target
    ) -> None:
        started = time.perf_counter()
        script = str(migration.path.relative_to(self.path))

        statements = statements_of(
            migration.path, self.path, target, placeholders=self.placeholders, schema=self.schema
        )
        if statements:
            run_file(connection, statements, target.dbname)
        spent = int((time.perf_counter() - started) * 1000)
        history.add(migration, script, self._checksum(migration), spent)

    def _pending(
        self, migrations: Sequence[Migration], applied: Sequence[Applied]
    ) -> list[Migration]:
        """Return what must run; SchemaError if what has run is not what is there."""
        done = {version_order(a.version): a for a in applied if a.version is not None}
        repeated = {a.description: a.checksum for a in applied if a.version is None}
        there = {m.order: m for m in migrations if m.version}
        for order, one in done.items():
            if order not in there:
                raise self._changed(f"{one.script} has run and is gone", one.script)
            if one.checksum not in (None, self._checksum(there[order])):
                raise self._changed(f"{one.script} was changed after it had run", one.script)
        newest = max(done, default=())
        pending = []
        for one_file in migrations:
            if one_file.version is None:
                if repeated.get(one_file.description) != self._checksum(one_file):
                    pending.append(one_file)
            elif one_file.order not in done:
                if done and one_file.order < newest:
                    raise self._changed(
                        f"{one_file} is older than what has run and has not run itself",
                        one_file.path.name,
                    )
                pending.append(one_file)
        return pending

    def _checksum(self, migration: Migration) -> int:
        return checksum_of(read_text(migration.path, named(migration.path, self.path)))

    def _changed(self, found: str, script: str) -> SchemaError:
        return SchemaError(
            found,
            where=str(self.path / script),
            expected="files that stay as they ran",
            why="a database that ran the old file is not what the files say",
            fix="restore the file and write a new version",
        )


def statements_of(
    path: Path,
    root: Path,
    target: Target,
    *,
    placeholders: Mapping[str, str] | None,
    schema: str = "public",
) -> tuple[ScriptStatement, ...]:
    """Return the statements of one file and of those that it includes, placeholders filled.

    Args:
        path: the file.
        root: the folder from which files are named; included ones lie beneath it.
        target: where they will run; some placeholders are about it.
        placeholders: values of `${name}`; None leaves them alone.
        schema: where the history table is.

    Raises:
        SchemaError: a file cannot be read, or a placeholder has no value.
    """
    script = str(path.relative_to(root))

    def prepare(text: str, file: str) -> str:
        if placeholders is None:
            return text
        own = built_in(
            user=target.user, dbname=target.dbname, schema=schema, table=TABLE, filename=script
        )
        return fill(text, {**own, **placeholders}, file)

    return tuple(Splitter(root.resolve(), prepare).statements(path.resolve()))
