"""Two upgrades at once: one history is applied, whatever the other attempt does.

Two pods of a deployment start at the same moment, and both migrate. Each revision is run by two
processes that are held before its first statement until both are there, or until one is seen to
wait for the other. It is well if the second waits and then finds nothing to do, and well if it
fails without having changed anything. Only damage is a finding: another catalog than one upgrade
makes, other numbers of rows, no version, or a state that a further upgrade does not mend.

Take an advisory lock in env.py around `context.run_migrations()`, and let the second upgrade ask
for it again and again rather than wait in it: a session that waits holds a snapshot, and
`CREATE INDEX CONCURRENTLY` of the first would wait for that.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from pgassay.core.case import Subject
from pgassay.core.errors import PgassayError, TrialError
from pgassay.core.finding import Finding, Severity
from pgassay.postgres.gates import Gates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from pgassay.core.route import Revision
    from pgassay.run.history.course import Steps
    from pgassay.run.history.walk import Walk

KIND = "history_together"
TITLE = "two upgrades at once apply one history"
_ARRIVAL = 60.0  # seconds for the first to come to its revision
_MEETING = 1.0  # seconds for the second, which may be waiting for the first
_BOTH = 2
_LATER = 0.2  # the same, once it was seen to wait


def judge(walk: Walk) -> Iterator[Finding]:
    """Yield what two upgrades at once do to a revision, if it is damage; the first is enough."""
    course = walk.course
    notes = [(revision, walk.note(revision)) for revision in course.asked]
    walk.close()  # its database's name, and the process that is kept for it, are free
    database = course.first()
    apart, patience = True, _MEETING
    try:
        with (
            course.open(database) as one,
            course.open(database) as other,
            course.server.connect(database) as connection,
            ThreadPoolExecutor(2) as pool,
        ):
            gates = Gates(connection)
            for revision, note in notes:
                if note is None or note.after is None:
                    raise TrialError(
                        f"it was not reached: {revision} does not run by itself",
                        where=revision.path,
                        why="what has not run is not proven",
                    )
                failures, met = _race(pool, gates, revision, (one, other), patience)
                apart, patience = apart and not met, _MEETING if met else _LATER
                damage = _damage(database, walk, revision, failures, one)
                if damage:
                    yield _finding(revision, damage, failures)
                    return
    finally:
        course.drop(database)
    if not apart:
        yield Finding(
            slug=KIND,
            subject=Subject(object=course.system),
            title="nothing keeps two upgrades apart",
            found="both came to the first statement of a revision; none of them did damage",
            expected="one at a time",
            severity=Severity.INFO,
            fix="hold an advisory lock in env.py while migrations run",
            discriminator="apart",
        )


def _race(
    pool: ThreadPoolExecutor,
    gates: Gates,
    revision: Revision,
    both: tuple[Steps, Steps],
    patience: float,
) -> tuple[list[PgassayError], bool]:
    """Run one revision twice at once; return what failed, and whether both were in it."""
    one, other = both
    with gates.shut() as first, gates.shut() as second:
        ahead = pool.submit(one.stepped, revision.id, gates={1: first.key})
        first.wait(_ARRIVAL, ahead.done)
        behind = pool.submit(other.stepped, revision.id, gates={1: second.key})
        met = second.wait(patience, behind.done)
    return [error for error in (_error(ahead), _error(behind)) if error], met


def _error(run: Future[Any]) -> PgassayError | None:
    error = run.exception()
    if error is not None and not isinstance(error, PgassayError):
        raise error
    return error


def _damage(
    database: str,
    walk: Walk,
    revision: Revision,
    failures: list[PgassayError],
    history: Steps,
) -> str:
    """Return what is wrong afterwards, in words; empty where nothing is."""
    course = walk.course
    if len(failures) == _BOTH:
        try:
            history.upgrade(revision.id)
        except PgassayError as error:
            return f"both fail, and a further upgrade fails too: {error.found}"
    note = walk.notes[revision.id]
    assert note.after is not None
    state = course.read(database)
    gap = course.gap(note.after, state, database, promised_by="upgrade", built_by="two upgrades")
    lines = list(gap.lines)
    if state.versions != note.after.versions:
        lines.append(
            f"the version table holds {', '.join(state.versions) or 'nothing'}, and not "
            f"{', '.join(note.after.versions)}"
        )
    return "\n".join(lines)


def _finding(revision: Revision, damage: str, failures: list[PgassayError]) -> Finding:
    return Finding(
        slug=KIND,
        subject=Subject(object=revision.id),
        title="two upgrades at once do damage",
        found=damage,
        expected="what one upgrade makes",
        why="two pods of a deployment start at the same moment, and both migrate",
        fix="hold an advisory lock in env.py while migrations run",
        evidence=tuple(f"-- one of them failed: {error.found}" for error in failures),
        source=revision.path,
        discriminator="damage",
    )
