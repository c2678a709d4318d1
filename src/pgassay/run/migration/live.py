"""Live traffic: the migration runs on rows while clients are at work.

Once beside short transactions alone, and once beside some that stay open.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status, Subject, Trial
from pgassay.core.errors import ConfigError
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    RevisionTraced,
    StallSeen,
    StandstillTold,
    Told,
    TrafficSeen,
)
from pgassay.core.finding import Severity
from pgassay.core.trace import LockMode
from pgassay.core.traffic import Scene
from pgassay.history.traffic.judgement import headline, judge
from pgassay.history.traffic.stalls import stalls
from pgassay.plans.places import Places
from pgassay.postgres.session import PipelineSession
from pgassay.postgres.traffic.experiment import among_clients
from pgassay.rows.maker import RowMaker
from pgassay.run.bench import queries_of
from pgassay.run.migration.parts import framed
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


def traffic(ground: Ground) -> Iterator[Event]:
    """Run the revisions among clients and tell who waited behind them and what was refused."""
    yield from framed(ground, "traffic", _scenes(ground))


def touched(ground: Ground) -> tuple[QualifiedName, ...]:
    """Return the tables of before that the revisions lock or write, as their trace has shown.

    What is only read is left out: nobody but an ACCESS EXCLUSIVE lock waits for that.
    """
    traces = ground.traces or _traced(ground)
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


def _scenes(ground: Ground) -> Iterator[Event]:
    label = ground.selection.label
    tables = touched(ground)
    if not tables:
        yield Told(
            system=ground.name,
            text="no table that was there before is locked or written: nobody can wait for it",
        )
        told = "the site stands still for 0.0 s"
        yield StandstillTold(system=ground.name, revision=label, headline=told)
        return
    crowd = _crowd(ground, tables)
    seen: dict[Scene, Traffic] = {}
    for scene in Scene:
        began = perf_counter()
        seen[scene] = found = _among_clients(ground, crowd, scene)
        yield TrafficSeen(system=ground.name, revision=label, traffic=found)
        yield from _stalls(ground, found)
        yield from _judged(ground, found, perf_counter() - began)
    line = headline(seen[Scene.SHORT], seen[Scene.LONG])
    yield StandstillTold(system=ground.name, revision=label, headline=line)


def _crowd(ground: Ground, tables: tuple[QualifiedName, ...]) -> Crowd:
    database = ground.populated()
    try:
        with ground.server.connect(database) as connection:
            session = PipelineSession(connection)
            rows = RowMaker(ground.before, ask=session)
            application = Application(ground.before, session, rows)
            queries = list(asked(hot_queries(ground), session, Places(ground.before)))
            return crowd_of(queries, application, tables)
    finally:
        ground.drop(database)


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


def _judged(ground: Ground, found: Traffic, seconds: float) -> Iterator[Event]:
    label = ground.selection.label
    findings = tuple(judge(found, label))
    gave_up = found.again is not None
    failed = bool(found.refused) and not gave_up
    if gave_up:
        yield Told(
            system=ground.name,
            text="it gave up behind a transaction that stayed open, as its lock_timeout has it; "
            + ("run again it came through" if found.again else "run again it was refused as well"),
        )
    bad = [f for f in findings if f.severity is Severity.ERROR]
    yield CaseFinished(
        system=ground.name,
        outcome=Outcome(
            case=Trial(
                kind="traffic", subject=Subject(object=label), title=f"beside {found.scene}"
            ),
            status=Status.FAILED if bad or failed or found.again is False else Status.PASSED,
            reason=found.refused if failed else "; ".join(f.title for f in bad),
            findings=findings,
            seconds=seconds,
        ),
    )
    for finding in findings:
        yield FindingMade(system=ground.name, finding=finding)
