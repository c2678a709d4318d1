"""Constraints of partitions: what the parent promises holds in a partition written to directly.

What it finds
    A partition whose own copy of a constraint does not act: its triggers are disabled (and its
    foreign keys with them), its unique index is not a part of the parent's, its NOT NULL or CHECK
    is another one, a key or a NOT NULL that the parent does not have.

Why it hurts
    Bulk loads and archive jobs write into partitions directly. What one partition lets in, every
    query on the parent gets to see.

Bad example
    ALTER TABLE events_2026_11 DISABLE TRIGGER ALL, to load faster, and never enabled again.

Good example
    A partition made by CREATE TABLE ... PARTITION OF, or loaded first and attached afterwards.

How to fix
    ALTER TABLE ... ENABLE TRIGGER ALL; attach the missing index with ALTER INDEX ... ATTACH
    PARTITION.

When to ignore
    Never.

Reference
    PostgreSQL documentation: Table Partitioning; ALTER TABLE, ATTACH PARTITION.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.cases.ground import Ground
from pgassay.cases.partitioning import numbered, outside
from pgassay.cases.population import Population
from pgassay.cases.predicate import values_where
from pgassay.cases.routing import chain, index_there, leaf, leaves, name_on
from pgassay.cases.timing import violated
from pgassay.cases.unique_key import unique_keys
from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.catalog import ConstraintKind
from pgassay.core.names import quote, quote_all
from pgassay.rows.partitions import bounds, key_values
from pgassay.rows.row import Row
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.statement import Statement, Value

_KIND = "partition_constraint"
_WHY = "what one partition lets in, every query on the whole table gets to see"
_FAR = 700  # the number of rows whose keys no row of a case has


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield for every partition that was built what must be refused when written to directly."""
    for table in source.contract.roots():
        if table.partition_key is None:
            continue
        try:
            population, row = _filled(source, table)
            population.rows.pop()
            far = _far_values(source, table)
            false = _false_values(source, table)
        except Unsatisfiable as failure:
            subject = Subject(object=str(table.name))
            yield Unproven(
                kind=_KIND, subject=subject, title="partitions refuse", reason=str(failure)
            )
            continue
        for part in leaves(source.built, table.name):
            keys = keys_inside(source, table, part, row)
            if not keys:
                yield Unproven(
                    kind=_KIND,
                    subject=Subject(object=str(part.name)),
                    title="the parent's constraints hold",
                    reason="no key was found that belongs into this partition",
                )
                continue
            first, second = (numbered(source, row, n, k) for n, k in enumerate(keys))
            needs = (*population.needs(), _into(part, first).insert())
            leaf_cases = _Leaf(source, table, part, needs, _into(part, second))
            yield from leaf_cases.cases(first, far, false)


def _filled(source: Source, table: Table) -> tuple[Population, Row]:
    """Return a row that refers to as much as it may, after its parents."""
    population = Population(source.rows)
    with suppress(Unsatisfiable):
        parents = {
            key.name: population.add(source.rows.table(key.references))
            for key in table.foreign_keys
            if len(key.columns) == 1 and key.references != table.name
        }
        return population, population.add(table, parents=parents)
    population = Population(source.rows)
    return population, population.add(table)


class _Leaf:
    """The cases of one partition; `row` is one that it would take."""

    def __init__(
        self,
        source: Source,
        table: Table,
        part: Table,
        needs: tuple[Statement, ...],
        row: Row,
    ) -> None:
        self._source, self._table, self._part = source, table, part
        self._needs, self._row = needs, row

    def cases(
        self,
        first: Row,
        far: Mapping[str, Mapping[str, Value]],
        false: Mapping[str, Mapping[str, Value]],
    ) -> Iterator[Case]:
        yield self._case("a row of its own accepted", self._row, Accepted())
        yield from self._twins(first)
        yield from self._nulls()
        for key in unique_keys(self._table):
            values = {c: first.values.get(c) for c in key.columns}
            if None in values.values() or key.index.predicate:
                continue
            name = index_there(self._source.built, self._part, self._table, key.index.name)
            refused = Refused(sqlstate=key.sqlstate, constraint=name)
            title = f"{key.name}: duplicate refused"
            yield self._case(title, self._row.with_values(values), refused, key.constraint)
        for column in self._table.columns:
            if column.not_null and column.name in self._row.values:
                row = self._row.with_values({column.name: None})
                refused = Refused(sqlstate="23502", column=column.name)
                yield self._case(f"NULL in {quote(column.name)} refused", row, refused)
        for constraint in self._table.constraints:
            broken = {**far, **false}.get(constraint.name)
            if broken is None:
                continue
            sqlstate = "23514" if constraint.kind is ConstraintKind.CHECK else "23503"
            refused = Refused(sqlstate=sqlstate, constraint=name_on(self._part, constraint))
            word = "a row it forbids" if sqlstate == "23514" else "orphan"
            row = self._row.with_values(broken)
            yield self._case(f"{constraint.name}: {word} refused", row, refused, constraint)

    def _twins(self, first: Row) -> Iterator[Case]:
        """Yield rows that differ from the first one in one column of each key alone."""
        keys = [key for key in unique_keys(self._table) if not key.index.predicate]
        other = self._row.values
        for column in dict.fromkeys(c for key in keys for c in key.columns):
            apart = [column, *(c for key in keys if column not in key.columns for c in key.columns)]
            values = {c: other[c] for c in apart if c in other}
            if all(value == first.values.get(c) for c, value in values.items()):
                continue  # one value alone leads into this partition
            title = f"a second row that differs in {quote_all(tuple(values))} alone accepted"
            yield self._case(title, _into(self._part, first.with_values(values)), Accepted())

    def _nulls(self) -> Iterator[Case]:
        """Yield the row with NULL in every column that takes it by itself."""
        ground = Ground(self._source, self._table)
        free = [
            c
            for c in self._table.columns
            if c.name in ground.nullable and c.name in self._row.values and ground.alone(c)
        ]
        expected = ground.expectations([{c.name: None} for c in free])
        taken = [c.name for c, e in zip(free, expected, strict=True) if isinstance(e, Accepted)]
        checks = [c.columns for c in self._table.of_kind(ConstraintKind.CHECK)]
        bound = {c for columns in checks if len(columns) > 1 for c in columns}
        alone = [c for c in taken if c not in bound]
        if alone:
            row = self._row.with_values(dict.fromkeys(alone))
            yield self._case(f"NULL in {quote_all(tuple(alone))} accepted", row, Accepted())

    def _case(
        self,
        title: str,
        row: Row,
        expect: Refused | Accepted,
        constraint: Constraint | None = None,
    ) -> Case:
        steps: tuple[Step, ...] = (Step(statement=row.insert(), expect=expect),)
        if isinstance(expect, Refused) and constraint:
            steps = violated(self._table, constraint, steps, expect)
        return Case(
            kind=_KIND,
            subject=Subject(object=str(self._part.name)),
            title=title,
            needs=self._needs,
            steps=steps,
            why=_WHY,
            promise=constraint.definition if constraint else "",
        )


