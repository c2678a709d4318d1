"""The Alembic route: a project's migrations, run by its own env.py in the enclosure."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.codec import decode
from pgassay.core.digest import digest_of
from pgassay.core.errors import ConfigError, SchemaError, refused
from pgassay.core.route import Revision, Target
from pgassay.core.trace import StatementTrace
from pgassay.sqla.alembic_files import AlembicFiles
from pgassay.sqla.enclosure.process import STOPPED, Enclosure
from pgassay.sqla.environment import declared_facts, environment_of_route, offered
from pgassay.sqla.inventory import Inventory, names_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from pgassay.core.errors import PgassayError
    from pgassay.core.names import QualifiedName
    from pgassay.sqla.sources import Closure

_CREATED = re.compile(
    r'CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?("[^"\n]+"|[\w-]+)', re.IGNORECASE
)
NOWHERE = Target(host="/nonexistent", port=5432, user="nobody", dbname="nowhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlembicRoute:
    """A `core.route.Route`: upgrade to head, and what else a history is asked for.

    Args:
        config: alembic.ini, or a pyproject.toml with `[tool.alembic]`.
        section: the ini file's section (`alembic -n`).
        root: the project's folder, the working directory of env.py; by default the folder of
            `config`.
        environment: declared variables, see `environment_of_route`.
        arguments: `-x` arguments for env.py, `name=value`; `url` and its like are given anyway.
        revision: what `build` upgrades to; `heads` where several are wanted.
        version_tables: where env.py keeps its version, if it does not say so in plain text.
        extensions: created first, unless the migrations create them themselves.
        baseline: the MetaData created after that, `module:attribute`, several with commas between.
    """

    config: Path
    section: str = "alembic"
    root: Path | None = None
    environment: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    revision: str = "head"
    version_tables: tuple[QualifiedName, ...] = ()
    extensions: tuple[str, ...] = ()
    baseline: str | None = None

    @property
    def name(self) -> str:
        """The route's name."""
        return "alembic"

    @property
    def bookkeeping(self) -> tuple[QualifiedName, ...]:
        """The version table, as far as env.py names it in plain text, and those declared."""
        return tuple(dict.fromkeys(self.version_tables_known()))

    def digest(self) -> str:
        """Hash the configuration, the script directory and the modules that they import.

        Raises:
            SchemaError: the configuration or the script directory is missing.
        """
        facts = {
            "route": "alembic",
            "section": self.section,
            "revision": self.revision,
            "arguments": "\n".join(self.arguments),
            "extensions": " ".join(self.extensions),
            "baseline": self.baseline or "",
            **declared_facts(os.environ, self.environment),
        }
        return digest_of(self.closure().files, self._root(), facts=facts)

    def build(self, target: Target) -> None:
        """Upgrade the empty `target`, and prove that it holds the revision afterwards.

        Raises:
            SchemaError: a migration fails, env.py reaches for another database, or it ran nothing.
        """
        with self.open(target) as history:
            history.upgrade(self.revision)

    def upgrade(self, target: Target, revision: str = "head") -> None:
        """Upgrade `target` to a revision."""
        with self.open(target) as history:
            history.upgrade(revision)

    def downgrade(self, target: Target, revision: str) -> None:
        """Downgrade `target` to a revision, or to `base`."""
        with self.open(target) as history:
            history.downgrade(revision)

    def sql(self, revision: str = "head", *, down: bool = False) -> str:
        """Return the SQL of `alembic upgrade --sql`; `a:b` names both ends. Nothing is run."""
        with self.open(NOWHERE) as history:
            return history.sql(revision, down=down)

    def revisions(self) -> tuple[Revision, ...]:
        """Return all revisions, parents before children. Their modules are imported."""
        with self.open(NOWHERE) as history:
            return history.revisions()

    def heads(self) -> tuple[str, ...]:
        """Return the ids of the heads."""
        with self.open(NOWHERE) as history:
            return history.heads()

    def open(self, target: Target) -> AlembicHistory:
        """Return the history on one target, a context manager: one process for many steps."""
        return AlembicHistory(Enclosure(**self.enclosed(target)), self.version_tables_known())

    def enclosed(self, target: Target) -> dict[str, Any]:
        """Return the arguments of the enclosure for one target."""
        closure = self.closure()
        return {
            "root": self._root(),
            "target": target,
            "environment": environment_of_route(
                os.environ, self.environment, target, closure.texts()
            ),
            "kind": "alembic",
            "setting": self._setting(target, closure),
        }

    def version_tables_known(self) -> tuple[QualifiedName, ...]:
        """Return the version tables that env.py names in plain text, and those declared."""
        return (*self._files().version_tables(), *self.version_tables)

    def setting(self, target: Target) -> dict[str, object]:
        """Return what the enclosure needs to know of the environment."""
        return self._setting(target, self.closure())

    def _setting(self, target: Target, closure: Closure) -> dict[str, object]:
        return {
            "config": str(self.config.resolve()),
            "section": self.section,
            "arguments": self.arguments,
            "script": str(self.script()),
            "extensions": self._provided(closure),
            "baseline": names_of(self.baseline) if self.baseline else [],
            "offer": offered(target)["url"],
        }

    def _provided(self, closure: Closure) -> list[str]:
        """Return the extensions that the migrations expect to be there.

        CREATE EXTENSION is refused for one that exists, unless it says IF NOT EXISTS.
        """
        files = closure.files
        text = "\n".join(data.decode(errors="replace") for data in files.values())
        created = {name.strip('"').lower() for name in _CREATED.findall(text)}
        return [name for name in self.extensions if name.lower() not in created]

    def closure(self) -> Closure:
        """Return every file that decides the result."""
        closure = self._files().closure()
        for name in names_of(self.baseline) if self.baseline else ():
            closure.add_module(name.partition(":")[0])
        return closure

    def paths(self) -> tuple[Path, ...]:
        """Return the folders that the configuration puts on `sys.path`."""
        return self._files().paths

    def script(self) -> Path:
        """Return the folder of env.py."""
        return self._files().script

    def _root(self) -> Path:
        return (self.root or self.config.parent).resolve()

    def _files(self) -> AlembicFiles:
        return AlembicFiles.read(self.config, self.section, self._root())


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a history does that its files do not say.

    Args:
        version_tables: where env.py keeps its version: schema and name.
        known_tables: those of them that stand in env.py as plain text, or are declared.
        metadata: env.py's target_metadata.
    """

    version_tables: tuple[tuple[str, str], ...]
    known_tables: tuple[tuple[str, str], ...]
    metadata: Inventory


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionStatement:
    """One statement that a revision ran; `alone` if it was a transaction of its own."""

    sql: str
    alone: bool


def stopped(error: PgassayError) -> bool:
    """Whether a revision failed because `fail_at` made it."""
    return STOPPED in error.found


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What was seen of an upgrade: its statements, the seconds of each transaction, how it ended.

    Args:
        statements: those of the revision; env.py's own are left out.
        seconds: of each transaction.
        error: why it failed, if it did.
    """

    statements: tuple[StatementTrace, ...]
    seconds: tuple[float, ...]
    error: PgassayError | None


