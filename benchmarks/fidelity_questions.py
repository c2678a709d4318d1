"""The questions of the fidelity benchmark: hot queries, and generated statements from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.names import literal, quote
from pgassay.core.snapshot import Held
from pgassay.core.statement import Statement
from pgassay.plans.query import PlanMode
from pgassay.run.query_bench import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pgassay.core.snapshot import RelationSeen, Snapshot
    from pgassay.plans.query import HotQuery
    from pgassay.run.query_bench import ValueFinder

_KINDS = (
    "point",
    "range",
    "beyond",
    "list",
    "order",
    "group",
    "null",
    "either",
    "last",
    "least",
    "kinds",
    "without",
)
_JOINED = ("point", "range", "list", "last")
_SOME = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One statement, as a custom plan or a generic one."""

    name: str
    statement: Statement
    mode: PlanMode = PlanMode.CUSTOM


def hot(finder: ValueFinder, queries: Iterable[HotQuery]) -> tuple[Asking, ...]:
    """Return the hot queries with the values of every run that has any."""
    found: list[Asking] = []
    for query in queries:
        for run in query.runs:
            values = finder.of(query, run)
            if values is None:
                continue
            questions = (
                Question(query=query, run=run, mode=mode, values=values) for mode in query.modes
            )
            found += (
                Asking(name=f"{query.name} ({q.asked})", statement=q.statement, mode=q.mode)
                for q in questions
            )
    return tuple(found)


def generated(snapshot: Snapshot, number: int, seed: int) -> Iterator[Asking]:
    """Yield statements about tables and columns that have statistics.

    Points, ranges to the ends and beyond them, lists, joins, orders with a limit from either end,
    groups, NULL, least and greatest, different values, anti joins.
    """
    draw = random.Random(seed)  # noqa: S311 - no secret
    tables = [r for r in snapshot.relations if r.parent is None and r.kind is not Held.FOREIGN]
    tables = [r for r in tables if _known(r)]
    for count in range(number):
        table = draw.choice(tables)
        kind = _KINDS[count % len(_KINDS)]
        sql = _one(table, kind, draw)
        if kind in _JOINED and draw.random() < _SOME:
            other = draw.choice(tables)
            mine, theirs = draw.choice(_known(table)), None
            theirs = next((c for c in _known(other) if c[1] == mine[1] and other != table), None)
            if theirs is not None:
                joined = (
                    f" join {other.name.sql} o on o.{quote(theirs[0])} = t.{quote(mine[0])} where "
                )
                sql = sql.replace(" where ", joined, 1).replace("select *", "select t.*, o.*")
        yield Asking(name=f"{kind} {count} on {table.name}", statement=Statement(sql))


def _known(table: RelationSeen) -> list[tuple[str, str, Sequence[str], Sequence[str]]]:
    """Return name, type, common values and bounds of columns that have any."""
    found = []
    for column in table.columns:
        statistics = column.of(inherited=table.kind is Held.PARTITIONED)
        if statistics is not None and (statistics.bounds or statistics.values):
            found.append((column.name, column.type, statistics.values, statistics.bounds))
    return found


def _one(table: RelationSeen, kind: str, draw: random.Random) -> str:
    name, type_, values, bounds = draw.choice(_known(table))
    some = [*values, *bounds]

    def value() -> str:
        return f"{literal(draw.choice(some))}::{type_}"

    column, of = f"t.{quote(name)}", f"from {table.name.sql} t"
    ends = bounds or values
    low, high = literal(ends[0]), literal(ends[-1])
    near = literal(ends[-2] if len(ends) > 1 else ends[-1])
    statements: Mapping[str, str] = {
        "point": f"select * {of} where {column} = {value()}",
        "range": f"select * {of} where {column} between least({value()}, {value()}) and {value()}",
        "beyond": f"select count(*) {of} where {column} > {high}::{type_}"
        f" or {column} < {low}::{type_}",
        "list": f"select * {of} where {column} in ({value()}, {value()}, {value()})",
        "order": f"select * {of} where {column} >= {value()} order by {column} limit 20",
        "group": f"select {column}, count(*) {of} group by 1 order by 2 desc limit 10",
        "null": f"select count(*) {of} where {column} is not null and {column} <> {value()}",
        "either": f"select * {of} where {column} = {value()} or {column} > {value()} limit 100",
        "last": f"select * {of} where {column} > {near}::{type_} order by {column} desc limit 20",
        "least": f"select {column} {of} where {column} is not null order by 1 limit 1",
        "kinds": f"select count(distinct {column}) {of} where {column} < {value()}",
        "without": f"select count(*) {of} where not exists (select {of.replace(' t', ' u')}"
        f" where u.{quote(name)} = {column} and u.{quote(name)} > {value()})",
    }
    return statements[kind]
