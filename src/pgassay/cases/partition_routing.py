"""Partitions: every row lands where its key says, at both ends of every bound.

What it finds
    A partition that is missing, whose bound has moved, or that is attached under another list of
    values; months ahead that nobody created; a default partition that is missing or extra; a row
    that stays behind when its key changes.

Why it hurts
    Without a partition an INSERT fails, at midnight on the first of a month. With a default one
    the rows pile up there, and the month cannot be created any more until somebody moves them.
    A bound that is off by one day deletes the wrong rows when the month is dropped.

Bad example
    FOR VALUES FROM ('2026-11-02') TO ('2026-12-01')

Good example
    FOR VALUES FROM ('2026-11-01') TO ('2026-12-01'), and a job that keeps some months ahead.

How to fix
    ALTER TABLE ... DETACH PARTITION ..., and attach it with the right bound; run the maintenance
    function that the system's `[[partitions]]` names.

When to ignore
    Which months exist is no promise of the models: declare the rule, and the cases go by it.

Reference
    PostgreSQL documentation: Table Partitioning; CREATE TABLE, PARTITION OF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.partitioning import (
    Calendar,
    accepted,
    is_default,
    location,
    numbered,
    outside,
)
from pgassay.cases.population import Population
from pgassay.cases.routing import leaf
from pgassay.cases.survey import where
from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.catalog import PartitionStrategy
from pgassay.core.names import quote
from pgassay.core.statement import Statement
from pgassay.rows.partitions import bounds, key_values, members
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.cases.period import Period
    from pgassay.core.catalog import Table
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

_KIND = "partition_routing"
_WHY = "a row without its partition is refused, or piles up in the default where nobody looks"
_PAST, _FUTURE = "1900-01-01", "9000-01-01"  # outside of any partition that people make


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield where rows of every partitioned table land."""
    rules = {rule.table: rule for rule in source.partitions}
    for table in source.contract.roots():
        if table.partition_key is None:
            continue
        try:
            if table.name in rules:
                yield from _by_rule(Calendar(source, table, rules[table.name]))
            else:
                yield from _by_name(source, table)
        except (Unsatisfiable, ValueError) as failure:
            yield _unproven(table, "rows land where their key says", str(failure), fails=True)


def _by_rule(calendar: Calendar) -> Iterator[Case]:
    needs = (*calendar.create(), *calendar.population.needs())
    for period in calendar.periods():
        steps = _together(calendar, period)
        yield _case(calendar.table, f"{period} has a partition of its own", needs, steps)
    for name, day in (("before", _PAST), ("after", _FUTURE)):
        yield _outside(calendar, needs, name, day)
    steps = _moving(calendar)
    if steps:
        yield _case(calendar.table, "a row moves with its key", needs, steps)


def _together(calendar: Calendar, period: Period) -> tuple[Step, ...]:
    keys = [calendar.first_instant(period), calendar.last_instant(period)]
    # Without a default partition nothing takes what follows the last one.
    if calendar.has_default or period.next in calendar.periods():
        keys.append(calendar.first_instant(period.next))
    rows = [calendar.row(key, number) for number, key in enumerate(keys)]
    values: list[Value] = []
    sides = []
    for row in rows:
        found = where(row.table, row.values, values)
        sides.append(f"(select tableoid from {row.table.name.sql} where {found})")
    look = (
        "select a = b as first_and_last_together, a is distinct from c as next_apart,"
        " (select pg_catalog.pg_get_expr(relpartbound, oid) = 'DEFAULT'"
        " from pg_catalog.pg_class where oid = a) as in_default"
        f" from (select {', '.join((*sides, 'null::oid')[:3])}) as places (a, b, c)"
    )
    return (
        *(Step(statement=row.insert(), expect=Accepted()) for row in rows),
        accepted(Statement(look, tuple(values)), ("t", "t", "f")),
    )


def _outside(calendar: Calendar, needs: tuple[Statement, ...], name: str, day: str) -> Case:
    zone = "+00" if calendar.column.type.base == "timestamptz" else ""
    row = calendar.row(day + (f" 00:00:00{zone}" if zone else ""), 0)
    if calendar.has_default:
        title = f"a row {name} all partitions lands in the default"
        step = accepted(row.insert(is_default(calendar.table)), ("t",))
    else:
        title = f"a row {name} all partitions refused"
        step = Step(statement=row.insert(), expect=Refused(sqlstate="23514"))
    return _case(calendar.table, title, needs, (step,))


