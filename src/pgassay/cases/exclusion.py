"""Exclusion constraints: rows that conflict are refused, rows that do not are not.

What it finds
    An exclusion constraint that is missing, compares other columns or with other operators, has
    lost its predicate, or is checked at another time.

Why it hurts
    Two bookings of one room overlap, and no unique key can see that. A check in the application
    races: both sessions look before either has written.

Bad example
    SELECT count(*) FROM bookings WHERE room = ... AND during && ...; then INSERT.

Good example
    EXCLUDE USING gist (room WITH =, during WITH &&)

How to fix
    Find the rows that conflict, then ALTER TABLE ... ADD CONSTRAINT ... EXCLUDE ...; there is no
    way to build it CONCURRENTLY.

When to ignore
    Never: if the migration is right, the models are wrong.

Reference
    PostgreSQL documentation: Constraints, Exclusion Constraints; CREATE TABLE, EXCLUDE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.population import Population
from pgassay.cases.predicate import apart, mentioned, operator_holds, values_where
from pgassay.cases.routing import name_there
from pgassay.cases.timing import timings, violated
from pgassay.core.case import Accepted, Case, Refused, Subject, Unproven
from pgassay.core.catalog import ConstraintKind
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.cases.derivation import Source
    from pgassay.core.case import Expectation
    from pgassay.core.catalog import Constraint, Index, IndexKey, Table
    from pgassay.core.statement import Value

_KIND = "exclusion"
_WHY = "two rows that must not stand side by side are both true, and no unique key can see it"
_TRIES = 8


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the cases of every exclusion constraint."""
    for table in source.contract.roots():
        for constraint in table.of_kind(ConstraintKind.EXCLUSION):
            index = next((i for i in table.indexes if i.name == constraint.index), None)
            try:
                if index is not None:
                    yield from _Exclusion(source, table, constraint, index).cases()
            except Unsatisfiable as failure:
                subject = Subject(object=str(table.name), part=constraint.name)
                title = "conflict refused"
                yield Unproven(kind=_KIND, subject=subject, title=title, reason=str(failure))


class _Exclusion:
    def __init__(self, source: Source, table: Table, constraint: Constraint, index: Index) -> None:
        self._source, self._table = source, table
        self._constraint, self._index = constraint, index
        self._keys = list(zip(index.keys, constraint.operators, strict=True))
        self._held = mentioned(table, index.predicate)
        self._base = Population(source.rows)
        self._first = self._base.add(table, values=self._inside())

    def cases(self) -> Iterator[Case | Unproven]:
        fork = self._base.fork()
        other = self._other(fork)
        chosen = [self._conflicting(key, sign, other) for key, sign in self._keys]
        if None in chosen:
            yield self._unproven("conflict refused", "no values were found that conflict")
            return
        same = {c: v for values in chosen if values for c, v in values.items()}
        same |= {c: self._first.values[c] for c in self._held}
        fork = self._base.fork()
        fork.add(self._table, values=same, twin=True)
        name = name_there(self._source, self._table, self._first.values, self._constraint)
        refused = Refused(sqlstate="23P01", constraint=name)
        conflict = self._case("conflict refused", fork, refused)
        yield conflict
        for key, sign in self._keys:
            yield self._without_conflict(key, sign, same)
        for part, condition in apart(self._index.predicate):
            yield self._outside(same, f"conflict outside of {part} accepted", condition)
        yield from timings(
            self._source.contract,
            _KIND,
            self._table,
            self._constraint,
            violating=conflict,
            expect=refused,
        )

    def _without_conflict(
        self, key: IndexKey, sign: str, same: Mapping[str, Value]
    ) -> Case | Unproven:
        columns = self._columns(key)
        title = f"no conflict in {', '.join(columns)} accepted"
        fork = self._base.fork()
        for _ in range(_TRIES):
            other = self._other(fork)
            values = {c: other.get(c) for c in columns}
            for given in (values, {c: self._first.values.get(c) for c in columns}):
                if not self._holds(key, sign, given):
                    fork.add(self._table, values={**same, **given}, twin=True)
                    return self._case(title, fork, Accepted())
        return self._unproven(title, "no value was found that does not conflict")

    def _outside(self, same: Mapping[str, Value], title: str, condition: str) -> Case | Unproven:
        fork = self._base.fork()
        free = {c: v for c, v in same.items() if c not in self._held}
        number = fork.number(self._table)
        try:
            values = values_where(self._source, self._table, condition, number=number, fixed=free)
            fork.add(self._table, values={**free, **values}, twin=True)
        except Unsatisfiable as failure:
            return self._unproven(title, str(failure))
        return self._case(title, fork, Accepted())

    def _inside(self) -> dict[str, Value]:
        if not self._index.predicate:
            return {}
        return values_where(self._source, self._table, self._index.predicate, number=0)

    def _conflicting(
        self, key: IndexKey, sign: str, other: Mapping[str, Value]
    ) -> dict[str, Value] | None:
        """Return values for which the operator holds against the first row: `<>` wants others."""
        columns = self._columns(key)
        for values in (self._first.values, other):
            given = {c: values.get(c) for c in columns}
            if self._holds(key, sign, given):
                return given
        return None

    def _holds(self, key: IndexKey, sign: str, given: Mapping[str, Value]) -> bool:
        pair = (self._first.values, given)
        return operator_holds(self._source, self._table, key, sign, pair)

    def _other(self, fork: Population) -> dict[str, Value]:
        number = fork.number(self._table)
        return self._source.rows.draft(self._table, number, {}, optional=True)

    def _columns(self, key: IndexKey) -> tuple[str, ...]:
        return (key.column,) if key.column else mentioned(self._table, key.expression)

    def _case(self, title: str, fork: Population, expect: Expectation) -> Case:
        if isinstance(expect, Refused):
            needs, steps = fork.trial(expect)
            steps = violated(self._table, self._constraint, steps, expect)
        else:
            needs, steps = fork.added()
        return Case(
            kind=_KIND,
            subject=Subject(object=str(self._table.name), part=self._constraint.name),
            title=title,
            needs=needs,
            steps=steps,
            why=_WHY,
            promise=self._constraint.definition,
        )

    def _unproven(self, title: str, reason: str) -> Unproven:
        subject = Subject(object=str(self._table.name), part=self._constraint.name)
        return Unproven(kind=_KIND, subject=subject, title=title, reason=reason)
