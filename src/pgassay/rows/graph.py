"""A row with all the parents it needs.

One row of a table serves every reference of a graph that it fits, so that a project's owner is
its workbench's owner without being told. A second row of a table is made only where the values
of a key, or a CHECK such as `sender <> receiver`, ask for another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from pgassay.rows.insertion import points_to
from pgassay.rows.row import Row
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.rows.maker import RowMaker

STRIDE = 1000  # further rows of a table within a graph have numbers this far apart


@dataclass(slots=True)
class _Open:
    """A row whose parents are being made; `values` are what it will have in its keys."""

    table: Table
    values: Mapping[str, Value]
    used: set[str] = field(default_factory=set)


class GraphBuilder:
    """Builds one graph."""

    def __init__(self, maker: RowMaker, number: int, *, optional: bool) -> None:
        self._maker = maker
        self._number = number
        self._optional = optional
        self._open: list[_Open] = []
        self._begun: dict[QualifiedName, int] = {}
        self._ancestors: list[Row] = []
        self.rows: list[Row] = []

    def place(self, table: Table, values: Mapping[str, Value], *, alone: bool = False) -> Row:
        """Make a row after its parents; `alone` leaves its optional self-references NULL."""
        slot = self._begun.get(table.name, 0)
        self._begun[table.name] = slot + 1
        number = self._number + slot * STRIDE
        optional = self._optional
        draft = self._maker.draft(table, number, values, optional=optional)
        entry = _Open(table, draft)
        self._open.append(entry)
        try:
            filled = [k for k in table.foreign_keys if self._filled(table, k, draft, alone=alone)]
            row = self._settled(entry, filled, number, values, alone=alone)
        finally:
            self._open.pop()
        self.rows.append(row)
        if alone:
            self._ancestors.append(row)
        return row

    def surround(self, table: Table, *, apart_first: bool = False) -> dict[str, Value]:
        """Make the parents of every reference of a row of the table, optional ones as well.

        Returns what the referencing columns then hold. References to the table itself are left
        out, unless they may not be NULL; so are parents that cannot be there without the row.
        `apart_first` gives two references to one table two rows, if that can be.
        """
        keys = [
            key
            for key in table.foreign_keys
            if key.references != table.name or not self._maker.optional(table, key)
        ]
        self._begun[table.name] = 1
        required = {c for k in keys if not self._maker.optional(table, k) for c in k.columns}
        failure: Unsatisfiable | None = None
        draft = self._maker.draft(table, self._number, {}, optional=False)
        keyed = self._keyed(table, keys, draft)
        for wanted, apart in product(
            [{}, keyed] if keyed else [{}], [apart_first, not apart_first]
        ):
            self.rows = []
            entry = _Open(table, draft)
            self._open.append(entry)
            try:
                own = self._parents(entry, keys, wanted, apart=apart)
                own = self._standing(entry, own)
                fixed = {name: value for name, value in own.items() if name in required}
                self._maker.finished(table, self._number, fixed, optional=False)
            except Unsatisfiable as refused:
                failure = failure or refused
            else:
                return own
            finally:
                self._open.pop()
        assert failure is not None
        raise failure

    def _standing(self, entry: _Open, own: Mapping[str, Value]) -> dict[str, Value]:
        """Drop the parents that hang on the row itself, and the references to them."""
        table = entry.table
        home = Row(table=table, values=entry.values)
        while (
            lost := next((r for r in self.rows if _hangs(r, [*self.rows, home])), None)
        ) is not None:
            self.rows.remove(lost)
            own = {
                name: value
                for name, value in own.items()
                if not any(
                    key.references == lost.table.name
                    and value == lost.values.get(key.referenced_columns[key.columns.index(name)])
                    for key in table.foreign_keys
                    if name in key.columns
                )
            }
        own_keys = {name: entry.values[name] for name in entry.used if name not in own}
        return {**own, **own_keys}

    def _filled(
        self, table: Table, key: Constraint, draft: Mapping[str, Value], *, alone: bool
    ) -> bool:
        if alone and key.references == table.name and self._maker.optional(table, key):
            return False
        return all(draft.get(column) is not None for column in key.columns)

    def _settled(
        self,
        entry: _Open,
        filled: Sequence[Constraint],
        number: int,
        values: Mapping[str, Value],
        *,
        alone: bool,
    ) -> Row:
        """Make the parents, shared where possible.

        Where a CHECK refuses that they are made apart, or so that they have what it asks for.
        """
        before = list(self.rows), dict(self._begun)
        failure: Unsatisfiable | None = None
        keyed = self._keyed(entry.table, filled, entry.values)
        targets = [key.references for key in filled]
        distinct = len(set(targets)) == len(targets)
        for wanted, apart in product([{}, keyed] if keyed else [{}], [False, True]):
            if apart and distinct:
                continue
            self.rows, self._begun = list(before[0]), dict(before[1])
            own = self._parents(entry, filled, {**wanted, **values}, apart=apart)
            own |= {name: entry.values[name] for name in entry.used if name not in own}
            if alone:
                own |= self._left_out(entry.table, filled, own)
            try:
                return self._maker.finished(entry.table, number, own, optional=self._optional)
            except Unsatisfiable as refused:
                failure = failure or refused
        assert failure is not None
        raise failure

    def _keyed(
        self, table: Table, keys: Sequence[Constraint], draft: Mapping[str, Value]
    ) -> dict[str, Value]:
        """Return what CHECKs have chosen for the columns of references (`kind = 'cat'`)."""
        checked = self._maker.rules(table).columns
        return {
            column: draft[column]
            for key in keys
            for column in key.columns
            if column in checked and draft.get(column) is not None
        }

    def _left_out(
        self, table: Table, filled: Sequence[Constraint], own: Mapping[str, Value]
    ) -> dict[str, Value]:
        taken = {column for key in filled for column in key.columns} | own.keys()
        return {
            column: None
            for key in table.foreign_keys
            if key.references == table.name and key not in filled
            for column in key.columns
            if column not in taken and not table.column(column).not_null
        }

    def _parents(
        self,
        entry: _Open,
        filled: Sequence[Constraint],
        values: Mapping[str, Value],
        *,
        apart: bool,
    ) -> dict[str, Value]:
        own = dict(values)
        served: list[tuple[QualifiedName, Mapping[str, Value]]] = []
        for key in sorted(filled, key=lambda k: (-len(k.columns), k.name)):
            if key.references is None:
                continue
            want = {
                there: own[here]
                for here, there in zip(key.columns, key.referenced_columns, strict=True)
                if here in own
            }
            taken = [v for name, v in served if apart and name == key.references]
            parent = self._parent(entry, key, want, taken)
            served.append((key.references, parent))
            for here, there in zip(key.columns, key.referenced_columns, strict=True):
                own[here] = parent[there]
        return own

    def _parent(
        self,
        entry: _Open,
        key: Constraint,
        want: Mapping[str, Value],
        taken: Sequence[Mapping[str, Value]],
    ) -> Mapping[str, Value]:
        table = self._maker.table(key.references)
        own_table = table.name == entry.table.name
        if own_table and not self._maker.optional(entry.table, key):
            entry.used.update(key.referenced_columns)
            return entry.values
        for row in self._candidates(table):
            if _serves(row.values, want, taken):
                return row.values
        for other in self._open:
            if other is entry or other.table.name != table.name:
                continue
            if _serves(other.values, want, taken):
                other.used.update(key.referenced_columns)
                return other.values
        return self.place(table, want, alone=own_table).values

    def _candidates(self, table: Table) -> list[Row]:
        """Return the table's rows, those last that only a reference of the table to itself made.

        They come before the row that refers to them, and whoever comes later means that row.
        """
        there = [row for row in self.rows if row.table.name == table.name]
        return sorted(there, key=lambda row: any(row is above for above in self._ancestors))


def _hangs(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row needs the last of the rows, or one that is not there, to be inserted first."""
    others = rows[:-1]
    return any(
        key.enforced
        and not key.deferrable
        and not any(not row.table.column(column).not_null for column in key.columns)
        and not any(points_to(row, key, other) for other in others)
        for key in row.table.foreign_keys
    )


def _serves(
    values: Mapping[str, Value],
    want: Mapping[str, Value],
    taken: Sequence[Mapping[str, Value]],
) -> bool:
    agrees = all(values.get(column) == value for column, value in want.items())
    return agrees and values not in taken