def _into(part: Table, row: Row) -> Row:
    """Return the row as one of the partition itself."""
    return Row(table=part, values=row.values)


def keys_inside(source: Source, table: Table, part: Table, row: Row) -> list[Mapping[str, Value]]:
    """Return two choices of values for the partition keys that lead into one partition.

    The same one twice where there is no other; none where there is no way in.
    """
    levels = [table, *chain(source.built, part, table.name)[:-1]]
    columns = [c for level in levels if level.partition_key for c in level.partition_key.columns]
    named = [column for column in columns if column is not None]
    drafts = [source.rows.draft(table, n, {}, optional=False) for n in range(12)]
    tries: list[Mapping[str, Value]] = []
    tries += (key_values(part, source.built, number) for number in (0, 1))
    tries += _numbers_below(part, named[-1] if named else None)
    tries += ({c: value} for c in named for value in outside(table.column(c)))
    found: list[Mapping[str, Value]] = []
    for given in tries:
        for draft in drafts:
            keys = {c: given.get(c, draft.get(c)) for c in named}
            there = leaf(source, table, {**row.values, **keys})
            if there is not None and there.name == part.name and keys not in found:
                found.append(keys)
            if len(found) == 2:  # noqa: PLR2004 - two rows
                return found
    return found * 2


def _numbers_below(part: Table, column: str | None) -> Iterator[Mapping[str, Value]]:
    """Yield whole numbers just below the upper bound of a partition."""
    ends = bounds(part.partition) if part.partition else None
    if ends and column and len(ends[1]) == 1 and (high := ends[1][0]) and high.isdigit():
        yield from ({column: str(int(high) - below)} for below in (1, 2))


def _far_values(source: Source, table: Table) -> dict[str, Mapping[str, Value]]:
    """Return for each foreign key values that no parent has; shared columns left as they are."""
    found: dict[str, Mapping[str, Value]] = {}
    for key in table.foreign_keys:
        shared = {c for other in table.foreign_keys if other is not key for c in other.columns}
        parent = source.rows.table(key.references)
        draft = source.rows.draft(parent, _FAR, {}, optional=False)
        own = [
            (here, there)
            for here, there in zip(key.columns, key.referenced_columns, strict=True)
            if here not in shared
        ]
        checked = source.rows.rules(table).columns
        if key.enforced and len(own) == len(key.columns) and not checked & set(key.columns):
            found[key.name] = {here: draft[there] for here, there in own}
    return found


def _false_values(source: Source, table: Table) -> dict[str, Mapping[str, Value]]:
    """Return for each CHECK over columns that no other one mentions values it refuses."""
    found: dict[str, Mapping[str, Value]] = {}
    checks = [c for c in table.of_kind(ConstraintKind.CHECK) if c.enforced and c.expression]
    for check in checks:
        alone = not any(set(check.columns) & set(o.columns) for o in checks if o is not check)
        keys = table.partition_key.columns if table.partition_key else ()
        if not alone or set(check.columns) & set(keys):
            continue
        without = replace(table, constraints=tuple(c for c in table.constraints if c is not check))
        text = f"NOT COALESCE(({check.expression}), true)"
        with suppress(Unsatisfiable):  # a CHECK that nothing breaks has nothing to prove
            found[check.name] = values_where(source, without, text, number=0)
    return found
