"""Putting rows in place: keywords become values and references, parents are found or made.

One call makes one family: a reference that nobody described takes the row that the given ones
lead to (an asset of a project is its owner's), or one that the same call has made; otherwise a new
one is made. Where such a row is taken already by a unique key, a new one is made as well.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import psycopg

from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.names import quote
from pgassay.rows.graph import STRIDE, GraphBuilder
from pgassay.rows.insertion import identity, in_place
from pgassay.rows.row import Row
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.run.testbed.building import (
    build,
    counted,
    keywords,
    makes_parent,
    roots,
    traits,
)
from pgassay.run.testbed.record import Record, row_of
from pgassay.run.testbed.refusal import UNIQUE_VIOLATION, refused, spoilt
from pgassay.run.testbed.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.statement import Statement, Value
    from pgassay.run.factory_module import Factory
    from pgassay.run.testbed.blueprint import Blueprint
    from pgassay.run.testbed.naming import Kind
    from pgassay.run.value_text import ColumnTexts
    from pgassay.sqla.held import Held


class Placing:
    """Makes rows in one held transaction; a `building.Site`.

    Attributes:
        made: the statements that put all rows in place, in order.
    """

    def __init__(self, blueprint: Blueprint, held: Held) -> None:
        self._blueprint = blueprint
        self._held = held
        self._standing = Standing(blueprint.catalog, held.connection)
        self._numbers = count()
        self._calls: list[str] = []
        self._family: list[Row] = []
        self.made: list[Statement] = []

    def make(self, kind: Kind, given: Mapping[str, object], call: str) -> object:
        """Return a row of a kind, in place with all that it needs.

        Args:
            kind: what is wanted.
            given: by keyword.
            call: how it was asked for, for messages.

        Raises:
            ConfigError: there is no such keyword, or a value cannot be used.
            RefusedRow: no such row can be made.
        """
        if self._held.spoilt:
            raise spoilt()
        self._calls.append(call)
        try:
            if kind.factory is not None:
                made = build(self, kind.factory, given)
            else:
                values = self._with_parents(kind.table, None, given)
                made = self._placed(kind.table, self.next_number(), values, {})
            self.settle()
        finally:
            self._calls.pop()
            if not self._calls:
                self._family.clear()
        return made

    def next_number(self) -> int:
        """Return the number of the next row; its parents' numbers lie beside it."""
        number = next(self._numbers)
        return number % STRIDE + number // STRIDE * STRIDE * STRIDE

    def seed(self, factory: Factory, number: int) -> str:
        """Return what decides all that is drawn at random for a row."""
        return f"{self._blueprint.seed}/{self._blueprint.table_of(factory).name.sql}/{number}"

    def prepared(self, factory: Factory, given: Mapping[str, object]) -> dict[str, object]:
        """Return the keywords as factory_boy takes them.

        Raises:
            ConfigError: there is no such keyword.
        """
        table, known = self._blueprint.table_of(factory), keywords(factory)
        plain = self._with_parents(table, factory, counted(factory, given))
        self._refuse_unknown(table, factory, plain, known)
        return plain

    def place(
        self, factory: Factory, number: int, values: Mapping[str, object], traits: tuple[str, ...]
    ) -> object:
        """Insert a row with its parents, and return it as a test sees it."""
        deciding: dict[str, str] = {}
        table = self._blueprint.table_of(factory)
        columns = self._blueprint.words(table).columns
        for trait in traits:
            for name in _decided(factory, trait):
                deciding[columns.get(name, name)] = f" (trait {trait} of {factory.__name__})"
        return self._placed(table, number, values, deciding)

    def settle(self) -> None:
        """Write what the session holds, beneath no savepoint of its own."""
        if self._held.session.in_transaction():
            self._held.session.commit()

    def _with_parents(
        self, table: Table, factory: Factory, given: Mapping[str, object]
    ) -> dict[str, object]:
        """Make the parents that are described by `parent__column=…`."""
        plain = dict(given)
        references = self._blueprint.words(table).references
        for name, value in given.items():
            if name in references and self._is_row(value):
                self._family.append(self._parent(name, references[name].key, value))
        described = {
            root: asked
            for root, asked in roots(given).items()
            if root in references and not makes_parent(factory, root, given)
        }
        targets = {root: references[root].key.references for root in described}
        # Whoever is referred to comes first, so that the others can refer to that row.
        for root in sorted(described, key=lambda r: self._blueprint.above(targets[r])):
            if root in given:
                raise self._wrong(f'"{root}" is given as a row, and described as well')
            for name in described[root]:
                del plain[f"{root}__{name}"]
            kind = self._blueprint.names[str(targets[root])]
            plain[root] = self.make(kind, described[root], self._calls[-1])
        return plain

    def _refuse_unknown(
        self, table: Table, factory: Factory, given: Mapping[str, object], known: frozenset[str]
    ) -> None:
        words = self._blueprint.words(table)
        valid = {*known, *words.columns, *words.references}
        for name in given:
            root = name.partition("__")[0]
            if root and root not in valid:
                raise self._unknown(table, root, valid, tuple(traits(factory)))

    def _unknown(
        self, table: Table, name: str, valid: set[str], of_factory: tuple[str, ...] = ()
    ) -> ConfigError:
        if name in self._blueprint.words(table).elsewhere:
            return self._wrong(
                f'"{name}" are rows that refer to this one',
                fix="make this row first, and then those with a reference to it",
            )
        return self._wrong(
            f'{table.name} takes no "{name}"',
            expected=suggestion(name, valid),
            fix=f"traits are {', '.join(sorted(of_factory))}" if of_factory else None,
        )

    def _wrong(
        self, found: str, *, expected: str | None = None, fix: str | None = None
    ) -> ConfigError:
        return ConfigError(found, where=self._calls[-1], expected=expected, fix=fix)

    def _placed(
        self,
        table: Table,
        number: int,
        values: Mapping[str, object],
        deciding: Mapping[str, str],
    ) -> object:
        self.settle()
        fixed, parents = self._resolved(table, values)
        references = self._blueprint.words(table).references
        wanted = [references[n].key for n, v in values.items() if v is True and n in references]
        try:
            row = self._inserted(table, number, fixed, parents, wanted)
        except (psycopg.Error, Unsatisfiable) as failure:
            raise refused(
                failure, call=self._calls[-1], table=table, values=fixed, deciding=deciding
            ) from failure
        return self._seen(table, row)

    def _resolved(
        self, table: Table, values: Mapping[str, object]
    ) -> tuple[dict[str, Value], list[Row]]:
        """Return the values of columns in text, and the rows that are referred to."""
        words, texts = self._blueprint.words(table), self._blueprint.texts(table)
        fixed: dict[str, Value] = {}
        parents: list[Row] = []
        rows: dict[str, object] = {}
        for name, value in values.items():
            if name in words.references and (name not in words.columns or self._is_row(value)):
                rows[name] = value
            elif name not in words.columns:
                raise self._unknown(table, name, {*words.columns, *words.references})
            elif value is not True or name not in words.references:
                fixed[words.columns[name]] = self._text(texts, name, words.columns[name], value)
        for name, value in rows.items():
            if value is True:
                continue
            key = words.references[name].key
            parent = None if value is None else self._parent(name, key, value)
            parents += [parent] if parent is not None else []
            for here, there in zip(key.columns, key.referenced_columns, strict=True):
                self._agree(fixed, here, parent.values[there] if parent else None, name)
        return fixed, [*parents, *self._named(table, fixed, parents)]

    def _text(self, texts: ColumnTexts, name: str, column: str, value: object) -> Value:
        try:
            return texts(column, value)
        except TypeError as wrong:
            raise self._wrong(f"{name}: {wrong}") from wrong

    def _agree(self, fixed: dict[str, Value], column: str, value: Value, name: str) -> None:
        if fixed.get(column, value) != value:
            raise self._wrong(
                f"{quote(column)} would be {fixed[column]} and, by {name}, {value}",
                expected="rows that belong together",
            )
        fixed[column] = value

    def _is_row(self, value: object) -> bool:
        return isinstance(value, Record) or self._blueprint.table_of_instance(value) is not None

    def _parent(self, name: str, key: Constraint, value: object) -> Row:
        if isinstance(value, Record):
            known: Row | None = row_of(value)
        else:
            known = self._of_instance(value)
        if known is None or known.table.name != key.references:
            shown = type(value).__name__ if known is None else str(known.table.name)
            raise self._wrong(f"{name} is given a {shown}", expected=f"a row of {key.references}")
        row = self._standing.row(known.table, known.values)
        if row is None:
            raise self._wrong(
                f"the row that {name} is given is not in the database",
                fix="add it to the session, or make it by the fixture",
            )
        return row

    def _of_instance(self, value: object) -> Row | None:
        name = self._blueprint.table_of_instance(value)
        table = self._blueprint.tables.get(name) if name else None
        mapper = self._blueprint.mapper(table) if table else None
        if table is None or mapper is None:
            return None
        texts = self._blueprint.texts(table)
        key = self._held.key(mapper, value)
        return Row(table=table, values={column: texts(column, v) for column, v in key.items()})

    def _named(self, table: Table, fixed: Mapping[str, Value], parents: Sequence[Row]) -> list[Row]:
        """Return the rows that references by value lead to, those that are there."""
        found: list[Row] = []
        for key in table.foreign_keys:
            values = [fixed.get(column) for column in key.columns]
            target = self._blueprint.tables.get(key.references) if key.references else None
            if None in values or target is None:
                continue
            wanted = dict(zip(key.referenced_columns, values, strict=True))
            known = any(
                p.table.name == target.name and {c: p.values[c] for c in wanted} == wanted
                for p in parents
            )
            row = None if known else self._standing.row(target, wanted)
            found += [row] if row is not None else []
        return found

    def _inserted(
        self,
        table: Table,
        number: int,
        fixed: Mapping[str, Value],
        parents: Sequence[Row],
        wanted: Sequence[Constraint],
    ) -> Row:
        family = self._standing.family([*parents, *self._family])
        try:
            return self._attempt(table, number, fixed, family, wanted)
        except psycopg.Error as failure:
            if failure.sqlstate != UNIQUE_VIOLATION:
                raise
        except Unsatisfiable:
            if not parents:
                raise
        return self._attempt(table, self.next_number(), fixed, parents, wanted)

    def _attempt(
        self,
        table: Table,
        number: int,
        fixed: Mapping[str, Value],
        standing: Sequence[Row],
        wanted: Sequence[Constraint],
    ) -> Row:
        builder = GraphBuilder(self._blueprint.maker, number, optional=False)
        builder.rows = list(standing)
        row = builder.place(table, {**fixed, **self._filled(builder, wanted)})
        new = [r for r in builder.rows if not any(r is other for other in standing)]
        statements = in_place(new, standing)
        with self._held.connection.transaction():
            cursor = psycopg.RawCursor(self._held.connection)
            for statement in statements:
                cursor.execute(statement.sql, statement.values)
        self._held.mark()
        self._family += new
        self.made += statements
        return row

    def _filled(self, builder: GraphBuilder, wanted: Sequence[Constraint]) -> dict[str, Value]:
        """Return what optional references hold that are to be filled by whatever row fits."""
        filled: dict[str, Value] = {}
        for key in wanted:
            target = self._blueprint.maker.table(key.references)
            there = (row for row in builder.rows if row.table.name == target.name)
            parent = next(there, None) or builder.place(target, {})
            pairs = zip(key.columns, key.referenced_columns, strict=True)
            filled |= {here: parent.values[other] for here, other in pairs}
        return filled

    def _seen(self, table: Table, row: Row) -> object:
        """Return a row as a test sees it: an instance of its class, or its columns."""
        mapper = self._blueprint.mapper(table)
        if mapper is not None:
            return self._held.instance(mapper, row.values)
        key = {column: value for column, value in identity(row).items() if value is not None}
        return Record(Row(table=table, values=key), self._standing.values(table, key))


def _decided(factory: Factory, trait: str) -> frozenset[str]:
    return traits(factory)[trait]
