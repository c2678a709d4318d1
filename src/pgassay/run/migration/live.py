"""Live traffic: the migration runs on rows while clients are at work.

Once beside short transactions alone, and once beside some that stay open.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import ConfigError
from pgassay.core.event import (
    Event,
    RevisionTraced,
    StallSeen,
    StandstillTold,
    Told,
    TrafficSeen,
)
from pgassay.core.trace import LockMode
from pgassay.core.traffic import Scene
from pgassay.history.traffic.judgement import headline, judge
from pgassay.history.traffic.stalls import stalls
from pgassay.plans.places import Places
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.traffic.experiment import among_clients
from pgassay.rows.maker import RowMaker
from pgassay.run.bench import queries_of
from pgassay.run.migration.accepting import Judged, told
from pgassay.run.migration.parts import Company, framed
from pgassay.run.migration.tracing import trace
from pgassay.run.migration.traffic.application import Application
from pgassay.run.migration.traffic.crowd import asked, crowd_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.names import QualifiedName
    from pgassay.core.trace import RevisionTrace
    from pgassay.core.traffic import Traffic
    from pgassay.plans.query import HotQuery
    from pgassay.postgres.traffic.experiment import Crowd
    from pgassay.run.migration.ground import Ground
    from pgassay.run.migration.parts import PartEvents

_SHORTLY, _LATE, _LONGEST = 3.0, 1.5, 12.0  # seconds that a wait of the migration is watched
KINDS = ("migration_stall", "migration_queue", "migration_deadlock", "migration_refusal")


def traffic(ground: Ground) -> PartEvents:
    """Run the revisions among clients and tell who waited behind them and what was refused."""
    yield from framed(ground, "traffic", _scenes(ground))


def touched(ground: Ground) -> tuple[QualifiedName, ...]:
    """Return the tables of before that the revisions lock or write, as their trace has shown.

    What is only read is left out: nobody but an ACCESS EXCLUSIVE lock waits for that.
    """
    traces = ground.traces or _traced(ground)  # a part that is asked for alone
    found: dict[QualifiedName, None] = {}
    for one in traces:
        for _, lock in one.locks():
            if lock.mode.rank > LockMode.ACCESS_SHARE.rank:
                found[lock.index_of or lock.relation] = None
        for statement in one.statements:
            found.update(dict.fromkeys(written.relation for written in statement.written))
    places = Places(ground.before)
    roots = dict.fromkeys(places.root(name) for name in found)
    return tuple(name for name in roots if name in places.tables)


def hot_queries(ground: Ground) -> tuple[HotQuery, ...]:
    """Return the hot queries of the system; none where it has none."""
    try:
        return queries_of(ground.request)
    except ConfigError as error:
        if error.found == "there is no hot query":
            return ()
        raise


def _traced(ground: Ground) -> list[RevisionTrace]:
    return [event.trace for event in trace(ground) if isinstance(event, RevisionTraced)]


def _scenes(ground: Ground) -> Iterator[Event | Company]:
    label = ground.selection.label
    tables = touched(ground)
    if not tables:
        yield Told(
            system=ground.name,
            text="no table that was there before is locked or written: nobody can wait for it",
        )
        line = "the site stands still for 0.0 s"
        yield StandstillTold(system=ground.name, revision=label, headline=line)
        return
    crowd = _crowd(ground, tables)
    seen: dict[Scene, Traffic] = {}
    judged: list[Judged] = []
    for scene in Scene:
        if scene is Scene.LONG:  # for seconds on end everybody waits for a transaction
            yield Company.OTHERS
        began = perf_counter()
        seen[scene] = found = _among_clients(ground, crowd, scene)
        yield TrafficSeen(system=ground.name, revision=label, traffic=found)
        yield from _stalls(ground, found)
        judged.append(_judged(ground, found, perf_counter() - began))
        if found.again is not None:
            yield Told(system=ground.name, text=_gave_up(found))
    line = headline(seen[Scene.SHORT], seen[Scene.LONG])
    yield StandstillTold(system=ground.name, revision=label, headline=line)
    yield from told(ground, judged, KINDS, by_chance=True)


def _gave_up(found: Traffic) -> str:
    how = "came through" if found.again else "was refused as well"
    return (
        "it gave up behind a transaction that stayed open, as its lock_timeout has it; run again "
        f"it {how}"
    )


def _crowd(ground: Ground, tables: tuple[QualifiedName, ...]) -> Crowd:
    database = ground.populated(aside=True)
    try:
        with ground.server.connect(database) as connection:
            session = PipelineSession(connection)
            rows = RowMaker(ground.before, ask=session)
            application = Application(ground.before, session, rows)
            queries = list(asked(hot_queries(ground), session, Places(ground.before)))
            return crowd_of(queries, application, tables, patience=_patience(ground))
    finally:
        ground.drop(database)


def _patience(ground: Ground) -> float:
    """Return for how long a wait of the migration is watched: until its lock_timeout is over.

    Where some statement that takes a strong lock has none, a wait without a limit shows sooner.
    """
    timeouts = [
        statement.lock_timeout
        for one in ground.traces
        for statement in one.statements
        if any(lock.mode.blocks_writes for lock in statement.locks)
    ]
    if not timeouts or not all(timeouts):
        return _SHORTLY
    return min(max(timeouts) / 1000 + _LATE, _LONGEST)


def _among_clients(ground: Ground, crowd: Crowd, scene: Scene) -> Traffic:
    database = ground.populated()
    with ground.open(database) as history:
        history.heads()  # its process is up, the revisions are read

        def migrate() -> None:
            for _ in ground.upgrade(history):
                pass

        found = among_clients(lambda: ground.server.connect(database), migrate, crowd, scene)
    ground.drop(database)
    return found


def _stalls(ground: Ground, found: Traffic) -> Iterator[Event]:
    for stall in stalls(found.waits):
        yield StallSeen(
            system=ground.name,
            revision=ground.selection.label,
            scene=found.scene.value,
            relation=str(stall.relation) if stall.relation else "",
            mode=stall.mode,
            began=stall.began,
            ended=stall.ended,
            longest=stall.longest,
            waits=stall.waits,
        )


def _judged(ground: Ground, found: Traffic, seconds: float) -> Judged:
    label = ground.selection.label
    return Judged(
        trial=Trial(kind="traffic", subject=Subject(object=label), title=f"beside {found.scene}"),
        findings=tuple(judge(found, label)),
        seconds=seconds,
    )
