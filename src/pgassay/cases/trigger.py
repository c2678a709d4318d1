"""Triggers: each one is there, enabled, and does what the models' own database does.

What it finds
    A trigger that is missing or disabled, fires for other events or under another condition, or
    calls a function that does something else. What it must do is what it does on the contract's
    own database: the same statements are run there, once with the trigger and once without it,
    and where the two differ the case stands for the trigger.

    For a column such as updated_at that means: it moves when a row with an old value is updated
    by plain SQL, and when a referential action updates the row; and it is stated what becomes of
    an explicit value, and of an UPDATE that changes nothing.

Why it hurts
    Caches and synchronisation rely on updated_at, audits on their log, balances on the sum: a
    trigger that does not fire leaves no trace, and what was lost cannot be computed later.

Bad example
    updated_at set by the ORM: scripts, other services and referential actions leave it as it was.

Good example
    One trigger function, BEFORE UPDATE ... FOR EACH ROW, on every table that has the column.

How to fix
    CREATE TRIGGER ... again, or ALTER TABLE ... ENABLE TRIGGER ...

When to ignore
    Never: if the trigger is not wanted, the models are wrong.

Reference
    PostgreSQL documentation: Triggers; CREATE TRIGGER; ALTER TABLE, ENABLE TRIGGER.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.oracle import observed, steps_like
from pgassay.cases.partition_constraint import keys_inside
from pgassay.cases.referential import edges
from pgassay.cases.routing import leaves
from pgassay.cases.scenario import Scenario, Stage, referential, watched
from pgassay.core.case import Case, Subject, Unproven
from pgassay.core.catalog import Enabled
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.expression import names
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.cases.referential import Edge
    from pgassay.core.catalog import Function, Table, Trigger
    from pgassay.core.statement import Reply, Value
    from pgassay.rows.row import Row

_KIND = "trigger"
_WHY = "a trigger that does not fire leaves no trace, and what it should have written is lost"
_ON = (Enabled.ORIGIN, Enabled.ALWAYS)


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the cases of every trigger of the tables that are not partitions."""
    known = edges(source.contract)
    for table in source.contract.roots():
        for trigger in table.triggers:
            if trigger.enabled in _ON and not trigger.inherited:
                yield from _of_trigger(source, table, trigger, known)
    for view in source.contract.views:
        for trigger in view.triggers:
            subject = Subject(object=str(view.name), part=trigger.name)
            reason = "no statement is derived for the triggers of a view"
            yield Unproven(kind=_KIND, subject=subject, title="fires", reason=reason)


def _of_trigger(
    source: Source, table: Table, trigger: Trigger, known: Sequence[Edge]
) -> Iterator[Case | Unproven]:
    try:
        play = _Play(source, table, trigger)
        yield from play.cases(known)
        if trigger.for_each_row and table.partition_key:
            row = play.row
            for part in leaves(source.built, table.name):
                keys = keys_inside(source, table, part, row)
                if keys:
                    yield from _Play(source, table, trigger, part, keys[0]).in_partition()
    except Unsatisfiable as failure:
        yield _unproven(table, trigger, str(failure))


