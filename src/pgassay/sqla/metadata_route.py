"""The metadata route: the models themselves, created in a throwaway."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.codec import decode
from pgassay.core.digest import digest_of
from pgassay.core.errors import SchemaError
from pgassay.core.models import ModelFacts
from pgassay.sqla.enclosure.process import Enclosure
from pgassay.sqla.environment import declared_facts, environment_of_route
from pgassay.sqla.inventory import ENVIRONMENT, Inventory, names_of
from pgassay.sqla.sources import Closure

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Target
    from pgassay.sqla.alembic_route import AlembicRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRoute:
    """A `core.route.Route`: MetaData.create_all, DDL events included.

    Args:
        metadata: `module:attribute`, or several, separated by commas. `env.py:target_metadata`
            stands for what env.py of the Alembic route configures.
        root: the project's folder, put on `sys.path`.
        extensions: created before the tables.
        environment: declared variables, see `environment_of_route`.
        alembic: the route whose `prepend_sys_path` holds for the models as well, and whose env.py
            may be asked for them.
    """

    metadata: str
    root: Path
    extensions: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    alembic: AlembicRoute | None = None

    @property
    def name(self) -> str:
        """The route's name."""
        return "metadata"

    @property
    def bookkeeping(self) -> tuple[QualifiedName, ...]:
        """Nothing: create_all remembers nothing."""
        return ()

    def digest(self) -> str:
        """Hash the modules that the metadata imports, found without importing them.

        Raises:
            SchemaError: there is no such module in the project or among its libraries.
        """
        facts = {
            "route": "metadata",
            "metadata": self.metadata,
            "extensions": " ".join(self.extensions),
            **declared_facts(os.environ, self.environment),
        }
        return digest_of(self._closure().files, self.root, facts=facts)

    def build(self, target: Target) -> None:
        """Import the models in the enclosure and create them.

        Raises:
            SchemaError: they do not import, or the server refuses them.
        """
        with self.open(target) as models:
            self._create(models)

    def build_and_tell(self, target: Target) -> ModelFacts:
        """Build, and return what `promises` does: importing the models takes longer than both.

        Raises:
            SchemaError: as `build` does.
        """
        with self.open(target) as models:
            self._create(models)
            return self._told(models)

    def inventory(self, target: Target) -> Inventory:
        """Return what the metadata hold. Nothing is created.

        Raises:
            SchemaError: they do not import.
        """
        with self.open(target) as models:
            return Inventory.read(models.ask({"do": "inventory", "names": self._names()}))

    def promises(self, target: Target) -> ModelFacts:
        """Return what the models say that no table shows. Nothing is created.

        Raises:
            SchemaError: they do not import.
        """
        with self.open(target) as models:
            return self._told(models)

    def _create(self, models: Enclosure) -> None:
        models.ask({"do": "create", "names": self._names(), "extensions": self.extensions})

    def _told(self, models: Enclosure) -> ModelFacts:
        told = models.ask({"do": "promises", "names": self._names()})
        return decode(ModelFacts, told["facts"])

    def open(self, target: Target) -> Enclosure:
        """Return the process in which the models are imported, a context manager."""
        asks = self.alembic is not None and ENVIRONMENT in self._names()
        setting: dict[str, object] = {
            "alembic": self.alembic.setting(target) if self.alembic and asks else None,
            "paths": [str(path) for path in self._paths()],
        }
        return Enclosure(
            root=self.root,
            target=target,
            environment=environment_of_route(
                os.environ, self.environment, target, self._closure().texts()
            ),
            kind="metadata",
            setting=setting,
        )

    def _paths(self) -> tuple[Path, ...]:
        return self.alembic.paths() if self.alembic else ()

    def _names(self) -> list[str]:
        names = names_of(self.metadata)
        if ENVIRONMENT in names and self.alembic is None:
            raise SchemaError(
                f'"{ENVIRONMENT}" asks Alembic, which this system does not use',
                where="metadata",
                expected="module:attribute",
                fix='alembic = "alembic.ini" in the system\'s configuration',
            )
        return names

    def _closure(self) -> Closure:
        names = self._names()
        if ENVIRONMENT in names and self.alembic:
            closure = self.alembic.closure()
        else:
            closure = Closure(roots=(*self._paths(), self.root))
        for name in names:
            closure.add_module(name.partition(":")[0])
        return closure
