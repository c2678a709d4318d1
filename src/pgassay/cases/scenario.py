"""Scenarios: statements that may set off a trigger, and questions about what it did.

The answers are truth values (has this column another value than before?), so that two databases
can be compared whatever their clocks say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.cases.population import Population, unique_column_sets
from pgassay.cases.survey import WITHOUT_EQUALITY, where
from pgassay.cases.variation import variations
from pgassay.core.catalog import Action
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.expression import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.cases.referential import Edge
    from pgassay.core.catalog import Function, Table, Trigger
    from pgassay.core.statement import Reply, Value

_TIMES = frozenset(["timestamp", "timestamptz", "date", "time", "timetz"])
_MENTIONED = 3  # columns a trigger mentions that are tried, beside one that nothing depends on


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A few statements on top of the needs.

    `name` says what is done, `columns` what the truth values of the last statement are about.
    """

    name: str
    statements: tuple[Statement, ...]
    columns: tuple[str, ...] = ()

    def named(self, answers: Sequence[Reply]) -> str:
        """Return its title: what is done, and what it moved."""
        last = answers[-1]
        if last.refusal:
            return f"{self.name} refused"
        if not self.columns or not last.rows:
            return self.name
        moved = [c for c, cell in zip(self.columns, last.rows[0], strict=True) if cell == "t"]
        return f"{self.name} moves {', '.join(map(quote, moved)) or 'nothing'}"


class Stage:
    """One row of a table, and the scenarios that are played with it; `values` are fixed ones.

    Raises `Unsatisfiable` where the row cannot be made.
    """

    def __init__(
        self, source: Source, table: Table, values: Mapping[str, Value] | None = None
    ) -> None:
        self._source, self.table = source, table
        self.population = Population(source.rows)
        self.row = self.population.add(table, values=values)

    def updates(self, trigger: Trigger, function: Function | None) -> Iterator[Scenario]:
        """Yield UPDATEs of one column each: one nothing depends on, and those it mentions."""
        yield from self._updates(self._columns(trigger, function))

    def key_updates(self, trigger: Trigger, function: Function | None) -> Iterator[Scenario]:
        """Yield UPDATEs of the key columns that it mentions, which no reference binds."""
        if "UPDATE" not in trigger.events:
            return
        body = names(f"{trigger.condition or ''} {function.definition if function else ''}")
        bound = self._bound()
        keys = {c for columns in unique_column_sets(self.table) for c in columns} - bound
        yield from self._updates(
            [c for c in self._writable() if c in keys and (c in body or c in trigger.columns)]
        )

    def _updates(self, columns: Iterable[str]) -> Iterator[Scenario]:
        for column in columns:
            value = self._other(column)
            if value is not None:
                name = f"an UPDATE of {quote(column)}"
                yield self._update(name, {column: value}, aside=column)

    def idle(self) -> Scenario:
        """Return the UPDATE that changes nothing."""
        column = next(c.name for c in self.table.columns if c.generated is None)
        name = quote(column)
        return self._moving("an UPDATE that changes nothing", f"{name} = new.{name}", (), None)

    def explicit(self, column: str) -> Scenario | None:
        """Return the UPDATE that gives a column a value itself, asking whether it is kept."""
        value = self._other(column)
        if value is None:
            return None
        values: list[Value] = [value]
        found = where(self.table, self.row.values, values)
        name = quote(column)
        sql = (
            f"update {self.table.name.sql} set {name} = $1 where {found}"
            f" returning {name} is not distinct from $1"
        )
        return Scenario(name=f"an explicit {name}", statements=(Statement(sql, tuple(values)),))

    def insert(self) -> Scenario:
        """Return the INSERT of another row, asking which columns are not what was given."""
        fork = self.population.fork()
        row = fork.add(self.table)
        _, steps = fork.added()
        compared = [
            name for name in row.values if self.table.column(name).type.base not in WITHOUT_EQUALITY
        ]
        places = {name: at for at, name in enumerate(row.values, 1)}
        asked = ", ".join(f"{quote(n)} is distinct from ${places[n]}" for n in compared)
        parents = tuple(step.statement for step in steps[:-1])
        return Scenario(
            name="an INSERT",
            statements=(*parents, row.insert(asked)),
            columns=tuple(compared),
        )

    def delete(self) -> Scenario:
        """Return the DELETE of the row, asking whether it is gone."""
        values: list[Value] = []
        found = where(self.table, self.row.values, values)
        gone = Statement(f"delete from {self.table.name.sql} where {found}", tuple(values))
        left = f"select exists (select from {self.table.name.sql} where {found})"
        return Scenario(name="a DELETE", statements=(gone, Statement(left, tuple(values))))

    def truncate(self) -> Scenario:
        """Return the TRUNCATE of the table and what refers to it."""
        # What waits for the end of the transaction would refuse it as well (55006).
        settled = Statement("set constraints all immediate")
        emptied = Statement(f"truncate {self.table.name.sql} cascade")
        return Scenario(name="a TRUNCATE", statements=(settled, emptied))

    def _update(self, name: str, values: dict[str, Value], *, aside: str) -> Scenario:
        sets = ", ".join(f"{quote(c)} = ${i}" for i, c in enumerate(values, 1))
        return self._moving(name, sets, tuple(values.values()), aside)

    def _moving(
        self, name: str, sets: str, given: tuple[Value, ...], aside: str | None
    ) -> Scenario:
        """Return an UPDATE that gives back for each column but one whether it moved."""
        values = list(given)
        found = where(self.table, self.row.values, values)
        columns = tuple(c.name for c in self.table.columns if c.name != aside)
        moved = ", ".join(
            f"new.{quote(c)}::text is distinct from old.{quote(c)}::text" for c in columns
        )
        table = self.table.name.sql
        sql = (
            f"with old as materialized (select *, ctid as pgassay_place, tableoid as pgassay_part"
            f" from {table} where {found})"
            f" update {table} as new set {sets} from old"
            " where new.ctid = old.pgassay_place and new.tableoid = old.pgassay_part"
            f" returning {moved}"
        )
        return Scenario(name=name, statements=(Statement(sql, tuple(values)),), columns=columns)

    def _columns(self, trigger: Trigger, function: Function | None) -> list[str]:
        free = self._free()
        text = f"{trigger.condition or ''} {' '.join(trigger.columns)}"
        asked = [c for c in free if c in names(text) or c in trigger.columns]
        body = names(function.definition) if function else frozenset()
        asked += [c for c in free if c in body and self.table.column(c).type.base not in _TIMES]
        plain = [c for c in free if self.table.column(c).type.base not in _TIMES]
        first = [c for c in trigger.columns if c in free] or plain[:1]
        return list(dict.fromkeys([*first[:1], *asked[:_MENTIONED]]))

    def _free(self) -> list[str]:
        """Return the columns that can change without a key, a reference or a partition moving."""
        bound = self._bound()
        for columns in unique_column_sets(self.table):
            bound |= columns
        return [name for name in self._writable() if name not in bound]

    def _bound(self) -> set[str]:
        """Return the columns of references and of the partition key."""
        key = self.table.partition_key
        bound = {c for reference in self.table.foreign_keys for c in reference.columns}
        return bound | {c for c in (key.columns if key else ()) if c}

    def _writable(self) -> list[str]:
        return [c.name for c in self.table.columns if c.generated is None and c.identity is None]

    def _other(self, column: str) -> Value:
        """Return another value for a column that the rest of the row can stand beside."""
        return next(variations(self._source, self.table, self.row.values, column), None)


