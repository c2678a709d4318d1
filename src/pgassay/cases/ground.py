"""The ground that the cases of one table stand on: a valid row, its parents, and what to expect.

All kinds that try values in one table share the same `needs`, the parents of every reference, so
that their cases run together on top of them.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.catalog import Match
from pgassay.core.names import literal, quote
from pgassay.rows.rules import Judge, Question, Rule, Verdict
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Column, Constraint, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Statement, Value
    from pgassay.rows.row import Row

_SHOWN = 40
_AFFORDABLE = 1000  # characters of a value that is tried with hundreds of others


class Ground:
    """One table of the contract, with a valid row. Reading `row` may raise `Unsatisfiable`."""

    def __init__(self, source: Source, table: Table) -> None:
        self.source = source
        self.table = table

    @cached_property
    def references(self) -> Mapping[str, Value]:
        """What each referencing column may hold beside NULL."""
        return self.source.rows.surroundings(self.table)[1].values

    @cached_property
    def choices(self) -> Mapping[str, tuple[Value, ...]]:
        """For each referencing column the keys of the parents that are there."""
        parents = self.source.rows.surroundings(self.table)[0]
        found: dict[str, tuple[Value, ...]] = {}
        for key in self.table.foreign_keys:
            for here, there in zip(key.columns, key.referenced_columns, strict=True):
                own = [self.references[here]] if here in self.references else []
                others = [
                    row.values[there]
                    for row in parents
                    if row.table.name == key.references and len(key.columns) == 1
                ]
                if own:
                    found[here] = tuple(dict.fromkeys([*own, *others]))
        return found

    @cached_property
    def row(self) -> Row:
        """A valid row, with a value for every column that can be written."""
        return self._settled({})

    def _settled(self, change: Mapping[str, Value]) -> Row:
        rows = self.source.rows
        needed = {
            column
            for key in self.table.foreign_keys
            if not rows.optional(self.table, key)
            for column in key.columns
        }
        fixed = {c: v for c, v in self.references.items() if c in needed}
        found = rows.finished(self.table, 0, fixed | dict(change), optional=False)
        # A reference that a CHECK asks for was drafted; it must point to a parent that is there.
        drafted = {
            c: v
            for c, v in self.references.items()
            if c not in change and found.values.get(c) is not None
        }
        return found.with_values(drafted)

    @cached_property
    def needs(self) -> tuple[Statement, ...]:
        """What puts the parents in place."""
        return self.source.rows.surrounding_needs(self.table)

    @cached_property
    def nullable(self) -> frozenset[str]:
        """The columns that take NULL, domains considered."""
        return self.source.rows.nullable(self.table)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The columns of foreign keys."""
        return frozenset(c for key in self.table.foreign_keys for c in key.columns)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The CHECKs of the table and of its columns' domains."""
        return self.source.rows.rules(self.table).rules

    @cached_property
    def unplaced(self) -> frozenset[str]:
        """Columns of a partition key, where no default partition takes any value."""
        if self.table.partition_key is None:
            return frozenset()
        return self._unplaced(self.table.name, _key(self.table))

    def _unplaced(self, name: QualifiedName, key: frozenset[str]) -> frozenset[str]:
        partitions = self.source.built.partitions_of(name)
        found = key
        if any(p.partition and p.partition.is_default for p in partitions):
            found = frozenset()
        return found.union(
            *(self._unplaced(p.name, _key(p)) for p in partitions if p.partition_key)
        )

    def having(self, change: Mapping[str, Value]) -> Row:
        """Return the valid row with a change; a row that points to itself goes on doing so."""
        return self.row.with_values(self._followed(change))

    def _followed(self, change: Mapping[str, Value]) -> dict[str, Value]:
        followed = dict(change)
        for key in self.table.foreign_keys:
            if key.references != self.table.name or set(key.columns) & change.keys():
                continue
            pairs = list(zip(key.columns, key.referenced_columns, strict=True))
            if all(
                self.row.values.get(here) == self.row.values.get(there) for here, there in pairs
            ):
                followed |= {here: change[there] for here, there in pairs if there in change}
        return followed

    def alone(self, column: Column) -> bool:
        """Whether it can be NULL by itself: MATCH FULL wants all columns of a key NULL or none."""
        return not any(
            key.match is Match.FULL
            and any(self.row.values.get(c) is not None for c in key.columns if c != column.name)
            for key in self.table.foreign_keys
            if column.name in key.columns
        )

    def subject(self, part: str | None = None) -> Subject:
        """Return the table, or a part of it."""
        return Subject(object=str(self.table.name), part=part)

    def case(
        self,
        kind: str,
        column: Column,
        title: str,
        *steps: Step,
        why: str,
    ) -> Case:
        """Return a case about a column, on top of this ground."""
        return Case(
            kind=kind,
            subject=self.subject(column.name),
            title=title,
            needs=self.needs,
            steps=steps,
            why=why,
            promise=described(column),
        )

    def unproven(self, kind: str, column: Column, title: str, reason: str) -> Unproven:
        """Return a promise about a column that no case was derived for."""
        return Unproven(kind=kind, subject=self.subject(column.name), title=title, reason=reason)

    def expectations(
        self, changes: Sequence[Mapping[str, Value]]
    ) -> list[Accepted | Refused | None]:
        """Return what becomes of the valid row with each of these changes: one round trip.

        Values must be valid input for their columns. None where it cannot be told.
        """
        changes = [self._followed(change) for change in changes]
        touched = [
            tuple(rule for rule in self.rules if set(rule.columns) & change.keys())
            for change in changes
        ]
        verdicts = self._verdicts(changes, touched)
        return [
            self._expectation(change, rules, verdict)
            for change, rules, verdict in zip(changes, touched, verdicts, strict=True)
        ]

    def tried(
        self, changes: Sequence[Mapping[str, Value]]
    ) -> list[tuple[Row, Accepted | Refused | None]]:
        """Return for each change the row that has it, and what becomes of that row.

        Where a CHECK over several columns refuses the change alone, the others are chosen to go
        with it, if they can be (`asset_id` NULL, where exactly one of two references is set).
        """
        found = []
        for change, expected in zip(changes, self.expectations(changes), strict=True):
            row, known = self.having(change), expected
            if isinstance(known, Refused) and known.sqlstate == "23514" and self._shared(change):
                with suppress(Unsatisfiable):
                    row, known = self._settled(change), self._placed(change)
            found.append((row, known))
        return found

    def _shared(self, change: Mapping[str, Value]) -> bool:
        """Whether a CHECK binds the change to other columns, and trying many is affordable."""
        if any(value is not None and len(value) > _AFFORDABLE for value in change.values()):
            return False
        return any(len(r.columns) > 1 and set(r.columns) & change.keys() for r in self.rules)

    def _placed(self, change: Mapping[str, Value]) -> Accepted | None:
        orphan = any(self._orphans(key, change) for key in self.table.foreign_keys)
        return None if orphan or self.unplaced & change.keys() else Accepted()

    def _verdicts(
        self, changes: Sequence[Mapping[str, Value]], touched: Sequence[tuple[Rule, ...]]
    ) -> list[tuple[Verdict, ...]]:
        """Ask for all changes at once, those that touch the same rules in one statement."""
        found: list[tuple[Verdict, ...]] = [()] * len(changes)
        groups: dict[tuple[str, ...], list[int]] = {}
        for at, rules in enumerate(touched):
            if rules:
                groups.setdefault(tuple(rule.sql for rule in rules), []).append(at)
        questions = []
        for places in groups.values():
            rules = touched[places[0]]
            columns = tuple(dict.fromkeys(c for rule in rules for c in rule.columns))
            rows = [{**self.row.values, **changes[at]} for at in places]
            questions.append(
                Question(
                    table=self.table,
                    rules=rules,
                    columns=columns,
                    rows=tuple(tuple(row[c] for c in columns) for row in rows),
                )
            )
        if questions:
            judge_ = Judge(self.source.ask, self.source.rows.types)
            for places, answers in zip(groups.values(), judge_.verdicts(questions), strict=True):
                for at, answer in zip(places, answers, strict=True):
                    found[at] = answer
        return found

    def _expectation(
        self, change: Mapping[str, Value], rules: Sequence[Rule], verdicts: Sequence[Verdict]
    ) -> Accepted | Refused | None:
        if Verdict.ERROR in verdicts or self.unplaced & change.keys():
            return None
        failing = [r for r, v in zip(rules, verdicts, strict=True) if not v.passes]
        if failing:
            return Refused(sqlstate="23514", constraint=first_checked(failing))
        orphaned = [key for key in self.table.foreign_keys if self._orphans(key, change)]
        if any(key.initially_deferred for key in orphaned):
            return None
        if orphaned:
            name = orphaned[0].name if len(orphaned) == 1 else None
            return Refused(sqlstate="23503", constraint=name)
        return Accepted()

    def _orphans(self, key: Constraint, change: Mapping[str, Value]) -> bool:
        if not key.enforced or not set(key.columns) & change.keys():
            return False
        row = {**self.row.values, **change}
        values = [row.get(column) for column in key.columns]
        if None in values:
            return False
        if key.references == self.table.name and values == [
            row.get(column) for column in key.referenced_columns
        ]:
            return False
        if len(key.columns) == 1:
            return values[0] not in self.choices.get(key.columns[0], ())
        return values != [self.references.get(column) for column in key.columns]


