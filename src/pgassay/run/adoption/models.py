"""By which name a project's MetaData is imported: found by trying, preferably what env.py uses.

What env.py gives to Alembic is what autogenerate compares with, so it is the promise. A plain
`module:attribute` is written where importing it alone comes to the same DDL; many env.py import
the models one by one, or change the metadata, and then env.py itself is asked on every run.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

from pgassay.core.errors import SchemaError
from pgassay.run.adoption.places import modules_with_tables
from pgassay.sqla.inventory import ENVIRONMENT, Inventory
from pgassay.sqla.metadata_route import MetadataRoute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgassay.core.route import Target
    from pgassay.sqla.alembic_route import AlembicRoute

_TRIES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The models that promise what the migrations should build.

    Args:
        metadata: as the configuration names it.
        tables: the tables in it.
        how: how it was found, in words.
    """

    metadata: str
    tables: tuple[str, ...]
    how: str


class Models:
    """The models of one project, looked up where an Alembic environment can be run.

    Args:
        route: the migrations, as they are run.
        database: makes an empty database; importing models may connect.
    """

    def __init__(self, route: AlembicRoute, database: Callable[[], Target]) -> None:
        self._route, self._database = route, database
        self._root = route.root or route.config.parent

    def promise(self, environment: Inventory, built: tuple[str, ...]) -> Promise | None:
        """Return the models that belong to a history, or None where there are none.

        Args:
            environment: what env.py gives to Alembic.
            built: the tables that the migrations build: `schema.name`.
        """
        if environment.tables:
            for names in islice(_combinations(environment), _TRIES):
                found = self._inventory(names)
                if found is not None and found.digest == environment.digest:
                    how = "env.py's target_metadata"
                    return Promise(metadata=names, tables=found.tables, how=how)
            how = "as env.py puts it together: no module holds it like this"
            return Promise(metadata=ENVIRONMENT, tables=environment.tables, how=how)
        best = max(self._everywhere(), key=lambda one: _overlap(one, built), default=None)
        if best is None or not _overlap(best, built):
            return None
        found_names = self._shortest(best, built)
        if found_names is None:
            return None
        names, one = found_names
        how = f"found by its tables, {_overlap(one, built)} of {len(built)}: env.py names no models"
        return Promise(metadata=names, tables=one.tables, how=how)

    def baselines(self, missing: str, environment: Inventory) -> Iterator[str]:
        """Yield MetaData with a table that a history expects to be there before it begins.

        Not that of env.py, which holds what the history ends with.
        """
        for one in self._everywhere():
            tables = {key.split(".")[-1] for key in one.tables}
            if one.digest != environment.digest and missing in tables:
                found = self._shortest(one, (_qualified(missing),))
                if found is not None:
                    yield found[0]

    def _everywhere(self) -> list[Inventory]:
        """Return every MetaData that the project's modules hold, tables by tables."""
        if self._found is None:
            self._found = []
            route = self._route
            modules = modules_with_tables(self._root, route.paths(), route.script())
            self._defining = frozenset(modules)
            if modules:
                asking = self._asking(f"{modules[0]}:metadata")
                with asking.open(self._database()) as process:
                    told = process.ask({"do": "modules", "modules": modules})
                self._found = [Inventory.read(one) for one in told["found"]]
        return self._found

    _found: list[Inventory] | None = None
    _defining: frozenset[str] = frozenset()

    def _shortest(self, wanted: Inventory, built: tuple[str, ...]) -> tuple[str, Inventory] | None:
        """Return the name whose import brings most of the tables that were built."""
        found: list[tuple[str, Inventory]] = []
        for names in islice(_combinations(wanted), _TRIES):
            one = self._inventory(names)
            if one is not None:
                found.append((names, one))
                if _overlap(one, built) == _overlap(wanted, built):
                    return names, one
        # No module imports all the others: each one that defines tables is named.
        every = [
            n for names in wanted.names for n in names if n.partition(":")[0] in self._defining
        ]
        if every and (one := self._inventory(joined := ", ".join(sorted(every)))) is not None:
            found.append((joined, one))
        return max(found, key=lambda pair: _overlap(pair[1], built), default=None)

    def _inventory(self, names: str) -> Inventory | None:
        try:
            return self._asking(names).inventory(self._database())
        except SchemaError:
            return None  # it cannot be imported by itself: import cycles, lazy modules

    def _asking(self, names: str) -> MetadataRoute:
        return MetadataRoute(
            metadata=names,
            root=self._root,
            environment=self._route.environment,
            alembic=self._route,
        )


def _overlap(one: Inventory, built: tuple[str, ...]) -> int:
    return len({_qualified(key) for key in one.tables} & set(built))


def _qualified(key: str) -> str:
    return key if "." in key else f"public.{key}"


def _combinations(found: Inventory) -> Iterator[str]:
    """Yield ways to name all of the MetaData, separated by commas."""
    if all(found.names):
        for several in product(*(names[:_TRIES] for names in found.names)):
            yield ", ".join(several)
