"""A team's factories as sources of rows: `factories = "package.module"` in the configuration.

Every `factory.Factory` that the module offers and that is not abstract describes the rows of one
table: that of its model's `__table__`, or the one that `__tablename__` (and `__schema__`) name on
the factory or on its model. It is asked for values, no model is made of them, no hook runs behind
it. A row depends on the seed, its table and its number alone: factory_boy's and Faker's generator
are seeded anew for each, and given back as they were.
"""

from __future__ import annotations

import random
import sys
from contextlib import contextmanager
from importlib import import_module
from inspect import isclass
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.names import QualifiedName
from pgassay.run.value_text import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.statement import Value

_Factory = Any
"""A factory class; factory_boy's own types say nothing of what is read here."""


def row_sources(
    name: str, contract: Catalog, *, root: Path, seed: int = 0
) -> Mapping[QualifiedName, FactorySource]:
    """Return the factories of a module by table, for `rows.maker.RowMaker`.

    Args:
        name: the module's dotted name.
        contract: the catalog that says which tables and columns there are.
        root: put on `sys.path` while the module is imported.
        seed: decides all that the factories draw at random.

    Raises:
        ConfigError: the module does not import or has no factory; a factory is for no table, or
            for one that another factory is for.
    """
    found: dict[QualifiedName, FactorySource] = {}
    for factory in _without_variants(_factories(imported(name, root), name)):
        table = _table(factory, contract, name)
        if table.name in found:
            raise ConfigError(
                f"{found[table.name].name} and {factory.__name__} both describe {table.name}",
                where=f"factories in {name}",
                expected="one factory for a table, or variants that inherit from it",
                fix="leave one of them out of the module, or make it abstract",
            )
        found[table.name] = FactorySource(factory, table, contract, seed)
    return found


class FactorySource:
    """The values of one table's rows, from a factory; a `rows.maker.RowSource`."""

    def __init__(self, factory: _Factory, table: Table, contract: Catalog, seed: int) -> None:
        self.name: str = factory.__name__
        self._bare = _bare(factory)
        self._columns = _columns_by_attribute(factory, table)
        mapper = _mapper(factory)
        self._relationships = frozenset(mapper.relationships.keys() if mapper else ())
        self._table = table
        self._seed = seed
        self._labels = {c.name: _labels(c.type.base, contract) for c in table.columns}
        self._made: dict[int, Mapping[str, Value]] = {}

    def __call__(self, number: int) -> Mapping[str, Value]:
        """Return the values of row `number` in text, by column.

        Raises:
            ConfigError: the factory fails, or returns what no column of the table can hold.
        """
        if number not in self._made:
            self._made[number] = self._texts(self._build(number))
        return self._made[number]

    def _build(self, number: int) -> Mapping[str, object]:
        with _seeded(f"{self._seed}/{self._table.name.sql}/{number}"):
            try:
                values: Mapping[str, object] = self._bare.build(__sequence=number)
            except Exception as failure:
                raise ConfigError(
                    f"{type(failure).__name__}: {failure}",
                    where=f"factory {self.name}, row {number}",
                    expected="values for one row",
                ) from failure
        return values

    def _texts(self, values: Mapping[str, object]) -> Mapping[str, Value]:
        texts: dict[str, Value] = {}
        for attribute, value in values.items():
            column = self._columns.get(attribute)
            if column is None:
                if attribute in self._relationships:
                    continue
                raise ConfigError(
                    f'{self._table.name} has no column "{attribute}"',
                    where=f"factory {self.name}",
                    expected=suggestion(attribute, self._columns),
                )
            try:
                texts[column] = as_text(
                    value, self._table.column(column).type, self._labels[column]
                )
            except TypeError as wrong:
                raise ConfigError(
                    str(wrong), where=f"factory {self.name}, {self._table.name}.{column}"
                ) from wrong
        return texts


def imported(name: str, root: Path) -> ModuleType:
    """Return a module of factories. Raises ConfigError, with the cause, if it does not import."""
    sys.path.insert(0, str(root))
    try:
        return import_module(name)
    except Exception as failure:
        raise ConfigError(
            f"{name} does not import: {type(failure).__name__}: {failure}",
            where="factories",
            expected="the dotted name of a module of factories, from the configuration's folder",
        ) from failure
    finally:
        sys.path.remove(str(root))


