"""Rows for the database before a revision that the revision accepts, and those that break it.

A row that is to break one demand must keep all others. So rows are made as the new schema wants
them, and take the shape of the old one: columns that come are left out, columns that go are filled
as the old schema wants them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.errors import TrialError
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.postgres.session import PipelineSession
from pgassay.rows.insertion import inserts
from pgassay.rows.maker import RowMaker
from pgassay.rows.row import Row
from pgassay.rows.rules import Verdict
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.rows.values import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.history.adversary import Adversary
    from pgassay.run.migration.ground import Ground


class Planting:
    """Makes and plants rows for the revisions of one ground."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._tables = {table.name: table for table in ground.before.tables}

    def sound(self, table: Table, database: str) -> None:
        """Plant a row that breaks nothing.

        Raises:
            TrialError: such a row cannot be made.
        """
        try:
            self._put(inserts(self._graph(table)), database)
        except Unsatisfiable as failure:
            raise TrialError(f"no row of {table.name} could be made: {failure}") from failure

    def with_values(
        self, table: Table, column: str, values: Sequence[str]
    ) -> tuple[Statement, ...]:
        """Return what inserts a row for each value of a column, and breaks nothing.

        Raises:
            TrialError: such a row cannot be made.
        """
        try:
            found = [self._graph(table, n, {column: value}) for n, value in enumerate(values)]
        except Unsatisfiable as failure:
            raise TrialError(f"no row of {table.name} could be made: {failure}") from failure
        known: dict[object, Row] = {_key(row): row for rows in found for row in rows}
        return tuple(inserts(tuple(known.values())))

    def adverse(self, adversary: Adversary, database: str) -> tuple[Statement, ...]:
        """Plant rows that break one demand, and see that the query for production finds them.

        Raises:
            TrialError: such rows cannot be made.
        """
        try:
            rows = [_without_lifted(row, adversary) for row in self._rows(adversary)]
            statements = (*_lifted(adversary), *inserts(rows), *_put_back(adversary))
            self._put(statements, database)
        except Unsatisfiable as failure:
            raise _unmade(adversary, str(failure)) from failure
        with self._ground.server.connect(database) as connection:
            reply = PipelineSession(connection).run(Statement(adversary.query.rstrip(";")))
        if reply.refusal or not reply.rows:
            said = reply.refusal.message if reply.refusal else "the query does not find it"
            raise _unmade(adversary, said)
        return statements

    def _put(self, statements: Sequence[Statement], database: str) -> None:
        whole = (Statement("begin"), *statements, Statement("commit"))
        with self._ground.server.connect(database) as connection:
            session = PipelineSession(connection)
            for statement, reply in zip(whole, session.run_all(whole), strict=True):
                if reply.refusal:
                    raise TrialError(
                        f"a row could not be put in place: {reply.refusal.message}",
                        where=statement.script(),
                        why="whether the upgrade meets it is not known",
                    )

    def _rows(self, adversary: Adversary) -> tuple[Row, ...]:
        table = adversary.table
        if adversary.alike:
            return self._alike(table, adversary.alike)
        *parents, row = self._graph(table)
        changes = dict(adversary.changes or {})
        if adversary.check is not None:
            changes |= self._breaking(adversary)
        if adversary.away:
            held = _held_elsewhere(adversary)
            free = [name for name in adversary.away if name not in held]
            if not free:
                return self._crossed(adversary)
            changes |= {name: self._nowhere(table, name, adversary) for name in free}
        return (*parents, row.with_values(changes))

    def _nowhere(self, table: Table, name: str, adversary: Adversary) -> Value:
        column = table.column(name)
        place = Place(label=name, position=column.position, number=adversary.number_away)
        return self._earlier.types.value(column.type, place)

    def _crossed(self, adversary: Adversary) -> tuple[Row, ...]:
        """Return a row between two families: each column refers to something, all together do not.

        Every column belongs to another foreign key too, that must be kept. So one of those takes
        what it refers to from a second family.
        """
        table, away = adversary.table, set(adversary.away)
        others = (set(key.columns) & away for key in _other_keys(adversary))
        taken = next((some for some in others if some and some != away), None)
        if taken is None:
            raise _unmade(adversary, "another foreign key is over the same columns")
        *parents, row = self._graph(table, optional=True)
        known = {_key(one) for one in (*parents, row)}
        *families, other = self._graph(table, 1, optional=True)
        more = [one for one in families if _key(one) not in known]
        return (*parents, *more, row.with_values({name: other.values[name] for name in taken}))

    def _graph(
        self,
        table: Table,
        number: int = 0,
        values: Mapping[str, Value] | None = None,
        *,
        optional: bool = False,
    ) -> tuple[Row, ...]:
        """Return a row with its parents that both schemas accept, the row itself last."""
        there = self._ground.after.table(table.name)
        own = {column.name for column in there.columns}
        wanted = {name: value for name, value in (values or {}).items() if name in own}
        rows = self._later.graph(there, number, values=wanted, optional=optional)
        found = [self._earlier_row(row, number) for row in rows]
        return tuple(row for row in found if row is not None)

    def _earlier_row(self, row: Row, number: int) -> Row | None:
        """Return a row of the new schema as the old one has it; None for a table that is new."""
        table = self._tables.get(row.table.name)
        if table is None:
            return None
        own = {column.name for column in table.columns}
        values = {name: value for name, value in row.values.items() if name in own}
        if own - values.keys():
            before = self._earlier.row(table, number).values
            values = {**before, **values}
        return Row(table=table, values=values)

    def _alike(self, table: Table, columns: tuple[str, ...]) -> tuple[Row, ...]:
        """Return two rows of a table that have these columns alike, and both with their parents."""
        *parents, first = self._graph(table)
        shared = {
            name: first.values[name] or self._earlier.value(table, table.column(name))
            for name in columns
        }
        first = first.with_values(shared)
        known = {_key(row) for row in (*parents, first)}
        *others, second = self._graph(table, 1, shared)
        more = [row for row in others if _key(row) not in known]
        return (*parents, first, *more, second.with_values(shared))

    def _breaking(self, adversary: Adversary) -> Mapping[str, Value]:
        """Return values for which a CHECK of the new schema is false, as the server says."""
        assert adversary.check is not None
        there = self._ground.after.table(adversary.table.name)
        wish = self._later.wish(there, 0, {}, optional=True)
        for rule, trials in self._later.rules(there).trials(wish, wish.base):
            if rule.name == adversary.check.name and rule.domain is None:
                for trial in trials:
                    if trial.verdict is Verdict.FALSE and trial.before is None:
                        return trial.values
        raise _unmade(adversary, "no value was found for which it is false")

    @cached_property
    def _earlier(self) -> RowMaker:
        ground = self._ground
        session = ground.stand.session(ground.empty(aside=True))
        return RowMaker(ground.before, ask=session)

    @cached_property
    def _later(self) -> RowMaker:
        ground = self._ground
        return RowMaker(ground.after, ask=ground.stand.session(ground.bare))


