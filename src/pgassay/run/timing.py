"""Timings: the hot queries and writes of one system, ready to be run many times.

Judged is nothing here: milliseconds are told, and compared by those who look at them. Reads have
one copy of the populated database, writes another; each write is rolled back, and what it left
is vacuumed away, so that every round begins on the same ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, suggestion
from pgassay.core.statement import Statement
from pgassay.plans.places import Places
from pgassay.plans.query import PlanMode
from pgassay.plans.writes import Write, writes_of
from pgassay.postgres.prepared import Stopwatch
from pgassay.run.bench import queries_of
from pgassay.run.query_bench import QueryBench
from pgassay.run.query_files import check_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pgassay.core.names import QualifiedName
    from pgassay.run.populated import PopulatedStand


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One thing to be timed.

    Args:
        name: what it is called, stable from night to night.
        group: what it is compared within.
        statement: what is timed.
        mode: which plan.
        once: what is run before the first round and stays.
        before: what is run before each round, in its transaction.
        touched: the tables that it writes; empty if it only reads.
        derived: whether nobody wrote it: the schema may well forbid it.
    """

    name: str
    group: str
    statement: Statement
    mode: PlanMode = PlanMode.CUSTOM
    once: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    touched: tuple[QualifiedName, ...] = ()
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A timing on its database.

    Args:
        run: what a clock is held against; returns the rows.
        begin: before each round of a write, None for a read.
        end: after each round of a write, None for a read.
    """

    run: Callable[[], int]
    begin: Callable[[], None] | None = None
    end: Callable[[], None] | None = None


class Timer:
    """Lends the timings of a populated stand."""

    def __init__(self, stand: PopulatedStand) -> None:
        self._stand = stand
        self._places = Places(stand.catalogs[stand.proven])

    def timings(self, writes: tuple[str, ...] = ()) -> Iterator[Timing]:
        """Yield every hot query with the values of each run, then the writes of some tables.

        Args:
            writes: names of tables.

        Raises:
            ConfigError: a query's file is damaged, or there is no such table.
        """
        queries = queries_of(self._stand.request)
        for query in queries:
            check_names(query, self._places)
        session = self._stand.session(self._read_copy)
        bench = QueryBench(session, self._places, kept=self._stand.request.system.settings)
        for question in bench.questions(queries):
            query = question.query
            written = bench.written(question)
            yield Timing(
                name=f"{query.name}[{question.asked}]",
                group=query.name,
                statement=question.statement,
                mode=question.mode,
                touched=written,
            )
        for name in writes:
            table = self._places.table_named(name)
            if table is None:
                raise ConfigError(
                    f'there is no table "{name}"',
                    where="Timings(writes=…)",
                    expected=suggestion(name, self._places.table_names()),
                )
            for write in writes_of(self._places.catalog, table):
                yield _timing(write)

    def ready(self, timing: Timing) -> Ready:
        """Return a timing ready to run; what is run once is run.

        Raises:
            SchemaError: the server refuses it.
        """
        if not timing.touched:
            return Ready(run=self._reads.prepare(timing.statement, timing.mode).run)
        watch = self._writes
        watch.do(*timing.once)
        watch.rest(timing.touched)
        prepared = watch.prepare(timing.statement, timing.mode)

        def begin() -> None:
            watch.do("begin", *timing.before)

        def end() -> None:
            watch.do("rollback")
            watch.rest(timing.touched)

        return Ready(run=prepared.run, begin=begin, end=end)

    @property
    def conditions(self) -> Mapping[str, str]:
        """What decides the figures, to be kept beside them."""
        stand = self._stand
        return {
            "system": stand.name,
            "postgres": stand.server.version,
            "profile": stand.order.name,
            "seed": str(stand.request.seed),
        }

    @cached_property
    def _read_copy(self) -> str:
        return self._stand.clone()

    @cached_property
    def _reads(self) -> Stopwatch:
        return Stopwatch(self._stand.connect(self._read_copy))

    @cached_property
    def _writes(self) -> Stopwatch:
        return Stopwatch(self._stand.connect(self._stand.clone()))


def _timing(write: Write) -> Timing:
    table = str(write.table)
    return Timing(
        name=f"{table}[{write.name}]",
        group=f"writes of {table}",
        statement=Statement(write.sql),
        once=write.once,
        before=write.before,
        touched=write.touched,
        derived=True,
    )
