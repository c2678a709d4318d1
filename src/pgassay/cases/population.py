"""A population: rows of several tables that stand together, and which row refers to which.

The row maker makes one row with all the parents it needs. A population adds what cases about
relations want beyond that: a row that refers to *this* parent, a second one that does not, and
parents that are shared only where no unique key forbids it. Pure: it ends in statements.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

from pgassay.core.case import Accepted, Step
from pgassay.core.catalog import ConstraintKind
from pgassay.rows.insertion import in_place
from pgassay.rows.row import Row
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgassay.core.case import Expectation
    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Statement, Value
    from pgassay.rows.maker import RowMaker

_KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUSION)


class Population:
    """Rows in the order in which they can be inserted; each `add` makes the parents it needs."""

    def __init__(self, maker: RowMaker) -> None:
        self._maker = maker
        self._numbers: dict[QualifiedName, int] = {}
        self._ground: dict[QualifiedName, Row] = {}
        self._open: list[tuple[Table, dict[str, Value]]] = []
        self._base: tuple[Statement, ...] = ()
        self._needs: tuple[Statement, ...] = ()
        self._needs_of: list[Row] = []
        self.rows: list[Row] = []

    def fork(self) -> Population:
        """Return a copy that remembers what stood before: its `steps` are what is added to it."""
        return self._copy(self.needs())

    def snapshot(self) -> Population:
        """Return a copy to `revert` to."""
        return self._copy(())

    def _copy(self, base: tuple[Statement, ...]) -> Population:
        other = Population(self._maker)
        other._base = base
        other._numbers, other._ground = dict(self._numbers), dict(self._ground)
        other.rows = list(self.rows)
        return other

    def needs(self) -> tuple[Statement, ...]:
        """Return what puts all rows in place; the same object until a row is added."""
        if [id(row) for row in self.rows] != [id(row) for row in self._needs_of]:
            self._needs, self._needs_of = in_place(self.rows), list(self.rows)
        return self._needs

    def add(
        self,
        table: Table,
        *,
        parents: Mapping[str, Row] | None = None,
        values: Mapping[str, Value] | None = None,
        twin: bool = False,
    ) -> Row:
        """Add a row after the parents it needs, and return it.

        Args:
            table: of the row.
            parents: rows to refer to, by name of foreign key; optional references that are not
                named stay NULL.
            values: fixed values. A reference whose columns are among them is met by a row that
                is there already, or by a new one.
            twin: make another row even where the fixed values hold the key of one that is there.
                Otherwise that one is meant (two tables that refer to each other by composite
                keys), and gets the other fixed values where it had NULL.

        Raises `Unsatisfiable` where the row maker finds no such row.
        """
        number = self.number(table)
        fixed: dict[str, Value] = dict(values or {})
        for key in table.foreign_keys:
            parent = (parents or {}).get(key.name)
            if parent is not None:
                pairs = zip(key.columns, key.referenced_columns, strict=True)
                fixed |= {here: parent.values[there] for here, there in pairs}
        held = None if twin else self._holder(table, fixed)
        if held is not None:
            self.rows[held] = self.rows[held].with_values(fixed)
            return self.rows[held]
        row = Row(table=table, values=self._first_of(table, number, fixed))
        self.rows.append(row)
        return row

    def _first_of(self, table: Table, number: int, fixed: Mapping[str, Value]) -> dict[str, Value]:
        """Return the row's values; where a CHECK refuses them, its parents are chosen otherwise.

        Each reference gets a parent of its own (`sender <> receiver`), or parents get what the
        row's CHECKs want (`kind = 'cat'` in a reference to `(kind, id)`).
        """
        before, failure = self.snapshot(), None
        checked = self._maker.rules(table).columns
        keyed = {c for key in table.foreign_keys for c in key.columns if c in checked}
        for wanted, apart in product([(), keyed] if keyed else [()], [False, True]):
            try:
                return self._values(table, number, fixed, apart=apart, wanted=wanted)
            except Unsatisfiable as refused:
                self.revert(before)
                failure = failure or refused
        assert failure is not None
        raise failure

    def revert(self, before: Population) -> None:
        """Return to what stood when `before` was taken from this one."""
        self._numbers, self._ground = dict(before._numbers), dict(before._ground)
        self.rows[:] = before.rows

    def number(self, table: Table) -> int:
        """Return a number that no row of that table has in this population."""
        self._numbers[table.name] = self._numbers.get(table.name, -1) + 1
        return self._numbers[table.name]

    def trial(self, expect: Expectation) -> tuple[tuple[Statement, ...], tuple[Step, ...]]:
        """Return the needs and the steps of a case that inserts the rows added since the fork.

        All of them are accepted, except the last row, of which `expect` speaks.
        """
        base, more = self._beyond()
        steps = [Step(statement=s, expect=Accepted()) for s in more]
        last = f"insert into {self.rows[-1].table.name.sql} "
        at = max(i for i, step in enumerate(steps) if step.statement.sql.startswith(last))
        steps[at] = Step(statement=steps[at].statement, expect=expect)
        return base, tuple(steps[: at + 1])

    def added(self) -> tuple[tuple[Statement, ...], tuple[Step, ...]]:
        """Return the needs, and steps that put in place what was added since the fork."""
        base, more = self._beyond()
        return base, tuple(Step(statement=s, expect=Accepted()) for s in more)

    def _beyond(self) -> tuple[tuple[Statement, ...], list[Statement]]:
        """Split what puts the rows in place: what stood at the fork, and what comes on top.

        Where a row of the fork's base was changed, everything is on top.
        """
        left = Counter(self._base)
        more = []
        for statement in self.needs():
            if left[statement]:
                left[statement] -= 1
            else:
                more.append(statement)
        return (self._base, more) if not left.total() else ((), list(self.needs()))

    def _holder(self, table: Table, fixed: Mapping[str, Value]) -> int | None:
        """Return the row that has a fixed key already, if what it has does not contradict."""
        for key in table.constraints:
            if key.kind not in _KEYS[:2] or None in [fixed.get(c) for c in key.columns]:
                continue
            wanted = {column: fixed[column] for column in key.columns}
            for at, row in enumerate(self.rows):
                if row.table.name != table.name or not _agrees(row.values, wanted):
                    continue
                known = {c: v for c, v in row.values.items() if v is not None}
                if _agrees({**fixed, **known}, fixed):
                    return at
        return None

    def _values(
        self,
        table: Table,
        number: int,
        fixed: Mapping[str, Value],
        *,
        apart: bool,
        wanted: Iterable[str],
    ) -> dict[str, Value]:
        checked = self._maker.rules(table).columns
        pinned = {name: value for name, value in fixed.items() if name in checked}
        own = self._maker.draft(table, number, pinned, optional=False)
        before = dict(own)
        own |= fixed
        self._open.append((table, own))
        try:
            settled = self._refer(table, own, {*fixed, *wanted}, set(fixed), apart=apart)
        finally:
            self._open.pop()
        moved = {name: own[name] for name in settled & checked}
        if any(own[name] != before.get(name) for name in moved):
            solved = self._maker.draft(table, number, {**pinned, **moved}, optional=False)
            own |= {name: solved[name] for name in checked if name not in fixed}
        return own

    def _refer(
        self,
        table: Table,
        own: dict[str, Value],
        settled: set[str],
        meant: set[str],
        *,
        apart: bool,
    ) -> set[str]:
        """Let every reference that is not NULL point to a row; return the settled columns.

        A column that is `meant` says which row; one that is merely settled, of which kind.
        """
        for key in sorted(table.foreign_keys, key=lambda k: (-len(k.columns), k.name)):
            if key.references is None or any(own.get(c) is None for c in key.columns):
                continue
            pairs = list(zip(key.columns, key.referenced_columns, strict=True))
            want = {there: own[here] for here, there in pairs if here in settled}
            is_new = not meant & set(key.columns) and bool(want) and not _shareable(table, key)
            if is_new:
                parent = self.add(self._maker.table(key.references), values=want).values
            else:
                parent = self._parent(table, key, want, apart=apart)
            for here, there in pairs:
                own[here] = parent[there]
                settled.add(here)
                meant.add(here)
        return settled

    def _parent(
        self, table: Table, key: Constraint, want: Mapping[str, Value], *, apart: bool
    ) -> Mapping[str, Value]:
        target = self._maker.table(key.references)
        if want:
            for row in self.rows:
                if row.table.name == target.name and _agrees(row.values, want):
                    return row.values
        elif target.name in self._ground and not apart and _shareable(table, key):
            return self._ground[target.name].values
        for other, values in reversed(self._open):
            if other.name == target.name and _agrees(values, want):
                return values
        row = self.add(target, values=want)
        if not want:
            self._ground.setdefault(target.name, row)
        return row.values


def unique_column_sets(table: Table) -> list[frozenset[str]]:
    """Return the columns of every key, unique index and exclusion; expressions count as none."""
    found = [frozenset(c.columns) for c in table.constraints if c.kind in _KEYS]
    found += [
        frozenset(key.column for key in index.keys if key.column)
        for index in table.indexes
        if index.unique
    ]
    return found


def _agrees(values: Mapping[str, Value], want: Mapping[str, Value]) -> bool:
    return all(values.get(name) == value for name, value in want.items())


def _shareable(table: Table, key: Constraint) -> bool:
    """Whether two rows may refer to one parent by this key.

    They may if every unique key that it touches has a column that no reference fills: that one
    differs from row to row.
    """
    referring = {column for fk in table.foreign_keys for column in fk.columns}
    return all(
        unique - referring for unique in unique_column_sets(table) if unique & set(key.columns)
    )