def first_checked(failing: Sequence[Rule]) -> str | None:
    """Return the CHECK that the server reports; None where that is not certain.

    Domains are checked as their values are read, then a table's CHECKs by name.
    """
    of_domains = [rule for rule in failing if rule.domain is not None]
    if of_domains:
        return of_domains[0].name if len(of_domains) == 1 else None
    return min((rule.name for rule in failing), key=str.encode)


def accepted(statement: Statement, *values: Value) -> Step:
    """Return a step that must be taken, and give back one row of these values, if there are any."""
    return Step(statement=statement, expect=Accepted(returns=(values,) if values else None))


def refused(
    statement: Statement,
    sqlstate: str,
    *,
    constraint: str | None = None,
    column: str | None = None,
) -> Step:
    """Return a step that must be refused."""
    return Step(
        statement=statement,
        expect=Refused(sqlstate=sqlstate, constraint=constraint, column=column),
    )


def told(condition: str, label: str, value: str) -> str:
    """Return SQL that gives `label` where a condition holds, and otherwise the value in text."""
    return f"case when {condition} then {literal(label)} else ({value})::text end"


def shown(value: Value) -> str:
    """Return a value for a title: short, on one line, told apart from its neighbours."""
    if value is None:
        return "NULL"
    line = value.encode("unicode_escape").decode() if not value.isprintable() else value
    if len(line) <= _SHOWN:
        return f"'{line}'"
    return f"'{line[: _SHOWN // 2]}…' ({len(value)} characters)"


def described(column: Column) -> str:
    """Return a column as a CREATE TABLE would write it."""
    words = [quote(column.name), column.type.sql]
    if column.not_null:
        words.append("not null")
    if column.identity:
        words.append(f"generated {column.identity.lower()} as identity")
    if column.generated is not None:
        kept = "virtual" if column.generated_virtual else "stored"
        words.append(f"generated always as ({column.generated}) {kept}")
    if column.default is not None:
        words.append(f"default {column.default}")
    return " ".join(words)


def _key(table: Table) -> frozenset[str]:
    return frozenset(c for c in (table.partition_key.columns if table.partition_key else ()) if c)