def referential(
    source: Source, edge: Edge, columns: Sequence[str]
) -> tuple[Stage, Scenario] | None:
    """Return how a key's action changes a row, asking whether `columns` moved; None if it cannot.

    The row is changed by SET NULL or SET DEFAULT on a delete, or CASCADE on a key update.
    """
    sets = (Action.SET_NULL, Action.SET_DEFAULT)
    if edge.key.on_delete not in sets or not columns:
        return None
    stage = Stage(source, edge.child)
    stage.population = Population(source.rows)
    parent = stage.population.add(source.rows.table(edge.key.references))
    stage.row = stage.population.add(edge.child, parents={edge.key.name: parent})
    values: list[Value] = []
    found = where(parent.table, parent.values, values)
    gone = Statement(f"delete from {parent.table.name.sql} where {found}", tuple(values))
    here: list[Value] = []
    child = where(edge.child, stage.row.values, here)
    shown = [f"coalesce({quote(column)}::text, 'NULL')" for column in columns]
    kept = ", ".join(
        f"pg_catalog.set_config('pgassay.before_{at}', {value}, true) is not null"
        for at, value in enumerate(shown)
    )
    moved = ", ".join(
        f"{value} <> pg_catalog.current_setting('pgassay.before_{at}')"
        for at, value in enumerate(shown)
    )
    before, look = (
        Statement(f"select {asked} from {edge.child.name.sql} where {child}", tuple(here))
        for asked in (kept, moved)
    )
    return stage, Scenario(
        name=f"{edge.key.on_delete} by {edge.key.name}",
        statements=(before, gone, look),
        columns=tuple(columns),
    )


def watched(scenario: Scenario, others: Sequence[Table]) -> Scenario:
    """Return the scenario with a question about how many rows other tables have got or lost."""
    if not others:
        return scenario
    counts = [f"(select count(*) from {table.name.sql})" for table in others]
    keep = ", ".join(
        f"pg_catalog.set_config('pgassay.rows_{at}', {count}::text, true) is not null"
        for at, count in enumerate(counts)
    )
    grown = ", ".join(
        f"{count} - pg_catalog.current_setting('pgassay.rows_{at}')::bigint"
        for at, count in enumerate(counts)
    )
    first, last = Statement(f"select {keep}"), Statement(f"select {grown}")
    return replace(scenario, statements=(first, *scenario.statements, last), columns=())
