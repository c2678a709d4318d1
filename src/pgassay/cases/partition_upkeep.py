"""Upkeep of partitions: creating months again is harmless, dropping an old one keeps the rest.

What it finds
    A maintenance function that fails when it runs twice, that cannot create a month because the
    default partition holds a row of it, a default partition that is not empty, and anything that
    stands in the way of detaching the oldest month.

Why it hurts
    Such jobs run at night and without a witness: the first sign is an INSERT that fails, or a
    disk that is full because no month could be dropped.

Bad example
    CREATE TABLE events_2026_11 PARTITION OF events ... in a cron job: the second run fails.

Good example
    A function that looks for the bound first, and moves rows out of the default partition.

How to fix
    Mend the function that the system's `[[partitions]]` names; move the rows that the default
    partition holds into partitions of their own.

When to ignore
    Never: declare no rule for a table that is divided by hand.

Reference
    PostgreSQL documentation: Table Partitioning, Partition Maintenance.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pgassay.cases.partitioning import Calendar, accepted, is_default
from pgassay.cases.period import period_of
from pgassay.cases.survey import where
from pgassay.core.case import Accepted, Case, Refused, Step, Subject, Unproven
from pgassay.core.names import literal
from pgassay.core.statement import Statement
from pgassay.rows.partitions import bounds
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.cases.period import Period
    from pgassay.core.catalog import Table
    from pgassay.core.statement import Value
    from pgassay.rows.row import Row

_KIND = "partition_upkeep"
_WHY = "maintenance runs at night and alone: what is wrong with it shows as refused rows much later"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the upkeep of every table with a rule, and that every default partition is empty."""
    rules = {rule.table: rule for rule in source.partitions}
    for table in source.contract.roots():
        if table.partition_key is None:
            continue
        yield from _empty_default(source, table)
        if table.name not in rules:
            continue
        try:
            calendar = Calendar(source, table, rules[table.name])
            yield from _of_rule(calendar)
        except (Unsatisfiable, ValueError) as failure:
            yield _unproven(table, "months are kept", str(failure))
    known = {table.name for table in source.contract.roots()}
    for name in rules.keys() - known:
        subject = Subject(object=str(name))
        reason = "the contract has no such table"
        yield Unproven(
            kind=_KIND, subject=subject, title="months are kept", reason=reason, fails=True
        )


def _empty_default(source: Source, table: Table) -> Iterator[Case]:
    for part in source.built.partitions_of(table.name):
        if part.partition and part.partition.is_default:
            look = Statement(f"select exists (select from {part.name.sql})")
            yield _case(table, "the default partition is empty", (), (accepted(look, ("f",)),))


def _of_rule(calendar: Calendar) -> Iterator[Case | Unproven]:
    table = calendar.table
    needs = (*calendar.create(), *calendar.population.needs())
    create = calendar.create()
    if create:
        yield _case(table, "creating them again changes nothing", needs, _again(calendar))
        if calendar.has_default:
            title = "a month can be created whose rows wait in the default partition"
            yield _case(table, title, needs, _moved_out(calendar))
    oldest = _oldest(calendar)
    if oldest is None:
        yield _unproven(table, "the oldest can be dropped", "no partition with bounds was built")
    else:
        title = "the oldest can be detached and dropped, and the rest stays"
        yield _case(table, title, needs, _dropped(calendar, oldest))


def _again(calendar: Calendar) -> tuple[Step, ...]:
    relation = literal(calendar.table.name.sql)
    bound = (
        "(select coalesce(string_agg(c.relname || ' ' || pg_catalog.pg_get_expr(c.relpartbound,"
        " c.oid), ', ' order by c.relname), '') from pg_catalog.pg_inherits i"
        " join pg_catalog.pg_class c on c.oid = i.inhrelid"
        f" where i.inhparent = {relation}::regclass)"
    )
    keep = f"select pg_catalog.set_config('pgassay.partitions', {bound}, true)"
    same = f"select pg_catalog.current_setting('pgassay.partitions') = {bound}"
    return (
        Step(statement=Statement(keep), expect=Accepted()),
        *(Step(statement=s, expect=Accepted()) for s in calendar.create()),
        accepted(Statement(same), ("t",)),
    )


def _moved_out(calendar: Calendar) -> tuple[Step, ...]:
    """Let a row wait in the default partition for a month that is created later."""
    beyond = calendar.periods()[-1].next
    ahead = sum(1 for _ in calendar.until(beyond))
    row = calendar.row(calendar.first_instant(beyond), 0)
    values: list[Value] = []
    found = where(row.table, row.values, values)
    at = f"select {is_default(row.table)} from {row.table.name.sql} where {found}"
    return (
        accepted(row.insert(is_default(row.table)), ("t",)),
        *(Step(statement=s, expect=Accepted()) for s in calendar.create(ahead)),
        accepted(Statement(at, tuple(values)), ("f",)),
    )


def _oldest(calendar: Calendar) -> Table | None:
    found = []
    for part in calendar.source.built.partitions_of(calendar.table.name):
        ends = bounds(part.partition) if part.partition else None
        if ends and ends[0][0] is not None:
            found.append((ends[0][0], part.name.sql, part))
    return min(found)[2] if found else None


def _dropped(calendar: Calendar, oldest: Table) -> tuple[Step, ...]:
    table = calendar.table
    assert oldest.partition is not None
    ends = bounds(oldest.partition)
    assert ends is not None
    start = str(ends[0][0])
    gone, late = calendar.row(start, 0), calendar.row(start, 2)
    other = _another(calendar, start)
    kept = [calendar.row(calendar.first_instant(other), 1)] if other else []
    last = (
        accepted(late.insert(is_default(table)), ("t",))
        if calendar.has_default
        else Step(statement=late.insert(), expect=Refused(sqlstate="23514"))
    )
    return (
        *(Step(statement=row.insert(), expect=Accepted()) for row in (gone, *kept)),
        _statement(f"alter table {table.name.sql} detach partition {oldest.name.sql}"),
        _there(gone, "f"),
        *(_there(row, "t") for row in kept),
        _statement(f"drop table {oldest.name.sql}"),
        *(_there(row, "t") for row in kept),
        last,
    )


def _another(calendar: Calendar, start: str) -> Period | None:
    """Return a period that is not the oldest partition's, and has a partition."""
    oldest = period_of(date.fromisoformat(start[: len("2026-11-01")]), calendar.rule.every)
    return next((p for p in reversed(calendar.periods()) if p != oldest), None)


def _there(row: Row, answer: str) -> Step:
    values: list[Value] = []
    found = where(row.table, row.values, values)
    sql = f"select exists (select from {row.table.name.sql} where {found})"
    return accepted(Statement(sql, tuple(values)), (answer,))


def _statement(sql: str) -> Step:
    return Step(statement=Statement(sql), expect=Accepted())


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


def _unproven(table: Table, title: str, reason: str) -> Unproven:
    subject = Subject(object=str(table.name))
    return Unproven(kind=_KIND, subject=subject, title=title, reason=reason)
