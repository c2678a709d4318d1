"""What is known of a system before a test: names, factories, mapped classes, the row maker."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.catalog import TableKind
from pgassay.run.factories import is_variant, row_sources
from pgassay.run.factory_module import described, table_of
from pgassay.run.population import realistic
from pgassay.run.testbed.naming import Kind, Names
from pgassay.run.testbed.words import Words
from pgassay.run.value_text import ColumnTexts
from pgassay.sqla.mapped import mappers

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy.orm import Mapper

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.rows.maker import RowMaker
    from pgassay.run.factory_module import Factory
    from pgassay.run.stand import Stand

__tracebackhide__ = True  # pytest shows the test's own line


class Blueprint:
    """What the rows of one system look like; made once for all tests of a session.

    Attributes:
        system: its name.
        seed: decides all that is drawn at random.
        catalog: its tables.
        maker: makes a row with its parents.
        names: what a row can be asked for by.
    """

    def __init__(self, stand: Stand) -> None:
        """Read the models and the factories.

        Raises:
            PgassayError: the models or the factories do not import, or the system is not built.
        """
        system = stand.request.system
        root = system.root or stand.request.config.root
        source = stand.source
        self.system = stand.name
        self.seed = stand.request.seed
        self.catalog: Catalog = source.contract
        self._mappers = mappers(system.metadata, root)
        self._by_class = {mapper.class_: name for name, mapper in self._mappers.items()}
        self._words: dict[QualifiedName, Words] = {}
        self._texts: dict[QualifiedName, ColumnTexts] = {}
        factories: list[tuple[Factory, Table]] = []
        if system.factories:
            factories = described(system.factories, self.catalog, root=root)
            found = row_sources(system.factories, self.catalog, root=root, seed=self.seed)
            source = realistic(source, found)
        self.maker: RowMaker = source.rows
        self._tables = dict(factories)
        self.names = Names(
            self.system,
            (t for t in self.catalog.roots() if t.kind is not TableKind.FOREIGN),
            factories,
            {t.name: f for f, t in factories if not is_variant(f, factories)},
            {name: mapper.class_ for name, mapper in self._mappers.items()},
        )

    def kind(self, wanted: str | type) -> Kind:
        """Return what a name, a mapped class or a factory stands for.

        Raises:
            UnknownName: nothing is called so.
        """
        if isinstance(wanted, str):
            return self.names[wanted]
        if wanted in self._tables:
            return Kind(self._tables[wanted], wanted)
        table = self._by_class.get(wanted)
        return self.names[wanted.__name__ if table is None else str(table)]

    def table_of(self, factory: Factory) -> Table:
        """Return the table of a factory, also of one that another factory only refers to."""
        if factory not in self._tables:
            self._tables[factory] = table_of(factory, self.catalog, factory.__module__)
        return self._tables[factory]

    def mapper(self, table: Table) -> Mapper[Any] | None:
        """Return the mapper of a table, None where no class is mapped to it."""
        return self._mappers.get(table.name)

    def table_of_instance(self, instance: object) -> QualifiedName | None:
        """Return the table that an instance of a mapped class is a row of."""
        for class_ in type(instance).__mro__:
            if class_ in self._by_class:
                return self._by_class[class_]
        return None

    def words(self, table: Table) -> Words:
        """Return the keywords of a table."""
        if table.name not in self._words:
            self._words[table.name] = Words(table, self.mapper(table))
        return self._words[table.name]

    def texts(self, table: Table) -> ColumnTexts:
        """Return what makes texts of values for the columns of a table."""
        if table.name not in self._texts:
            self._texts[table.name] = ColumnTexts(table, self.catalog)
        return self._texts[table.name]

    def above(self, name: QualifiedName | None) -> int:
        """Return how many tables the rows of a table may lead to by their references."""
        found: set[QualifiedName] = set()
        waiting = [name]
        while waiting:
            table = self.tables.get(waiting.pop())  # type: ignore[arg-type]  # None is no table
            new = {k.references for k in table.foreign_keys if k.references} if table else set()
            waiting += new - found
            found |= new
        return len(found)

    @cached_property
    def tables(self) -> dict[QualifiedName, Table]:
        """All tables by name."""
        return {table.name: table for table in self.catalog.tables}
