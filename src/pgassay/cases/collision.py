"""Two rows that collide on a unique key, and two that just do not.

What `primary_key` and `unique` have in common: every way in which a second row may share, or not
share, the key of a first one.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from pgassay.cases.population import Population
from pgassay.cases.predicate import apart, mentioned, operator_holds, same_key, values_where
from pgassay.cases.standing import standing
from pgassay.cases.timing import violated
from pgassay.cases.unique_key import UniqueKey, unique_keys
from pgassay.cases.variation import variations
from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.solution import nullable_columns
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.case import Expectation
    from pgassay.core.catalog import Constraint, IndexKey
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

_TEXT = frozenset(["text", "varchar", "bpchar", "citext"])


class Collision:
    """The cases of one unique key, on top of one row that has it.

    Raises `Unsatisfiable` where not even that row can be made.
    """

    def __init__(self, source: Source, kind: str, key: UniqueKey, why: str) -> None:
        self.source = source
        self.key = key
        self._kind = kind
        self._why = why
        self._held = mentioned(key.table, key.index.predicate)
        self._checked = source.rows.rules(key.table).columns
        self.base, self.first = self._first()

    @property
    def subject(self) -> Subject:
        """The key."""
        return Subject(object=str(self.key.table.name), part=self.key.name)

    @property
    def refused(self) -> Refused:
        """How a duplicate of the first row is refused."""
        name = self.key.name_there(self.source, self.first.values)
        return Refused(sqlstate=self.key.sqlstate, constraint=name)

    def duplicate(self) -> Case:
        """Return the case of a second row with the same key."""
        fork = self.base.fork()
        try:
            parents = self._other_parents(fork)
            fork.add(self.key.table, values=self._copied(), parents=parents, twin=True)
        except Unsatisfiable:
            fork = self.base.fork()
            fork.add(self.key.table, values=self._copied(), twin=True)
        return self._made("duplicate refused", fork, self.refused)

    def _other_parents(self, fork: Population) -> dict[str, Row]:
        """Return new parents for required references that nothing else speaks of.

        So that the second row shares its key with the first and as little else as may be: a key
        that was widened by such a reference lets it in.
        """
        table = self.key.table
        required = {c.name for c in table.columns if c.not_null} - {*self.key.columns, *self._held}
        bound = {c for check in table.of_kind(ConstraintKind.CHECK) for c in check.columns}
        found = {}
        for key in table.foreign_keys:
            others = {c for other in table.foreign_keys if other is not key for c in other.columns}
            alone = len(key.columns) == 1 and not set(key.columns) & (others | bound)
            if alone and key.columns[0] in required and key.references != table.name:
                parent = self.source.rows.table(key.references)
                found[key.name] = fork.add(parent, twin=True)
        return found

    def equal(self) -> Case:
        """Return the case of a second row with the same key where that is no error."""
        fork = self.base.fork()
        fork.add(self.key.table, values=self._copied(), twin=True)
        return self._made("equal keys accepted", fork, Accepted())

    def differing(self) -> Iterator[Case | Unproven]:
        """Yield for each part of the key the case of a row that differs in it alone."""
        for part in self.key.index.keys:
            columns = self.key.columns_of(part)
            title = f"differing {', '.join(columns)} accepted"
            fork = self.base.fork()
            try:
                made = self._vary(fork, part)
            except Unsatisfiable as failure:
                yield self.unproven(title, str(failure))
                continue
            if made is None:
                yield self.unproven(title, "no other value was found for it")
            else:
                yield self._made(title, fork, Accepted())

    def null(self) -> Iterator[Case]:
        """Yield for each part that may be NULL the case of two rows with NULL in it."""
        nullable = nullable_columns(self.key.table.columns, self.source.rows.types)
        end = "refused" if self.key.nulls_not_distinct else "accepted"
        for part in self.key.index.keys:
            if part.column is None or part.column not in nullable:
                continue
            if self.key.table.column(part.column).generated is not None:
                continue
            fork = self.base.fork()
            try:
                first = fork.add(self.key.table, values=self._with_null(fork, part.column))
            except Unsatisfiable:
                continue  # a CHECK or the predicate rules NULL out: there is nothing to promise
            same = {c: first.values.get(c) for c in (*self.key.columns, *self._held)}
            fork.add(self.key.table, values=same, twin=True)
            expect: Expectation = self.refused if self.key.nulls_not_distinct else Accepted()
            yield self._made(f"NULL twice in {quote(part.column)} {end}", fork, expect)

    def outside(self) -> Iterator[Case | Unproven]:
        """Yield for each part of the predicate two rows outside of it with the first row's key."""
        for name, condition in apart(self.key.index.predicate):
            yield self._outside(f"duplicate outside of {name} accepted", condition)

    def _outside(self, title: str, condition: str) -> Case | Unproven:
        fork = self.base.fork()
        free = {c: self.first.values[c] for c in self.key.columns if c not in self._held}
        try:
            for _ in range(2):
                number = fork.number(self.key.table)
                values = values_where(
                    self.source, self.key.table, condition, number=number, fixed=free
                )
                fork.add(self.key.table, values={**free, **values}, twin=True)
        except Unsatisfiable as failure:
            return self.unproven(title, str(failure))
        return self._made(title, fork, Accepted())

    def spelling(self) -> Iterator[Case]:
        """Yield for each part made of one text the case of that text in other letters."""
        referring = {c for fk in self.key.table.foreign_keys for c in fk.columns}
        for part in self.key.index.keys:
            columns = self.key.columns_of(part)
            if len(columns) != 1 or columns[0] in referring:
                continue
            column = self.key.table.column(columns[0])
            text = self.first.values.get(column.name)
            plain = column.type.base in _TEXT and not column.type.array
            if not plain or text is None or text == text.swapcase():
                continue
            fork = self.base.fork()
            other = {**self._copied(), column.name: text.swapcase()}
            try:
                fork.add(self.key.table, values=other, twin=True)
            except Unsatisfiable:
                continue  # a CHECK rules the other letters out: there is nothing to promise
            same = same_key(self.source, self.key.table, part, (self.first.values, other))
            title = f"{quote(column.name)} in other letters {'refused' if same else 'accepted'}"
            yield self._made(title, fork, self.refused if same else Accepted())

    def unproven(self, title: str, reason: str) -> Unproven:
        """Return what is told where no case can be derived."""
        return Unproven(kind=self._kind, subject=self.subject, title=title, reason=reason)

    def _first(self) -> tuple[Population, Row]:
        """Return a population with a row that has the whole key, within the predicate."""
        population, row = standing(self.source, self.key.table)
        wanted: dict[str, Value] = {}
        table, predicate = self.key.table, self.key.index.predicate
        if any(row.values.get(c) is None for c in self.key.columns) or predicate:
            base = self.source.rows.wish(table, 0, {}, optional=True).base
            wanted = {c: base.get(c) for c in self.key.columns if row.values.get(c) is None}
            wanted = {c: v for c, v in wanted.items() if v is not None}
        if predicate:
            wanted |= values_where(self.source, table, predicate, number=0, fixed=wanted)
        if not wanted or all(row.values.get(c) == v for c, v in wanted.items()):
            return population, row
        population = Population(self.source.rows)
        return population, population.add(table, values=wanted)

    def _copied(self) -> dict[str, Value]:
        """Return what a second row must share to collide."""
        columns = (*self.key.columns, *self._held)
        return {c: self.first.values[c] for c in columns if c in self.first.values}

    def _vary(self, fork: Population, part: IndexKey) -> Row | None:
        own = self.key.columns_of(part)
        same = {c: v for c, v in self._copied().items() if c not in own}
        for column in own:
            reference = self._reference(column)
            if reference:
                pairs = dict(zip(reference.columns, reference.referenced_columns, strict=True))
                want = {there: same[here] for here, there in pairs.items() if here in same}
                want |= {  # what a CHECK has chosen goes on being the same
                    there: self.first.values[here]
                    for here, there in pairs.items()
                    if here not in own and here in self._checked
                }
                parent = self._other_parent(fork, reference, want, pairs[column])
                return fork.add(self.key.table, values=same, parents={reference.name: parent})
        for other in self._others(own):
            values = {**same, **{c: v for c, v in other.items() if c in own}}
            if self._collides(part, values):
                continue
            return fork.add(self.key.table, values=values, twin=True)
        return None

    def _other_parent(
        self, fork: Population, reference: Constraint, want: Mapping[str, Value], column: str
    ) -> Row:
        """Add a parent that shares some values with the first row's, and differs in a column."""
        parent = self.source.rows.table(reference.references)
        here = reference.columns[reference.referenced_columns.index(column)]
        before = fork.snapshot()
        found = fork.add(parent, values=want, twin=True)
        if found.values.get(column) != self.first.values[here]:
            return found
        # It came from a grandparent, which the shared values led to: the value is set instead.
        fork.revert(before)
        for value in variations(self.source, parent, found.values, column):
            return fork.add(parent, values={**want, column: value}, twin=True)
        return fork.add(parent, values=want, twin=True)

    def _twice(self, key: UniqueKey, rows: Sequence[Row]) -> bool:
        """Whether two of the rows have the same values in a key; of expressions the server says."""
        held = [tuple(row.values.get(c) for c in key.columns) for row in rows]
        if len({values for values in held if None not in values}) < sum(
            None not in values for values in held
        ):
            return True
        if all(part.column for part in key.index.keys):
            return False
        return any(
            all(
                same_key(self.source, key.table, part, (one.values, two.values))
                for part in key.index.keys
            )
            for one, two in combinations(rows, 2)
        )

    def _collides(self, part: IndexKey, values: Mapping[str, Value]) -> bool:
        constraint, keys = self.key.constraint, self.key.index.keys
        table, pair = self.key.table, (self.first.values, values)
        if constraint and constraint.without_overlaps and part is keys[-1]:
            return operator_holds(self.source, table, part, "&&", pair)
        return same_key(self.source, table, part, pair)

    def _reference(self, column: str) -> Constraint | None:
        keys = sorted(self.key.table.foreign_keys, key=lambda k: (-len(k.columns), k.name))
        for key in keys:
            filled = all(self.first.values.get(c) is not None for c in key.columns)
            if column in key.columns and filled and key.references is not None:
                return key
        return None

    def _others(self, columns: tuple[str, ...]) -> Iterator[Mapping[str, Value]]:
        """Yield other values for some columns: for one after the other."""
        for name in columns:
            for value in variations(self.source, self.key.table, self.first.values, name):
                yield {**self.first.values, name: value}

    def _with_null(self, fork: Population, column: str) -> dict[str, Value]:
        table, predicate = self.key.table, self.key.index.predicate
        number = fork.number(table)
        base = self.source.rows.wish(table, number, {}, optional=True).base
        fixed: dict[str, Value] = {column: None}
        for name in self.key.columns:
            if (
                name != column
                and self.source.rows.draft(table, number, {}, optional=False).get(name) is None
            ):
                fixed[name] = base.get(name)
        if predicate:
            held = values_where(self.source, table, predicate, number=number, fixed=fixed)
            return {**held, **fixed}
        return fixed

    def _made(self, title: str, fork: Population, expect: Expectation) -> Case:
        """Return the case of the fork's last row; `expect` is what its INSERT must meet."""
        if isinstance(expect, Accepted):
            needs, steps = fork.added()
        else:
            needs, steps = fork.trial(expect)
        if isinstance(expect, Refused) and self.key.constraint:
            steps = violated(self.key.table, self.key.constraint, steps, expect)
        return Case(
            kind=self._kind,
            subject=self.subject,
            title=title,
            needs=needs,
            steps=self._alone(fork) + steps,
            why=self._why,
            promise=self.key.definition,
        )

    def _alone(self, fork: Population) -> tuple[Step, ...]:
        """Put out of the way every other key that the new rows hold twice: it might refuse first.

        Two keys that share columns cannot always be told apart by rows: a row with the same id
        and owner has the same id.
        """
        table = self.key.table
        new = [row for row in fork.rows if row.table.name == table.name]
        steps = []
        for other in unique_keys(table):
            if other.index.name == self.key.index.name or not self._twice(other, new):
                continue
            if other.constraint:
                name = quote(other.constraint.name)
                sql = f"alter table {table.name.sql} drop constraint if exists {name} cascade"
            else:
                name = f"{quote(table.name.schema)}.{quote(other.index.name)}"
                sql = f"drop index if exists {name} cascade"
            steps.append(Step(statement=Statement(sql), expect=Accepted()))
        return tuple(steps)