def _moving(calendar: Calendar) -> tuple[Step, ...]:
    table, now = calendar.table, calendar.now
    others = [period for period in calendar.periods() if period != now]
    if calendar.has_default:
        others.append(now.next)
    if not others:
        return ()
    row = calendar.row(calendar.first_instant(now), 0)
    return (
        accepted(row.insert(is_default(table)), ("f",)),
        _move(row, calendar.column.name, calendar.first_instant(others[-1])),
    )


def _move(row: Row, column: str, key: Value) -> Step:
    """Update a row's key; what comes back says that its partition is another one."""
    values: list[Value] = [key]
    found = where(row.table, row.values, values)
    name = row.table.name
    sql = (
        f"update {name.sql} set {quote(column)} = $1 where {found} returning"
        f" {quote(name.name)}.tableoid <> (select old.tableoid from {name.sql} as old"
        f" where {found})"
    )
    return accepted(Statement(sql, tuple(values)), ("t",))


def _by_name(source: Source, table: Table) -> Iterator[Case | Unproven]:
    """Yield where the values at the bounds of the contract's own partitions land."""
    key = table.partition_key
    assert key is not None
    column = key.columns[0]
    if column is None or None in key.columns:
        yield _unproven(table, "rows land where their key says", "the key is an expression")
        return
    population = Population(source.rows)
    row = population.add(table)
    population.rows.pop()
    needs = population.needs()
    for keys in _values_at_bounds(source, table):
        placed = numbered(source, row, 0, keys)
        there = leaf(source, table, placed.values, catalog=source.contract)
        shown = ", ".join(str(value) for value in keys.values())
        if there is None:
            step = Step(statement=placed.insert(), expect=Refused(sqlstate="23514"))
            yield _case(table, f"({shown}) refused", needs, (step,))
        else:
            name = f"{there.name.schema}.{there.name.name}"
            step = accepted(placed.insert(location(table)), (name,))
            yield _case(table, f"({shown}) lands in {there.name}", needs, (step,))
    yield from _moves(source, table, row, needs)


def _moves(source: Source, table: Table, row: Row, needs: tuple[Statement, ...]) -> Iterator[Case]:
    assert table.partition_key is not None
    column = table.partition_key.columns[0]
    seen: dict[object, Row] = {}
    for keys in _values_at_bounds(source, table):
        placed = numbered(source, row, 0, keys)
        there = leaf(source, table, placed.values, catalog=source.contract)
        if there is not None:
            seen.setdefault(there.name, placed)
    pair = list(seen.values())[:2]
    if len(pair) == 2 and column is not None and len(table.partition_key.columns) == 1:  # noqa: PLR2004 - a pair
        one, two = pair
        steps = (
            Step(statement=one.insert(), expect=Accepted()),
            _move(one, column, two.values[column]),
        )
        yield _case(table, "a row moves with its key", needs, steps)


def _values_at_bounds(source: Source, table: Table) -> list[dict[str, Value]]:
    """Return the keys at which something changes: bounds, members, and rows of any kind."""
    key = table.partition_key
    assert key is not None
    columns = [column for column in key.columns if column is not None]
    found: list[dict[str, Value]] = []
    for part in source.contract.partitions_of(table.name):
        if part.partition is None:
            continue
        inside = key_values(part, source.contract, 0)
        if set(columns) <= inside.keys():
            found.append({column: inside[column] for column in columns})
        if key.strategy is PartitionStrategy.LIST:
            found += ({columns[0]: value} for value in members(part.partition))
        ends = bounds(part.partition) or ()
        found += (dict(zip(columns, end, strict=True)) for end in ends if None not in end)
    if len(columns) == 1:
        found += ({columns[0]: value} for value in outside(table.column(columns[0])))
    for number in range(4):
        draft = source.rows.draft(table, number, {}, optional=False)
        found.append({column: draft[column] for column in columns})
    unique = {tuple(keys.values()): keys for keys in found}
    return list(unique.values())


def _case(table: Table, title: str, needs: tuple[Statement, ...], steps: tuple[Step, ...]) -> Case:
    key = table.partition_key
    return Case(
        kind=_KIND,
        subject=Subject(object=str(table.name)),
        title=title,
        needs=needs,
        steps=steps,
        why=_WHY,
        promise=f"partition by {key.definition}" if key else "",
    )


def _unproven(table: Table, title: str, reason: str, *, fails: bool = False) -> Unproven:
    subject = Subject(object=str(table.name))
    return Unproven(kind=_KIND, subject=subject, title=title, reason=reason, fails=fails)
