"""What a row can be asked for by: the rule of names.

Of a table `users` with a factory `UserFactory` and a mapped class `User`: `user`, from the
factory's name; `user`, from the class's; `users`, the table's own; `user`, its singular. In this
order, so that a factory's name is never hidden by a table's. What two tables are called alike is
nobody's name, and the table's own name with its schema always is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inflection import singularize, underscore

from pgassay.core.errors import ConfigError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName
    from pgassay.run.factory_module import Factory

__tracebackhide__ = True  # pytest shows the test's own line


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows: of one table, as one factory describes them where there is one."""

    table: Table
    factory: Factory = None


class UnknownName(ConfigError, AttributeError):  # noqa: N818 - reads as what happened
    """Nothing is called so; an `AttributeError`, since rows are asked for by attributes."""


class Names:
    """The kinds of rows of one system, by name."""

    def __init__(
        self,
        system: str,
        tables: Iterable[Table],
        factories: Iterable[tuple[Factory, Table]],
        main: Mapping[QualifiedName, Factory],
        classes: Mapping[QualifiedName, type],
    ) -> None:
        """Name everything.

        Args:
            system: whose tables they are, for messages.
            tables: all of them.
            factories: with the table of each, variants among them.
            main: the factory of each table that is no variant.
            classes: the mapped class of each table.
        """
        self._system = system
        self._kinds: dict[str, Kind] = {}
        self._disputed: dict[str, list[str]] = {}
        kinds = [Kind(table, main.get(table.name)) for table in tables]
        self._add(
            (_of_factory(factory.__name__), Kind(table, factory)) for factory, table in factories
        )
        self._add(
            (underscore(classes[k.table.name].__name__), k)
            for k in kinds
            if k.table.name in classes
        )
        self._add((name, k) for k in kinds for name in {str(k.table.name), _plain(k.table)})
        self._add((k.table.name.name, k) for k in kinds)
        self._add((underscore(singularize(k.table.name.name)), k) for k in kinds)

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __getitem__(self, name: str) -> Kind:
        """Return what is called so.

        Raises:
            UnknownName: nothing is, or more than one table.
        """
        if name in self._kinds:
            return self._kinds[name]
        where = f"system {self._system}"
        if name in self._disputed:
            tables = self._disputed[name]
            raise UnknownName(
                f'"{name}" may be {" or ".join(tables)}',
                where=where,
                fix=f'name the table: make("{tables[0]}", …)',
            )
        raise UnknownName(
            f'no table or factory is called "{name}"',
            where=where,
            expected=suggestion(name, (n for n in self._kinds if n.isidentifier())),
        )

    def _add(self, found: Iterable[tuple[str, Kind]]) -> None:
        """Take the names of one sort; an earlier sort's stay what they are."""
        sort: dict[str, list[Kind]] = {}
        for name, kind in found:
            sort.setdefault(name, []).append(kind)
        for name, kinds in sort.items():
            tables = list(dict.fromkeys(str(kind.table.name) for kind in kinds))
            if name in self._kinds or name in self._disputed:
                continue
            if len(tables) > 1:
                self._disputed[name] = sorted(tables)
            else:
                self._kinds[name] = kinds[0]


def _of_factory(name: str) -> str:
    return underscore(name.removesuffix("Factory") or name)


def _plain(table: Table) -> str:
    return f"{table.name.schema}.{table.name.name}"