class _Play:
    """One trigger, played on the contract's database with it and without it."""

    def __init__(
        self,
        source: Source,
        table: Table,
        trigger: Trigger,
        part: Table | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> None:
        self._source, self._table, self._trigger = source, table, trigger
        self._part = part
        self._stage = Stage(source, table, values)
        self._function = _function(source, trigger)
        self._others = self._written()

    @property
    def row(self) -> Row:
        """The row that it is played with."""
        return self._stage.row

    def cases(self, known: Sequence[Edge]) -> Iterator[Case | Unproven]:
        seen = False
        moved: dict[str, None] = {}
        # Keys are changed only where nothing else shows that it is there: it guards them.
        for made in (self._scenarios(), self._stage.key_updates(self._trigger, self._function)):
            if seen:
                break
            scenarios = [self._closed(scenario) for scenario in made]
            with_it, without = self._observed(self._stage, scenarios)
            if with_it is None or without is None:
                reason = "the contract's own database refuses the rows that it needs"
                yield _unproven(self._table, self._trigger, reason)
                return
            for scenario, answers, other in zip(scenarios, with_it, without, strict=True):
                if answers == other:
                    continue
                seen = True
                moved |= dict.fromkeys(_moved(scenario, answers, other))
                yield self._case(scenario, self._stage, answers)
        if moved:
            yield from self._states(list(moved))
            yield from self._by_reference(list(moved), known)
        if not seen:
            reason = "no statement was found on which it makes a difference"
            yield _unproven(self._table, self._trigger, reason)

    def in_partition(self) -> Iterator[Case]:
        """Yield one statement on which it makes a difference, for a row of one partition."""
        scenarios = [self._closed(scenario) for scenario in self._scenarios()]
        with_it, without = self._observed(self._stage, scenarios)
        for scenario, one, other in zip(scenarios, with_it or (), without or (), strict=False):
            if one != other:
                yield self._case(scenario, self._stage, one)
                return

    def _scenarios(self) -> Iterator[Scenario]:
        stage, trigger = self._stage, self._trigger
        for event in trigger.events:
            if event == "UPDATE":
                yield from stage.updates(trigger, self._function)
            elif event == "INSERT":
                yield stage.insert()
            elif event == "DELETE":
                yield stage.delete()
            elif event == "TRUNCATE":
                yield stage.truncate()

    def _states(self, moved: Sequence[str]) -> Iterator[Case]:
        """Yield what becomes of an explicit value, and of an UPDATE that changes nothing."""
        if "UPDATE" not in self._trigger.events:
            return
        scenarios = [s for column in moved if (s := self._stage.explicit(column))]
        idle = self._stage.idle()
        answered = observed(
            self._source.ask,
            self._stage.population.needs(),
            [*scenarios_of(scenarios), idle.statements],
        )
        for scenario, answers in zip([*scenarios, idle], answered or (), strict=False):
            yield self._case(scenario, self._stage, answers)

    def _by_reference(self, moved: Sequence[str], known: Sequence[Edge]) -> Iterator[Case]:
        for edge in known:
            if edge.child.name != self._table.name or "UPDATE" not in self._trigger.events:
                continue
            try:
                found = referential(self._source, edge, moved)
            except Unsatisfiable:
                continue  # `cascade` says that this key has no row to act on
            if found is None:
                continue
            stage, scenario = found
            answers = observed(self._source.ask, stage.population.needs(), [scenario.statements])
            if answers:
                yield self._case(scenario, stage, answers[0])

    def _observed(
        self, stage: Stage, scenarios: Sequence[Scenario]
    ) -> tuple[list[list[Reply]] | None, list[list[Reply]] | None]:
        needs = stage.population.needs()
        asked = scenarios_of(scenarios)
        off = Statement(
            f"alter table {self._table.name.sql} disable trigger {quote(self._trigger.name)}"
        )
        ask = self._source.ask
        return observed(ask, needs, asked), observed(ask, (off, *needs), asked)

    def _closed(self, scenario: Scenario) -> Scenario:
        """Let a deferred trigger fire, and look at the other tables that the function names."""
        if self._trigger.constraint and self._trigger.deferrable:
            end = Statement("set constraints all immediate")
            scenario = Scenario(
                name=scenario.name, statements=(*scenario.statements, end), columns=()
            )
        return watched(scenario, self._others)

    def _written(self) -> list[Table]:
        mentioned = names(self._function.definition) if self._function else frozenset()
        return [
            table
            for table in self._source.contract.roots()
            if table.name.name in mentioned and table.name != self._table.name
        ]

    def _case(self, scenario: Scenario, stage: Stage, answers: Sequence[Reply]) -> Case:
        return Case(
            kind=_KIND,
            subject=Subject(object=str((self._part or self._table).name), part=self._trigger.name),
            title=_title(scenario, answers),
            needs=stage.population.needs(),
            steps=steps_like(
                scenario.statements,
                answers,
                tuple(f"{quote(column)} moved" for column in scenario.columns),
            ),
            why=_WHY,
            promise=self._trigger.definition,
        )


def scenarios_of(scenarios: Sequence[Scenario]) -> list[tuple[Statement, ...]]:
    """Return the statements of each scenario."""
    return [scenario.statements for scenario in scenarios]


def _title(scenario: Scenario, answers: Sequence[Reply]) -> str:
    if scenario.name.startswith("an explicit") and answers[-1].rows:
        return f"{scenario.name} is {'kept' if answers[-1].rows[0][0] == 't' else 'overwritten'}"
    return scenario.named(answers)


def _moved(scenario: Scenario, answers: Sequence[Reply], without: Sequence[Reply]) -> list[str]:
    """Return the columns that the trigger alone moved."""
    if not scenario.columns or answers[-1].refusal or without[-1].refusal:
        return []
    if not answers[-1].rows or not without[-1].rows:
        return []
    pairs = zip(scenario.columns, answers[-1].rows[0], without[-1].rows[0], strict=True)
    return [column for column, with_it, other in pairs if with_it == "t" and other != "t"]


def _function(source: Source, trigger: Trigger) -> Function | None:
    return next((f for f in source.contract.functions if f.name == trigger.function), None)


def _unproven(table: Table, trigger: Trigger, reason: str) -> Unproven:
    subject = Subject(object=str(table.name), part=trigger.name)
    return Unproven(kind=_KIND, subject=subject, title="fires", reason=reason)
