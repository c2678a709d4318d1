"""The row maker: for any table of a catalog, a valid row with its parents.

Values come from a factory where one is given, otherwise from the type (`values`), the bounds of
partitions (`partitions`) and the search for what the CHECKs let through (`solution`); parents
from `graph`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Column, ConstraintKind, Match, Table
from pgassay.rows.graph import GraphBuilder
from pgassay.rows.insertion import inserts
from pgassay.rows.partitions import chosen, key_values
from pgassay.rows.row import Row
from pgassay.rows.solution import TableRules, Wish, nullable_columns
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.rows.values import Place, TypeValues

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Protocol

    from pgassay.core.catalog import Catalog, Constraint, Domain
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Session, Statement, Value
    from pgassay.rows.rules import Rule
    from pgassay.rows.solution import Trial

    class RowSource(Protocol):
        """What a factory gives: the content of one row, keys and references aside."""

        def __call__(self, number: int) -> Mapping[str, Value]:
            """Return values in text for some columns of row `number`; the maker fills the rest."""
            ...


_COUNTED = frozenset(["int2", "int4", "int8"])
_ABOVE_SEQUENCES = 20_000  # explicit keys start here, clear of what a sequence will give


class RowMaker:
    """Makes valid rows. Deterministic: the same catalog, sources and number give the same row.

    Args:
        catalog: the contract.
        sources: factories, by table.
        ask: a session on a database that holds the contract, to let the server judge CHECKs.
        built: the catalog of the database that the rows are for, if its partitions are others
            than the contract's.
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        sources: Mapping[QualifiedName, RowSource] | None = None,
        ask: Session | None = None,
        built: Catalog | None = None,
    ) -> None:
        self.catalog = catalog
        self.types = TypeValues(catalog, self._of_domain)
        self._sources = dict(sources or {})
        self._ask = ask
        self._built = built or catalog
        self._tables = {table.name: table for table in catalog.tables}
        self._rules: dict[QualifiedName, TableRules] = {}
        self._domain_rules: dict[QualifiedName, TableRules] = {}
        self._drafts: dict[tuple[object, ...], dict[str, Value]] = {}
        self._drafting: set[tuple[QualifiedName, str]] = set()
        self._graphs: dict[tuple[object, ...], tuple[Row, ...]] = {}
        self._surroundings: dict[tuple[QualifiedName, int], tuple[tuple[Row, ...], Row]] = {}
        self._nullable: dict[QualifiedName, frozenset[str]] = {}
        self._needs: dict[tuple[object, ...], tuple[Statement, ...]] = {}

    def value(self, table: Table, column: Column, number: int = 0) -> Value:
        """Return a value for one column, different for each number where the type allows."""
        return self.draft(table, number, {}, optional=True).get(column.name)

    def row(
        self,
        table: Table,
        number: int = 0,
        *,
        parents: Mapping[str, Row] | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> Row:
        """Return a valid row; `parents` by name of foreign key, `values` fixed by the caller.

        Every column that can be written gets an explicit value (generated ones do not), optional
        references are NULL unless a parent is given. A reference without a given parent points
        to the row of the same number. Raises `Unsatisfiable`, naming the constraint, where a
        bounded search finds no row.
        """
        fixed: dict[str, Value] = {}
        for key in table.foreign_keys:
            parent = (parents or {}).get(key.name)
            if parent is not None:
                pairs = zip(key.columns, key.referenced_columns, strict=True)
                fixed |= {here: parent.values[there] for here, there in pairs}
        return self.finished(table, number, {**fixed, **(values or {})}, optional=False)

    def graph(
        self,
        table: Table,
        number: int = 0,
        *,
        optional: bool = False,
        values: Mapping[str, Value] | None = None,
    ) -> tuple[Row, ...]:
        """Return the row and all the parents it needs, parents first, the row itself last.

        With `optional`, nullable references are filled as well. Rows of two numbers share no
        unique value (numbers below 1000). Cycles are closed through a nullable or a deferrable
        side; `rows.insertion.inserts` makes the statements.
        """
        key = (table.name, number, optional, tuple(sorted((values or {}).items(), key=str)))
        if key not in self._graphs:
            builder = GraphBuilder(self, number, optional=optional)
            builder.place(table, dict(values or {}))
            self._graphs[key] = tuple(builder.rows)
        return self._graphs[key]

    def needs(
        self, table: Table, number: int = 0, *, optional: bool = False
    ) -> tuple[Statement, ...]:
        """Return what puts the parents of `graph(table, number)` in place.

        The same object each time, so that all cases of one table run on top of it together.
        """
        key = (table.name, number, optional)
        if key not in self._needs:
            self._needs[key] = inserts(self.graph(table, number, optional=optional)[:-1])
        return self._needs[key]

    def surroundings(self, table: Table, number: int = 0) -> tuple[tuple[Row, ...], Row]:
        """Return the parents of every reference of a table, and a row that points to all of them.

        That row is not bound to pass the CHECKs (exactly one of two references is set): it tells
        what each referencing column may hold beside NULL.
        """
        if (table.name, number) not in self._surroundings:
            builder = GraphBuilder(self, number, optional=False)
            own = builder.surround(table, apart_first=self._compares_references(table))
            self._surroundings[table.name, number] = (
                tuple(builder.rows),
                Row(table=table, values=own),
            )
        return self._surroundings[table.name, number]

    def surrounding_needs(self, table: Table, number: int = 0) -> tuple[Statement, ...]:
        """Return what puts `surroundings` in place; the same object each time."""
        key = (table.name, number, None)
        if key not in self._needs:
            self._needs[key] = inserts(self.surroundings(table, number)[0])
        return self._needs[key]

    def table(self, name: QualifiedName | None) -> Table:
        """Return a table of the catalog; raises `Unsatisfiable` where it has no such table."""
        found = self._tables.get(name) if name is not None else None
        if found is None:
            raise Unsatisfiable("foreign key", str(name), where="catalog", why="no such table")
        return found

    def rules(self, table: Table) -> TableRules:
        """Return the CHECKs of a table, ready to be asked."""
        if table.name not in self._rules:
            self._rules[table.name] = TableRules(table, self.types, self._ask)
        return self._rules[table.name]

    def domain_trials(
        self, domain: Domain, hints: Iterable[Constraint] = ()
    ) -> list[tuple[Rule, list[Trial]]]:
        """Return for each CHECK of a domain what the server says of candidates.

        The column is called `value`; `hints` are CHECKs of the domain as it was built.
        """
        table = _as_table(domain, 0)
        rules = TableRules(table, self.types, self._ask, hints=hints)
        plain = self.types.value(domain.type, Place(label=domain.name.name))
        wish = Wish(number=0, base={"value": plain}, fixed={}, nullable=frozenset(["value"]))
        found = rules.trials(wish, {"value": plain})
        return [(rule, trials) for rule, trials in found if rule.domain is None]

    def nullable(self, table: Table) -> frozenset[str]:
        """Return the columns that take NULL, domains considered."""
        if table.name not in self._nullable:
            self._nullable[table.name] = nullable_columns(table.columns, self.types)
        return self._nullable[table.name]

    def optional(self, table: Table, key: Constraint) -> bool:
        """Whether a foreign key may be left NULL."""
        nullable = self.nullable(table)
        if key.match is Match.FULL:
            return all(column in nullable for column in key.columns)
        return any(column in nullable for column in key.columns)

    def draft(
        self, table: Table, number: int, fixed: Mapping[str, Value], *, optional: bool
    ) -> dict[str, Value]:
        """Return values for every column that can be written, before its parents are known."""
        cached = (table.name, number, optional, tuple(sorted(fixed.items(), key=str)))
        if cached not in self._drafts:
            self._drafts[cached] = self._drafted(table, number, fixed, optional=optional)
        return dict(self._drafts[cached])

    def wish(
        self,
        table: Table,
        number: int,
        fixed: Mapping[str, Value],
        *,
        optional: bool,
        references: Mapping[str, tuple[Value, ...]] | None = None,
    ) -> Wish:
        """Return what a search for a row of this number has to keep to.

        `references` are the values that referencing columns may hold beside NULL.
        """
        nullable = self.nullable(table)
        sparse = frozenset() if optional else self._optional_columns(table)
        base = self._base(table, number)
        return Wish(
            number=number,
            base=base,
            fixed={**self._from_source(table, number), **fixed},
            nullable=nullable,
            sparse=sparse & nullable,
            references=references or {},
        )

    def finished(
        self, table: Table, number: int, fixed: Mapping[str, Value], *, optional: bool
    ) -> Row:
        """Return the row once its references are known."""
        return Row(table=table, values=self.draft(table, number, fixed, optional=optional))

    def _drafted(
        self, table: Table, number: int, fixed: Mapping[str, Value], *, optional: bool
    ) -> dict[str, Value]:
        wish = self.wish(table, number, fixed, optional=optional)
        plain = {name: None if name in wish.sparse else v for name, v in wish.base.items()}
        return {**plain, **wish.fixed, **self.rules(table).solve(wish)}

    def _base(self, table: Table, number: int) -> dict[str, Value]:
        led = {**chosen(table, self._built, number), **key_values(table, self._built, number)}
        found: dict[str, Value] = {}
        for column in table.columns:
            if column.generated is None:
                reference = self._referenced(table, column, number)
                found[column.name] = (
                    led[column.name]
                    if column.name in led
                    else self._plain(table, column, number)
                    if reference is None
                    else reference
                )
        return found

    def _plain(self, table: Table, column: Column, number: int) -> Value:
        kind = self.types.base_type(column.type)
        counted = column.identity is not None or (column.default or "").startswith("nextval(")
        if counted and kind.base in _COUNTED and not kind.array:
            return str(_ABOVE_SEQUENCES + number)
        label = column.name if kind.base != "uuid" else f"{table.name.sql}.{column.name}"
        place = Place(label=label, position=column.position, number=number)
        return self.types.value(column.type, place)

    def _referenced(self, table: Table, column: Column, number: int) -> Value:
        """Return what the parent of the same number has in the key that this column points to."""
        for key in sorted(table.foreign_keys, key=lambda k: (self.optional(table, k), k.name)):
            if column.name not in key.columns or key.references == table.name:
                continue
            there = key.referenced_columns[key.columns.index(column.name)]
            parent = self._tables.get(key.references) if key.references else None
            mark = (key.references or table.name, there)
            if parent is None or mark in self._drafting:
                continue
            self._drafting.add(mark)
            try:
                return self._key_value(parent, there, number)
            finally:
                self._drafting.discard(mark)
        return None

    def _key_value(self, parent: Table, name: str, number: int) -> Value:
        column = parent.column(name)
        known = self._from_source(parent, number).get(name)
        if known is not None:
            return known
        if name in self.rules(parent).columns and not self._is_reference(parent, name):
            return self.draft(parent, number, {}, optional=True).get(name)
        reference = self._referenced(parent, column, number)
        if reference is not None:
            return reference
        led = chosen(parent, self._built, number)
        return led[name] if name in led else self._plain(parent, column, number)

    def _compares_references(self, table: Table) -> bool:
        """Whether a CHECK speaks of two references to one table (`sender <> receiver`)."""
        for rule in self.rules(table).rules:
            keys = [k for k in table.foreign_keys if set(k.columns) & set(rule.columns)]
            if len({k.references for k in keys}) < len(keys):
                return True
        return False

    def _is_reference(self, table: Table, name: str) -> bool:
        return any(name in key.columns for key in table.foreign_keys)

    def _optional_columns(self, table: Table) -> frozenset[str]:
        optional = [key for key in table.foreign_keys if self.optional(table, key)]
        required = [key for key in table.foreign_keys if key not in optional]
        needed = {column for key in required for column in key.columns}
        return frozenset(c for key in optional for c in key.columns if c not in needed)

    def _from_source(self, table: Table, number: int) -> dict[str, Value]:
        source = self._sources.get(table.name)
        if source is None:
            return {}
        own = {c.name for c in table.columns if c.generated is None}
        return {
            name: value
            for name, value in source(number).items()
            if name in own and not self._is_reference(table, name)
        }

    def _of_domain(self, domain: Domain, place: Place) -> Value:
        """Return a value of a domain, searched as if it were a table of one column."""
        table = _as_table(domain, place.position)
        plain = self.types.value(domain.type, place)
        if domain.name not in self._domain_rules:
            self._domain_rules[domain.name] = TableRules(table, self.types, self._ask)
        wish = Wish(
            number=place.number,
            base={"value": plain},
            fixed={},
            nullable=frozenset(),
        )
        return self._domain_rules[domain.name].solve(wish).get("value", plain)


def _as_table(domain: Domain, position: int) -> Table:
    return Table(
        name=domain.name,
        columns=(Column(name="value", position=position, type=domain.type),),
        constraints=tuple(
            replace(c, columns=("value",))
            for c in domain.constraints
            if c.kind is ConstraintKind.CHECK
        ),
    )
