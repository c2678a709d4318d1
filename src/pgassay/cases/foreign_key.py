"""Foreign keys: what refers to nothing is refused, at the promised time, and NULL is not.

What it finds
    A foreign key that is missing, refers to another table or other columns, covers only part of
    a composite key, matches NULLs in another way, or is checked at another time. Deletes and
    updates of parents are the business of `cascade` and `key_update`.

Why it hurts
    Orphans: orders of customers who are not there. Joins drop them in silence, so reports differ
    from each other, and the key cannot be added any more until somebody has decided their fate.

Bad example
    customer_id bigint NOT NULL, with a comment that it refers to customers.

Good example
    customer_id bigint NOT NULL REFERENCES customers

How to fix
    ALTER TABLE ... ADD CONSTRAINT ... FOREIGN KEY ... NOT VALID, mend the orphans, then
    ALTER TABLE ... VALIDATE CONSTRAINT ...; neither step blocks readers or writers for long.

When to ignore
    Never: if the migration is right, the models are wrong.

Reference
    PostgreSQL documentation: Constraints, Foreign Keys; CREATE TABLE, REFERENCES; SET
    CONSTRAINTS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.population import Population
from pgassay.cases.referential import Edge, edges
from pgassay.cases.routing import name_there
from pgassay.cases.survey import where
from pgassay.cases.timing import timings, violated
from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.catalog import Match
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.solution import nullable_columns
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Table
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

_KIND = "foreign_key"
_WHY = "rows that refer to nothing drop out of joins in silence, and block the key for ever after"
_FAR = 700  # the number of rows whose keys no row of a case has


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the cases of every foreign key of the tables that are not partitions."""
    known = edges(source.contract)
    for table in source.contract.roots():
        for key in table.foreign_keys:
            if key.references is None:
                continue
            edge = next((e for e in known if e.id == (table.name, key.name)), Edge(table, key))
            yield from _Reference(source, edge, known).cases()


