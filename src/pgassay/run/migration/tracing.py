"""The trace: the revisions run on rows, watched statement by statement, and judged."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Outcome, Status, Subject, Trial
from pgassay.core.event import (
    CaseFinished,
    Event,
    FindingMade,
    RevisionTraced,
    StatementTraced,
    Told,
)
from pgassay.core.finding import Severity
from pgassay.core.trace import RevisionTrace
from pgassay.history.acceptance import FILE, accept
from pgassay.history.evidence import Evidence
from pgassay.history.judgement import judge, pages
from pgassay.postgres.shared_objects import shared_objects
from pgassay.postgres.tracing.aftermath import moment, read_aftermath
from pgassay.postgres.tracing.probe import install, remember, remove
from pgassay.postgres.tracing.sizes import sizes_of
from pgassay.run.migration.accepting import acceptances_of
from pgassay.run.migration.parts import framed
from pgassay.run.migration.production import sizes_in_production

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.finding import Finding
    from pgassay.core.route import Revision
    from pgassay.run.migration.ground import Ground, History
    from pgassay.run.migration.parts import PartEvents


def trace(ground: Ground) -> PartEvents:
    """Run the revisions on a populated database, tell each statement, and what is wrong with it."""
    yield from framed(ground, "trace", _traced(ground))


def _traced(ground: Ground) -> Iterator[Event]:
    folder = ground.script()
    acceptances = acceptances_of(folder, pages())
    production = sizes_in_production(ground)
    database, before, upgraded = ground.populated(), ground.before, False
    with ground.server.connect(database) as eye:
        shared = shared_objects(eye)
    with ground.open(database) as history:
        for revision in ground.selection.revisions:
            began = perf_counter()
            with ground.server.connect(database) as eye:
                since = moment(eye)
            done = _watched(ground, history, database, revision)
            for statement in done.statements:
                yield StatementTraced(system=ground.name, revision=revision.id, statement=statement)
            ground.traces.append(done)
            yield RevisionTraced(system=ground.name, trace=done)
            after = ground.read(database)
            with ground.server.connect(database) as eye:
                aftermath = read_aftermath(eye, before, after, since=since)
            evidence = Evidence(
                trace=done,
                before=before,
                after=after,
                production=production,
                aftermath=aftermath,
            )
            for text in evidence.standstills():
                name = ground.order.production.name if ground.order.production else ""
                yield Told(system=ground.name, text=f"{text}, at the size of {name}")
            verdict = accept(
                judge(evidence),
                acceptances,
                revision=revision.id,
                today=ground.request.today,
                path=folder / FILE,
                small={str(table) for table in evidence.old if not evidence.busy(table)},
            )
            yield _finished(ground, done, verdict.findings, perf_counter() - began)
            for finding in verdict.findings:
                yield FindingMade(system=ground.name, finding=finding)
            for finding, acceptance in verdict.accepted:
                text = f"accepted: {finding.slug} on {finding.subject}: {acceptance.reason}"
                yield Told(system=ground.name, text=text)
            if done.error:
                break
            before = after
        else:
            upgraded = True
    with ground.server.connect(database) as eye:
        ground.keeps_to_its_database = shared_objects(eye) == shared
    if upgraded:
        ground.is_upgraded(database)
    ground.drop(database)


def _watched(ground: Ground, history: History, database: str, revision: Revision) -> RevisionTrace:
    """Run one revision under watch; the probe is there for as long as that takes."""
    with ground.server.connect(database) as eye:
        sizes = sizes_of(eye)
        install(eye)
        remember(eye, exclude=ground.bookkeeping)
        try:
            seen = history.watched(revision.id)
        finally:
            remove(eye)
    return RevisionTrace(
        revision=revision,
        statements=seen.statements,
        seconds=sum(seen.seconds),
        transactions=seen.seconds,
        wal=sum(one.wal for one in seen.statements),
        sizes=sizes,
        error=str(seen.error) if seen.error else None,
    )


def _finished(
    ground: Ground, done: RevisionTrace, findings: tuple[Finding, ...], seconds: float
) -> CaseFinished:
    """Return the outcome of a revision: it runs on rows, and does no harm."""
    bad = [finding.title for finding in findings if finding.severity is Severity.ERROR]
    trial = Trial(
        kind="trace",
        subject=Subject(object=done.revision.id),
        title="runs on rows, and stops nobody",
    )
    failed = bool(done.error or bad)
    outcome = Outcome(
        case=trial,
        status=Status.FAILED if failed else Status.PASSED,
        reason=done.error or "; ".join(bad),
        findings=findings,
        seconds=seconds,
    )
    return CaseFinished(system=ground.name, outcome=outcome)
