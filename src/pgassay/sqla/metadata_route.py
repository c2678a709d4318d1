"""The metadata route: the models themselves, created in a throwaway."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.digest import digest_of
from pgassay.core.errors import SchemaError
from pgassay.sqla.enclosure.process import Enclosure
from pgassay.sqla.environment import declared_facts, environment_of_route
from pgassay.sqla.sources import Closure

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRoute:
    """A `core.route.Route`: MetaData.create_all, DDL events included.

    Args:
        metadata: `module:attribute`, or several, separated by commas.
        root: the project's folder, put on `sys.path`.
        extensions: created before the tables.
        environment: declared variables, see `environment_of_route`.
    """

    metadata: str
    root: Path
    extensions: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()

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
        environment = environment_of_route(
            os.environ, self.environment, target, self._closure().texts()
        )
        with Enclosure(
            root=self.root, target=target, environment=environment, kind="metadata"
        ) as enclosure:
            enclosure.ask({"names": self._names(), "extensions": list(self.extensions)})

    def _names(self) -> list[str]:
        names = [name.strip() for name in self.metadata.split(",") if name.strip()]
        for name in names:
            if not all(name.partition(":")):
                raise SchemaError(
                    f'"{name}" names no metadata',
                    where="metadata",
                    expected="module:attribute",
                )
        return names

    def _closure(self) -> Closure:
        closure = Closure(roots=(self.root,))
        for name in self._names():
            closure.add_module(name.partition(":")[0])
        return closure
