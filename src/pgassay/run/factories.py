"""A team's factories as sources of rows: `factories = "package.module"` in the configuration.

Every `factory.Factory` that the module offers and that is not abstract describes the rows of one
table: that of its model's `__table__`, or the one that `__tablename__` (and `__schema__`) name on
the factory or on its model. It is asked for values, no model is made of them, no hook runs behind
it. A row depends on the seed, its table and its number alone: factory_boy's and Faker's generator
are seeded anew for each, and given back as they were.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, suggestion
from pgassay.run.factory_module import described, mapper_of, model_of
from pgassay.run.value_text import ColumnTexts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.run.factory_module import Factory


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
    for factory, table in _without_variants(described(name, contract, root=root)):
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

    def __init__(self, factory: Factory, table: Table, contract: Catalog, seed: int) -> None:
        self.name: str = factory.__name__
        self._bare = _bare(factory)
        self._columns = columns_by_attribute(factory, table)
        mapper = mapper_of(factory)
        self._relationships = frozenset(mapper.relationships.keys() if mapper else ())
        self._table = table
        self._seed = seed
        self._texts_of = ColumnTexts(table, contract)
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
        with seeded(f"{self._seed}/{self._table.name.sql}/{number}"):
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
                texts[column] = self._texts_of(column, value)
            except TypeError as wrong:
                raise ConfigError(
                    str(wrong), where=f"factory {self.name}, {self._table.name}.{column}"
                ) from wrong
        return texts


def _without_variants(found: list[tuple[Factory, Table]]) -> list[tuple[Factory, Table]]:
    """Leave out factories that inherit from another one for the same model."""
    return [(factory, table) for factory, table in found if not is_variant(factory, found)]


def is_variant(factory: Factory, among: Iterable[tuple[Factory, Table]]) -> bool:
    """Whether a factory inherits from another one for the same model."""
    return any(
        other is not factory and issubclass(factory, other) and model_of(factory) is model_of(other)
        for other, _ in among
    )


def columns_by_attribute(factory: Factory, table: Table) -> Mapping[str, str]:
    """Return the names of columns by what a factory calls them."""
    there = {column.name for column in table.columns}
    mapper = mapper_of(factory)
    if mapper is None:
        return {name: name for name in there}
    named = {attribute.key: attribute.columns[0].name for attribute in mapper.column_attrs}
    return {key: column for key, column in named.items() if column in there}


def _bare(factory: Factory) -> Factory:
    """Return the same factory making plain values, with nothing done to them afterwards."""
    from factory.builder import DeclarationSet  # noqa: PLC0415  # as above

    def values_only(_model: object, *_: object, **values: object) -> Mapping[str, object]:
        return values

    body = {
        "Meta": type("Meta", (), {"model": dict}),
        "__module__": factory.__module__,
        "_build": staticmethod(values_only),
    }
    bare: Factory = type(factory)(factory.__name__, (factory,), body)
    options = bare._meta  # noqa: SLF001  # see factory_module
    options.post_declarations = DeclarationSet()  # type: ignore[no-untyped-call]  # untyped library
    return bare


@contextmanager
def seeded(seed: str) -> Iterator[None]:
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
