"""A partitioned table as cases see it: rows with a chosen key, and where they are.

A table with a rule (`PartitionRule`) is judged by the calendar, whatever its partitions are
called; one without has the partitions that its contract names.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pgassay.cases.period import Period, period_of, span
from pgassay.cases.population import Population
from pgassay.core.case import Accepted, Step
from pgassay.core.catalog import PartitionStrategy
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.partitions import bounds
from pgassay.rows.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Column, Table
    from pgassay.core.config import PartitionRule
    from pgassay.core.statement import Value

_TIMES = ("date", "timestamp", "timestamptz")
_NUMBERS = ("int2", "int4", "int8", "numeric")
_TEXTS = ("text", "varchar", "bpchar")
_ISO_DATE = len("2026-11-01")
_MICROSECONDS = 6


class Calendar:
    """One table that is divided by a rule.

    Raises ValueError where it is not partitioned by range over one column of time.
    """

    def __init__(self, source: Source, table: Table, rule: PartitionRule) -> None:
        key = table.partition_key
        column = key.columns[0] if key and len(key.columns) == 1 else None
        if key is None or key.strategy is not PartitionStrategy.RANGE or column is None:
            raise ValueError("a rule is for a table that is partitioned by range over one column")
        self.column = table.column(column)
        if self.column.type.base not in _TIMES:
            raise ValueError(f"a rule is for a column of time, not {self.column.type.sql}")
        self.source, self.table, self.rule = source, table, rule
        self.population = Population(source.rows)
        self._row = self.population.add(table)
        self.population.rows.pop()

    @property
    def has_default(self) -> bool:
        """Whether the contract promises a default partition."""
        return any(
            part.partition and part.partition.is_default
            for part in self.source.contract.partitions_of(self.table.name)
        )

    @property
    def now(self) -> Period:
        """The period of the reference date."""
        return period_of(self.source.today, self.rule.every)

    def create(self, ahead: int | None = None) -> tuple[Statement, ...]:
        """Return what creates the partitions up to the horizon; nothing if no rule says how."""
        if self.rule.create is None:
            return ()
        horizon = self.rule.ahead if ahead is None else ahead
        return (Statement(self.rule.create, (self.source.today.isoformat(), str(horizon))),)

    def periods(self) -> list[Period]:
        """Return the periods that must have a partition: all that were built, up to the horizon.

        A hole among those that were built is a fault; months that had no maintenance between
        them and the reference date are not.
        """
        built = sorted(self.built())
        found = set(span(self.now, self.rule.ahead))
        if built:
            current = built[0]
            while current <= built[-1]:
                found.add(current)
                current = current.next
        return sorted(found)

    def until(self, end: Period) -> Iterator[Period]:
        """Yield the periods after the current one, up to and with `end`."""
        current = self.now
        while current < end:
            current = current.next
            yield current

    def built(self) -> Iterator[Period]:
        """Yield the period in which each range partition that was built begins."""
        for part in self.source.built.partitions_of(self.table.name):
            ends = bounds(part.partition) if part.partition else None
            start = ends[0][0] if ends else None
            if start is not None:
                yield period_of(date.fromisoformat(start[:_ISO_DATE]), self.rule.every)

    def first_instant(self, period: Period) -> str:
        """Return the first value of a period, in text."""
        return self._at(period.start)

    def last_instant(self, period: Period) -> str:
        """Return the last value of a period that the type can hold."""
        last = period.end - timedelta(days=1)
        if self.column.type.base == "date":
            return last.isoformat()
        zone = "+00" if self.column.type.base == "timestamptz" else ""
        digits = self.column.type.precision
        fraction = "." + "9" * (_MICROSECONDS if digits is None else digits) if digits != 0 else ""
        return f"{last} 23:59:59{fraction}{zone}"

    def row(self, key: str, number: int) -> Row:
        """Return a row with that value in its key; its parents are in the population."""
        return numbered(self.source, self._row, number, {self.column.name: key})

    def _at(self, day: date) -> str:
        if self.column.type.base == "date":
            return day.isoformat()
        zone = "+00" if self.column.type.base == "timestamptz" else ""
        return f"{day} 00:00:00{zone}"


def numbered(source: Source, row: Row, number: int, values: Mapping[str, Value]) -> Row:
    """Return the row of another number, with the same parents."""
    table = row.table
    draft = source.rows.draft(table, number, {}, optional=False)
    referring = {column for key in table.foreign_keys for column in key.columns}
    kept = {name: row.values[name] for name in row.values if name in referring}
    return Row(table=table, values={**draft, **kept, **values})


def outside(column: Column) -> tuple[Value, ...]:
    """Return values of a partition key that no partition that people make would take."""
    kind = column.type
    if kind.base in _TIMES:
        return ("1900-01-01", "9000-01-01")
    if kind.base in _NUMBERS:
        return ("-30000", "30000")
    return ("~outside~",) if kind.base in _TEXTS and (kind.length or 9) >= len("~outside~") else ()


def location(table: Table) -> str:
    """Return SQL for RETURNING: the partition a row of that table is in, as `schema.name`."""
    return (
        "(select n.nspname || '.' || c.relname from pg_catalog.pg_class c"
        " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
        f" where c.oid = {quote(table.name.name)}.tableoid)"
    )


def is_default(table: Table) -> str:
    """Return SQL for RETURNING: whether a row of that table is in its default partition."""
    return (
        "(select pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT'"
        f" from pg_catalog.pg_class c where c.oid = {quote(table.name.name)}.tableoid)"
    )


def accepted(statement: Statement, *rows: tuple[str | None, ...]) -> Step:
    """Return a step that must be accepted, and give back these rows if there are any."""
    return Step(statement=statement, expect=Accepted(returns=rows or None))