def _factories(module: ModuleType, name: str) -> list[_Factory]:
    from factory.base import BaseFactory  # noqa: PLC0415  # imports SQLAlchemy and Faker

    found = [
        member
        for member in vars(module).values()
        if isclass(member) and issubclass(member, BaseFactory)
    ]
    usable = [factory for factory in dict.fromkeys(found) if _described(factory)]
    if not usable:
        raise ConfigError(
            f"{name} has no factory",
            where="factories",
            expected="factory.Factory classes with a model that is a table",
            fix="import them into that module",
        )
    return usable


def _described(factory: _Factory) -> bool:
    """Whether a factory is about rows; factory_boy's own base classes have no model."""
    meta = factory._meta  # noqa: SLF001  # factory_boy offers no other way to a factory's options
    return not meta.abstract and meta.model is not None


def _without_variants(factories: list[_Factory]) -> list[_Factory]:
    """Leave out factories that inherit from another one for the same model."""

    def varies(one: _Factory) -> bool:
        return any(
            other is not one and issubclass(one, other) and _model(one) is _model(other)
            for other in factories
        )

    return [factory for factory in factories if not varies(factory)]


def _model(factory: _Factory) -> Any:
    return factory._meta.model  # noqa: SLF001  # see _described


def _mapper(factory: _Factory) -> Any:
    return getattr(_model(factory), "__mapper__", None)


def _table(factory: _Factory, contract: Catalog, module: str) -> Table:
    known = {str(table.name): table for table in contract.roots()}
    mapped = getattr(_model(factory), "__table__", None)
    if mapped is not None:
        name = QualifiedName(mapped.schema or "public", mapped.name)
    else:
        holder = factory if hasattr(factory, "__tablename__") else _model(factory)
        if not hasattr(holder, "__tablename__"):
            raise ConfigError(
                f"{factory.__name__} is for no table",
                where=f"factories in {module}",
                expected='a mapped model, or __tablename__ = "…" in the factory',
            )
        name = QualifiedName(getattr(holder, "__schema__", "public"), holder.__tablename__)
    if str(name) not in known:
        raise ConfigError(
            f"{factory.__name__} is for {name}, and there is no such table",
            where=f"factories in {module}",
            expected=suggestion(str(name), known),
        )
    return known[str(name)]


def _columns_by_attribute(factory: _Factory, table: Table) -> Mapping[str, str]:
    """Return the names of columns by what a factory calls them."""
    there = {column.name for column in table.columns}
    mapper = _mapper(factory)
    if mapper is None:
        return {name: name for name in there}
    named = {attribute.key: attribute.columns[0].name for attribute in mapper.column_attrs}
    return {key: column for key, column in named.items() if column in there}


def _labels(base: str, contract: Catalog) -> tuple[str, ...]:
    return next((enum.labels for enum in contract.enums if enum.name.name == base), ())


def _bare(factory: _Factory) -> _Factory:
    """Return the same factory making plain values, with nothing done to them afterwards."""
    from factory.builder import DeclarationSet  # noqa: PLC0415  # as above

    def values_only(_model: object, *_: object, **values: object) -> Mapping[str, object]:
        return values

    body = {
        "Meta": type("Meta", (), {"model": dict}),
        "__module__": factory.__module__,
        "_build": staticmethod(values_only),
    }
    bare: _Factory = type(factory)(factory.__name__, (factory,), body)
    options = bare._meta  # noqa: SLF001  # see _described
    options.post_declarations = DeclarationSet()  # type: ignore[no-untyped-call]  # untyped library
    return bare


@contextmanager
def _seeded(seed: str) -> Iterator[None]:
    """Seed what factory_boy and Faker draw from, and give back what was there."""
    from factory.random import randgen  # noqa: PLC0415  # as above
    from faker import generator  # noqa: PLC0415  # as above

    shared = generator.random
    before = randgen.getstate(), shared.getstate()
    fresh = random.Random(seed).getstate()  # noqa: S311  # rows, not secrets
    randgen.setstate(fresh)
    shared.setstate(fresh)
    try:
        yield
    finally:
        randgen.setstate(before[0])
        shared.setstate(before[1])