def _other_keys(adversary: Adversary) -> Iterator[Constraint]:
    """Yield the foreign keys that hold before the revision, but the one that it is about."""
    lifted = adversary.lifted.name if adversary.lifted else None
    return (key for key in adversary.table.foreign_keys if key.name != lifted)


def _held_elsewhere(adversary: Adversary) -> set[str]:
    return {name for key in _other_keys(adversary) for name in key.columns}


def _key(row: Row) -> tuple[QualifiedName, tuple[Value, ...]]:
    """Return what tells rows of a table apart: the primary key, or every value."""
    key = row.table.primary_key
    columns = key.columns if key else tuple(sorted(row.values))
    return row.table.name, tuple(row.values.get(name) for name in columns)


def _unmade(adversary: Adversary, why: str) -> TrialError:
    return TrialError(
        f"{adversary.what} could not be put in place: {why}",
        why=f"whether the upgrade meets it is not known; look for it: {adversary.query}",
    )


def _without_lifted(row: Row, adversary: Adversary) -> Row:
    """Return a row whose table does not know the constraint that is lifted while it is inserted."""
    if adversary.lifted is None or row.table.name != adversary.table.name:
        return row
    left = tuple(one for one in row.table.constraints if one.name != adversary.lifted.name)
    return replace(row, table=replace(row.table, constraints=left))


def _lifted(adversary: Adversary) -> tuple[Statement, ...]:
    if adversary.lifted is None:
        return ()
    table, name = adversary.table.name.sql, quote(adversary.lifted.name)
    return (Statement(f"alter table {table} drop constraint {name}"),)


def _put_back(adversary: Adversary) -> tuple[Statement, ...]:
    """Return what puts a constraint back as it stood: NOT VALID, so that it spares the row."""
    if adversary.lifted is None:
        return ()
    table, name = adversary.table.name.sql, quote(adversary.lifted.name)
    definition = adversary.lifted.definition
    tail = "" if definition.rstrip().endswith("NOT VALID") else " not valid"
    return (Statement(f"alter table {table} add constraint {name} {definition}{tail}"),)
