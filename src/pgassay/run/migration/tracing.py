"""The trace: the revisions run on rows, statement by statement, watched while they do."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status, Subject, Trial
from pgassay.core.event import CaseFinished, Event, RevisionTraced, StatementTraced
from pgassay.core.trace import RevisionTrace
from pgassay.postgres.tracing.probe import install, remember
from pgassay.postgres.tracing.sizes import sizes_of
from pgassay.run.migration.parts import framed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pgassay.run.migration.ground import Ground

def trace(ground: Ground) -> Iterator[Event]:
    """Run the revisions on a populated database, and tell each statement."""
    yield from framed(ground, "trace", _traced(ground))


def _traced(ground: Ground) -> Iterator[Event]:
    database = ground.populated()
    with ground.server.connect(database) as eye, ground.open(database) as history:
        install(eye)
        for revision in ground.selection.revisions:
            began = perf_counter()
            sizes = sizes_of(eye)
            remember(eye, exclude=ground.route.bookkeeping)
            seen = history.watched(revision.id)
            for statement in seen.statements:
                yield StatementTraced(system=ground.name, revision=revision.id, statement=statement)
            done = RevisionTrace(
                revision=revision,
                statements=seen.statements,
                seconds=sum(seen.seconds),
                transactions=seen.seconds,
                wal=sum(one.wal for one in seen.statements),
                sizes=sizes,
                error=str(seen.error) if seen.error else None,
            )
            yield RevisionTraced(system=ground.name, trace=done)
            trial = Trial(kind="trace", subject=Subject(object=revision.id), title="runs on rows")
            outcome = Outcome(
                case=trial,
                status=Status.FAILED if seen.error else Status.PASSED,
                reason=str(seen.error or ""),
                seconds=perf_counter() - began,
            )
            yield CaseFinished(system=ground.name, outcome=outcome)
            if seen.error:
                return
