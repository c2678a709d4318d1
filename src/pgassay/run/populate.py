"""Populating a database, as a stream of events."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pgassay
from pgassay.core.event import (
    Event,
    PhaseFinished,
    PhaseStarted,
    Progressed,
    RowsCopied,
    RunFinished,
    RunStarted,
    StatisticsCompared,
    TablePopulated,
    Told,
)
from pgassay.core.names import QualifiedName
from pgassay.postgres.bulk import Copied, Done, Planned, Stage, digests
from pgassay.run.exhibits import tables_seen
from pgassay.run.populated import PopulatedStand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import psycopg

    from pgassay.postgres.bulk import Step
    from pgassay.run.populated import VolumeOrder
    from pgassay.run.stand import Request

PHASES = {
    Stage.COPY: "rows",
    Stage.INDEX: "indexes",
    Stage.VALIDATE: "references",
    Stage.VACUUM: "vacuum",
    Stage.ANALYZE: "analyze",
}
_SIZES = """
    select rn.nspname, r.relname, c.relname, n.nspname, pg_catalog.pg_table_size(c.oid),
           pg_catalog.pg_indexes_size(c.oid)
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_class r
      on r.oid = coalesce(pg_catalog.pg_partition_root(c.oid)::oid, c.oid)
    join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
    where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname <> 'information_schema'
      and n.nspname not like 'pg\\_%'
    order by 1, 2, 4, 3
"""


def populate(
    request: Request,
    order: VolumeOrder,
    *,
    digest: bool = False,
    then: Callable[[PopulatedStand], Iterable[Event] | None] | None = None,
) -> Iterator[Event]:
    """Populate the migrated database of one system and yield what happens.

    Args:
        request: which system, where.
        order: which rows.
        digest: tell a digest of each table's rows.
        then: called with the stand while the database is there.
    """
    started = perf_counter()
    system = request.system.name
    yield PhaseStarted(system=system, phase="routes")
    with PopulatedStand(request, order) as stand:
        yield RunStarted(
            command="populate",
            system=system,
            server=stand.server.why,
            postgres=stand.server.version,
            seed=request.seed,
            version=pgassay.__version__,
        )
        counts = {"built" if stand.built else "cloned": len(stand.routes)}
        yield PhaseFinished(
            system=system, phase="routes", seconds=perf_counter() - started, counts=counts
        )
        yield from filled(stand)
        yield from _tables(stand, digest=digest)
        for nearness in order.compare(stand) if order.compare else ():
            yield StatisticsCompared(system=system, nearness=nearness)
        yield from (then(stand) if then else None) or ()
    yield RunFinished(system=system, passed=True, seconds=perf_counter() - started)


def filled(stand: PopulatedStand) -> Iterator[Event]:
    """Fill a stand and yield what happens, phase by phase.

    Phases overlap: the seconds of each run from its first piece of work to its last.
    """
    started = perf_counter()
    system, volume = stand.name, stand.order.name
    if stand.cloned:
        yield PhaseStarted(system=system, phase="rows")
        counts = {f"{volume} cloned": 1}
        yield PhaseFinished(
            system=system, phase="rows", seconds=perf_counter() - started, counts=counts
        )
        return
    yield PhaseStarted(system=system, phase="volume")
    clock = _Clock(system)
    yield from (event for step in stand.fill() for event in clock.events(step, stand))
    if stand.not_kept:
        yield Told(system=system, text=f"made again by the next run: {stand.not_kept}")


class _Clock:
    """Turns the steps of a load into events."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._started = perf_counter()
        self._begun: dict[Stage, float] = {}
        self._left: Counter[Stage] = Counter()
        self._pieces: Counter[Stage] = Counter()
        self._rows = self._total = 0

    def events(self, step: Step, stand: PopulatedStand) -> Iterator[Event]:
        match step:
            case Planned():
                seconds = perf_counter() - self._started
                yield self._finished("volume", seconds, {"rows asked for": step.rows})
                self._total = step.rows
                self._pieces.update(step.pieces)
                self._left.update(step.pieces)
            case Copied():
                yield from self._begin(Stage.COPY)
                self._rows += step.rows
                asked = (stand.asked or {}).get(step.root, 0)
                yield RowsCopied(
                    system=self._system,
                    table=str(step.root),
                    rows=step.rows,
                    size=step.size,
                    asked=asked,
                )
                yield self._progressed(Stage.COPY, self._rows, self._total)
            case Done():
                yield from self._begin(step.stage, step.seconds)
                self._left[step.stage] -= 1
                pieces, left = self._pieces[step.stage], self._left[step.stage]
                if step.stage is not Stage.COPY:
                    yield self._progressed(step.stage, pieces - left, pieces)
                if not left:
                    counts = {_NOUNS[step.stage]: pieces}
                    if step.stage is Stage.COPY:
                        counts = {"copied": self._rows, **counts}
                    seconds = perf_counter() - self._begun[step.stage]
                    yield self._finished(PHASES[step.stage], seconds, counts)

    def _begin(self, stage: Stage, ago: float = 0.0) -> Iterator[Event]:
        if stage not in self._begun:
            self._begun[stage] = perf_counter() - ago
            yield PhaseStarted(system=self._system, phase=PHASES[stage])

    def _progressed(self, stage: Stage, done: int, total: int) -> Progressed:
        return Progressed(system=self._system, phase=PHASES[stage], done=done, total=total)

    def _finished(self, phase: str, seconds: float, counts: dict[str, int]) -> PhaseFinished:
        return PhaseFinished(system=self._system, phase=phase, seconds=seconds, counts=counts)


_NOUNS = {
    Stage.COPY: "relations",
    Stage.INDEX: "built",
    Stage.VALIDATE: "tables validated",
    Stage.VACUUM: "relations",
    Stage.ANALYZE: "partitioned tables",
}


def _tables(stand: PopulatedStand, *, digest: bool) -> Iterator[Event]:
    """Yield what each table has come to."""
    asked = stand.asked
    counted: dict[QualifiedName, int] = {}
    with stand.server.connect(stand.volume) as connection:
        sizes: dict[QualifiedName, list[tuple[QualifiedName, int, int]]] = defaultdict(list)
        for root_schema, root, leaf, schema, size, index_size in _rows(connection):
            parts = sizes[QualifiedName(root_schema, root)]
            parts.append((QualifiedName(schema, leaf), size, index_size))
        for table, parts in sizes.items():
            if table in stand.bookkeeping:
                continue
            leaves = [leaf for leaf, _, _ in parts]
            counted |= {leaf: _count(connection, leaf) for leaf in leaves}
            yield TablePopulated(
                system=stand.name,
                table=str(table),
                rows=sum(counted[leaf] for leaf in leaves),
                asked=None if asked is None else asked.get(table, 0),
                size=sum(size for _, size, _ in parts),
                index_size=sum(size for _, _, size in parts),
                digest=_digest(connection, leaves) if digest else None,
            )
    yield from tables_seen(stand.name, stand.catalogs[stand.proven], counted)


def _count(connection: psycopg.Connection[Any], leaf: QualifiedName) -> int:
    found = connection.execute(f"select count(*) from only {leaf.sql}".encode()).fetchone()
    return int(str(found[0])) if found else 0


def _digest(connection: psycopg.Connection[Any], leaves: Iterable[QualifiedName]) -> str:
    """Return one digest for all relations that hold rows of a table."""
    total = hashlib.blake2b(digest_size=16)
    for leaf, found in digests(connection, leaves).items():
        total.update(f"{leaf} {found}\n".encode())
    return total.hexdigest()


def _rows(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return connection.execute(_SIZES).fetchall()
