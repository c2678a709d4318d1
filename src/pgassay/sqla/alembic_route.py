"""The Alembic route: a project's migrations, run by its own env.py in the enclosure."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.digest import digest_of
from pgassay.core.errors import ConfigError, SchemaError
from pgassay.core.route import Revision, Target
from pgassay.sqla.alembic_files import AlembicFiles
from pgassay.sqla.enclosure.process import Enclosure
from pgassay.sqla.environment import declared_facts, environment_of_route, offered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from pgassay.core.names import QualifiedName

_NOWHERE = Target(host="/nonexistent", port=5432, user="nobody", dbname="nowhere")


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
    """

    config: Path
    section: str = "alembic"
    root: Path | None = None
    environment: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    revision: str = "head"
    version_tables: tuple[QualifiedName, ...] = ()

    @property
    def name(self) -> str:
        """The route's name."""
        return "alembic"

    @property
    def bookkeeping(self) -> tuple[QualifiedName, ...]:
        """The version table, as far as env.py names it in plain text, and those declared."""
        return tuple(dict.fromkeys((*self._files().version_tables(), *self.version_tables)))

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
            **declared_facts(os.environ, self.environment),
        }
        return digest_of(self._files().closure().files, self._root(), facts=facts)

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
        with self.open(_NOWHERE) as history:
            return history.sql(revision, down=down)

    def revisions(self) -> tuple[Revision, ...]:
        """Return all revisions, parents before children. Their modules are imported."""
        with self.open(_NOWHERE) as history:
            return history.revisions()

    def heads(self) -> tuple[str, ...]:
        """Return the ids of the heads."""
        with self.open(_NOWHERE) as history:
            return history.heads()

    def open(self, target: Target) -> AlembicHistory:
        """Return the history on one target, a context manager: one process for many steps."""
        files = self._files()
        environment = environment_of_route(
            os.environ, self.environment, target, files.closure().texts()
        )
        enclosure = Enclosure(
            root=self._root(),
            target=target,
            environment=environment,
            kind="alembic",
            setting={
                "config": str(self.config.resolve()),
                "section": self.section,
                "arguments": self.arguments,
                "offer": offered(target)["url"],
            },
        )
        return AlembicHistory(enclosure, (*files.version_tables(), *self.version_tables))

    def _root(self) -> Path:
        return (self.root or self.config.parent).resolve()

    def _files(self) -> AlembicFiles:
        return AlembicFiles.read(self.config, self.section, self._root())


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

    def _moved(self, job: Mapping[str, object]) -> tuple[str, ...]:
        done = self._ask(job)
        for schema, table in done["tables"]:
            if (schema or "public", table) not in self._known:
                name = f"{schema}.{table}" if schema else table
                raise ConfigError(
                    f"env.py keeps its version in {name}",
                    expected="the name of the version table as plain text in env.py, or declared",
                    why="it would be taken for a table of the schema",
                    fix=f'bookkeeping = ["{name}"] in the system\'s configuration',
                )
        return tuple(done["versions"])

    def _ask(self, job: Mapping[str, object]) -> dict[str, Any]:
        try:
            return self._enclosure.ask(job)
        except SchemaError as error:
            error.where = error.where or "env.py"
            raise