class AlembicHistory:
    """A project's revisions and one target, in one enclosure."""

    def __init__(self, enclosure: Enclosure, known: tuple[QualifiedName, ...]) -> None:
        self._enclosure = enclosure
        self._known = {(name.schema, name.name) for name in known}

    def __enter__(self) -> Self:
        """Start the process."""
        self._enclosure.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self._enclosure.close()

    def upgrade(self, revision: str = "head") -> tuple[str, ...]:
        """Upgrade and return the ids that the version table holds afterwards."""
        return self._moved({"do": "upgrade", "revision": revision})

    def downgrade(self, revision: str) -> tuple[str, ...]:
        """Downgrade and return the ids that the version table holds afterwards."""
        return self._moved({"do": "downgrade", "revision": revision})

    def stepped(
        self,
        revision: str,
        *,
        down: bool = False,
        fail_at: int | None = None,
        gates: Mapping[int, int] | None = None,
    ) -> tuple[RevisionStatement, ...]:
        """Upgrade or downgrade, with stops; return the statements of what ran.

        The last one writes the version. Statements are counted from 1.

        Args:
            revision: where to.
            down: downgrade.
            fail_at: an error is raised before this statement.
            gates: by statement, the key of an advisory lock that is waited for before it.

        Raises:
            SchemaError: it fails, or was made to: `stopped` tells which.
        """
        job = {
            "do": "stepped",
            "revision": revision,
            "down": down,
            "fail_at": fail_at,
            "gates": {str(number): key for number, key in (gates or {}).items()},
        }
        done = self._checked(self._ask(job))
        return tuple(RevisionStatement(sql=sql, alone=alone) for sql, alone in done["statements"])

    def provide(self) -> None:
        """Put in place what the first revision expects: extensions, the baseline."""
        self._ask({"do": "provide"})

    @property
    def process(self) -> int:
        """The number of its process."""
        return self._enclosure.pid

    def kill(self) -> None:
        """End the process at once, as if the client were killed; harmless twice."""
        self._enclosure.kill()

    def watched(self, revision: str, *, down: bool = False) -> Watched:
        """Upgrade (or downgrade) under watch; the database has a probe in it."""
        told = self._ask({"do": "watched", "revision": revision, "down": down})
        error = told["error"]
        return Watched(
            statements=tuple(decode(StatementTrace, one) for one in told["statements"]),
            seconds=tuple(told["seconds"]),
            error=refused(**error) if error else None,
        )

    def sql(self, revision: str = "head", *, down: bool = False) -> str:
        """Return the SQL of offline mode."""
        return str(self._ask({"do": "offline", "revision": revision, "down": down})["sql"])

    def revisions(self) -> tuple[Revision, ...]:
        """Return all revisions, parents before children."""
        return tuple(
            Revision(
                id=one["id"],
                parents=tuple(one["parents"]),
                message=one["message"],
                path=one["path"],
            )
            for one in self._ask({"do": "history"})["revisions"]
        )

    def heads(self) -> tuple[str, ...]:
        """Return the ids of the heads."""
        return tuple(self._ask({"do": "history"})["heads"])

    def survey(self) -> Survey:
        """Say what env.py works with; it is run without any migration.

        To be asked before anything else: migrations may import models, or change them.
        """
        told = self._ask({"do": "promised"})
        return Survey(
            version_tables=tuple((schema or "public", table) for schema, table in told["versions"]),
            known_tables=tuple(self._known),
            metadata=Inventory.read(told),
        )

    def attempt(self, revision: str) -> None:
        """Upgrade, whatever the version tables are."""
        self._ask({"do": "upgrade", "revision": revision})

    def _moved(self, job: Mapping[str, object]) -> tuple[str, ...]:
        return tuple(self._checked(self._ask(job))["versions"])

    def _checked(self, done: dict[str, Any]) -> dict[str, Any]:
        """Return the reply; ConfigError where its version table is not known."""
        for schema, table in done["tables"]:
            if (schema or "public", table) not in self._known:
                name = f"{schema}.{table}" if schema else table
                raise ConfigError(
                    f"env.py keeps its version in {name}",
                    expected="the name of the version table as plain text in env.py, or declared",
                    why="it would be taken for a table of the schema",
                    fix=f'bookkeeping = ["{name}"] in the system\'s configuration',
                )
        return done

    def _ask(self, job: Mapping[str, object]) -> dict[str, Any]:
        try:
            return self._enclosure.ask(job)
        except SchemaError as error:
            error.where = error.where or "env.py"
            raise