class _Reference:
    """One foreign key, and the ground of its cases: two parents, and no child yet."""

    def __init__(self, source: Source, edge: Edge, known: Sequence[Edge]) -> None:
        self._source, self._edge, self._known = source, edge, known
        self._table, self._key = edge.child, edge.key
        self._filled: dict[str, Value] = {}

    def cases(self) -> Iterator[Case | Unproven]:
        try:
            ground = Population(self._source.rows)
            parent_table = self._source.rows.table(self._key.references)
            self._parent = ground.add(parent_table)
            self._second = self._another(ground, parent_table)
            self._ground = self._around(ground)
        except Unsatisfiable as failure:
            yield self._unproven("orphan refused", str(failure))
            return
        yield from self._proven("existing parent accepted", self._existing)
        orphan = self._proven("orphan refused", self._orphan)
        first = next(orphan)
        yield first
        yield from self._proven("orphan by update refused", self._update)
        yield from self._mixed()
        yield from self._nulls()
        if self._key.enforced:
            violating = first if isinstance(first, Case) else None
            yield from timings(
                self._source.contract,
                _KIND,
                self._table,
                self._key,
                violating=violating,
                expect=self._refused,
            )

    def _proven(self, title: str, make: Callable[[str], Case]) -> Iterator[Case | Unproven]:
        end = title
        if not self._key.enforced:
            end = title.replace("refused", "accepted: the key is not enforced")
        try:
            yield make(end)
        except Unsatisfiable as failure:
            yield self._unproven(end, str(failure))

    @property
    def _refused(self) -> Refused:
        return Refused(sqlstate="23503", constraint=self._name)

    @property
    def _name(self) -> str | None:
        return name_there(self._source, self._table, self._row, self._key)

    def _around(self, ground: Population) -> Population:
        """Add the other parents that a child needs, and remember what the child is."""
        trial = ground.fork()
        child = trial.add(self._table, parents={self._key.name: self._parent})
        self._row: Mapping[str, Value] = child.values
        if trial.rows[-1] is child:
            trial.rows.pop()
            return trial
        return ground

    def _another(self, ground: Population, table: Table) -> Row:
        """Add a parent that shares no column of the key with the first, down to its own parents."""
        if len(self._key.columns) == 1:
            return ground.add(table)
        named = {}
        for key in table.foreign_keys:
            filled = all(self._parent.values.get(c) is not None for c in key.columns)
            if filled and set(key.columns) & set(self._key.referenced_columns):
                named[key.name] = ground.add(self._source.rows.table(key.references))
        return ground.add(table, parents=named)

    def _existing(self, title: str) -> Case:
        fork = self._ground.fork()
        fork.add(self._table, parents={self._key.name: self._parent})
        return self._case(title, *fork.added())

    def _orphan(self, title: str) -> Case:
        fork = self._ground.fork()
        child = self._newcomer(fork)
        values, clash = self._nowhere()
        return self._inserted(title, fork, child.with_values(values), clash)

    def _update(self, title: str) -> Case:
        values, clash = self._nowhere()
        return self._updated(title, values, clash)

    def _mixed(self) -> Iterator[Case | Unproven]:
        """Yield for each column of a composite key a pair that two different parents make up."""
        held = self._held()
        for here, there in self._pairs:
            theirs = self._second.values.get(there)
            single = len(self._key.columns) == 1
            if single or theirs == self._parent.values.get(there) or here in held:
                continue

            def made(title: str, values: Mapping[str, Value] = {here: theirs}) -> Case:
                return self._updated(title, values, self._sharing(set(values)))

            yield from self._proven(f"{quote(here)} of another parent refused", made)

    def _updated(self, title: str, values: Mapping[str, Value], clash: Sequence[Edge]) -> Case:
        fork = self._ground.fork()
        child = self._child(fork)
        needs, steps = fork.added()
        changed = Step(statement=_update(child, values), expect=Accepted(count=1))
        steps = self._judged((*self._apart(clash), *steps, changed))
        return self._case(title, needs, steps)

    def _inserted(self, title: str, fork: Population, row: Row, clash: Sequence[Edge] = ()) -> Case:
        """Return the case of a row in place of the fork's last one, as it is written."""
        fork.rows.pop()
        needs, steps = fork.added()
        inserted = Step(statement=row.insert(), expect=Accepted())
        return self._case(title, needs, self._judged((*self._apart(clash), *steps, inserted)))

    def _nulls(self) -> Iterator[Case | Unproven]:
        nullable = nullable_columns(self._table.columns, self._source.rows.types)
        free = [c for c in self._key.columns if c in nullable]
        full = self._key.match is Match.FULL
        if len(free) == len(self._key.columns):
            yield from self._null("NULL accepted", dict.fromkeys(free))
        if len(self._key.columns) == 1:
            return
        for column in free:
            orphan, _ = self._nowhere()
            others = {c: v for c, v in orphan.items() if c != column}
            kept = set(self._key.columns) - set(orphan) - self._held()
            values = {**{c: self._row.get(c) for c in kept}, **others, column: None}
            if full and self._key.enforced:
                title = f"NULL in {quote(column)} alone refused"
                yield from self._null(title, values, refused=True)
            elif not self._sharing(set(others)):
                yield from self._null(f"NULL in {quote(column)} accepted", values)

    def _null(
        self, title: str, values: Mapping[str, Value], *, refused: bool = False
    ) -> Iterator[Case | Unproven]:
        fork = self._ground.fork()
        nulls = {c: v for c, v in values.items() if v is None}
        try:
            row = fork.add(self._table, values=nulls, twin=True)
        except Unsatisfiable:
            if self._source.rows.rules(self._table).columns & nulls.keys():
                return  # a CHECK of these columns rules NULL out: there is nothing to promise
            raise
        fork.rows.pop()
        needs, steps = fork.added()
        steps += (Step(statement=row.with_values(values).insert(), expect=Accepted()),)
        if refused:
            steps = violated(self._table, self._key, steps, self._refused)
        yield self._case(title, needs, steps)

    def _child(self, fork: Population) -> Row:
        return fork.add(self._table, parents={self._key.name: self._parent})

    def _newcomer(self, fork: Population) -> Row:
        """Add a child that is the fork's last row.

        Where two tables refer to each other the parent's child is there already, and another
        row takes its place, without a reference.
        """
        before = fork.snapshot()
        child = self._child(fork)
        if fork.rows[-1] is not child:
            fork.revert(before)
            child = fork.add(self._table, twin=True)
        return child

    def _held(self) -> set[str]:
        """Return the columns that cannot change alone: keys, and what others refer to."""
        return {
            column
            for edge in self._known
            if edge.parent == self._table.name
            for column in edge.key.referenced_columns
        }

    def _nowhere(self) -> tuple[dict[str, Value], tuple[Edge, ...]]:
        """Return values that no parent has, and the keys that they would break as well.

        Columns that no other reference shares come first: then nothing else breaks.
        """
        far = self._source.rows.draft(self._parent.table, _FAR, {}, optional=False)
        shared = {
            column
            for other in self._table.foreign_keys
            if other.name != self._key.name and other.enforced
            for column in other.columns
        }
        shared |= self._held()
        own = [(here, there) for here, there in self._pairs if here not in shared]
        values = {here: far.get(there) for here, there in own or self._pairs}
        for here, there in own or self._pairs:
            if values[here] is None:
                base = self._source.rows.wish(self._parent.table, _FAR, {}, optional=True).base
                values[here] = base.get(there)
        return values, self._sharing(set(values))

    def _sharing(self, columns: set[str]) -> tuple[Edge, ...]:
        return tuple(
            edge
            for edge in self._known
            if edge.child.name == self._table.name
            and edge.key.name != self._key.name
            and columns & set(edge.key.columns)
            and all(self._row.get(c) is not None for c in edge.key.columns)
        )

    def _apart(self, clash: Sequence[Edge]) -> tuple[Step, ...]:
        """Put keys out of the way that the same values would break: they might refuse first."""
        return tuple(
            Step(
                statement=Statement(
                    f"alter table {edge.child.name.sql}"
                    f" drop constraint if exists {quote(edge.key.name)}"
                ),
                expect=Accepted(),
            )
            for edge in clash
        )

    def _judged(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if not self._key.enforced:
            return steps
        return violated(self._table, self._key, steps, self._refused)

    @property
    def _pairs(self) -> list[tuple[str, str]]:
        return list(zip(self._key.columns, self._key.referenced_columns, strict=True))

    def _case(self, title: str, needs: tuple[Statement, ...], steps: tuple[Step, ...]) -> Case:
        return Case(
            kind=_KIND,
            subject=Subject(object=str(self._table.name), part=self._key.name),
            title=title,
            needs=needs,
            steps=steps,
            why=_WHY,
            promise=self._key.definition,
        )

    def _unproven(self, title: str, reason: str) -> Unproven:
        subject = Subject(object=str(self._table.name), part=self._key.name)
        return Unproven(kind=_KIND, subject=subject, title=title, reason=reason)


def _update(row: Row, changes: Mapping[str, Value]) -> Statement:
    values: list[Value] = list(changes.values())
    sets = ", ".join(f"{quote(c)} = ${i}" for i, c in enumerate(changes, 1))
    found = where(row.table, row.values, values)
    return Statement(f"update {row.table.name.sql} set {sets} where {found}", tuple(values))
