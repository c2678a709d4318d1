"""Killed in the middle: at each statement the client, its session or the server is ended.

A deployment that is stopped, a connection that breaks, a server that fails over: the revision ends
wherever it was. It is run on a copy of the populated database and ended at a statement: the client
by SIGKILL, its session by `pg_terminate_backend`, the server as in a crash. A statement that waits
for other writers (`CREATE INDEX CONCURRENTLY`, `DROP INDEX CONCURRENTLY`) is ended while it waits,
where it leaves the most behind. Then the upgrade is run again, and must lead to what an
undisturbed one makes: the same catalog, the same numbers of rows, the version.

What PostgreSQL takes back by itself is one thing only, a transaction. Statements outside of one
(an autocommit block) stay, finished or half: an invalid index, a label, half of a backfill.

Let every statement outside a transaction be one that can be run again, and drop what an attempt
that broke off may have left before building it. Each of them is tried in every way. Statements of
one transaction all end alike: at the first, the middle and the last one the session is ended, at
the last one the client and the server too. A second run follows each end at which something is
left, and each at a last statement: there a sequence has gone on, if one has, and whatever else is
never taken back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import PgassayError, SchemaError, TrialError
from pgassay.core.event import Told
from pgassay.core.finding import Finding, Severity
from pgassay.postgres.servers.local import LocalServer
from pgassay.run.migration.courses import course_of
from pgassay.run.migration.files import END
from pgassay.run.migration.kill import Killer, Way
from pgassay.run.migration.parts import Company, framed
from pgassay.run.migration.performed import performed
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgassay.core.event import Event
    from pgassay.core.route import Revision
    from pgassay.run.history.course import Course
    from pgassay.run.migration.ground import Ground
    from pgassay.run.migration.kill import Killed
    from pgassay.run.migration.parts import PartEvents
    from pgassay.sqla.alembic_route import RevisionStatement

KIND = "killed"
_SHORT = 60


def killed(ground: Ground) -> PartEvents:
    """End each revision at its statements, and see whether a second run finishes the job."""
    yield from framed(ground, "killed", _events(ground))


def _events(ground: Ground) -> Iterator[Event | Company]:
    course = course_of(ground, partial(ground.populated, aside=True))
    template = course.first()
    for revision in ground.selection.revisions:
        try:
            attempt = _Attempt(course, template, revision)
        except PgassayError as error:
            yield from performed(ground, (_stuck(revision, error),))
            break
        yield Told(system=ground.name, text=attempt.told)
        try:
            yield from performed(ground, _trials(attempt, (Way.SESSION, Way.CLIENT)))
            if isinstance(ground.server, LocalServer):
                yield Company.GONE
                yield from performed(ground, _trials(attempt, (Way.SERVER,)))
        finally:
            attempt.close()
        course.drop(template)
        template = attempt.finished
    course.drop(template)


def _stuck(revision: Revision, error: PgassayError) -> Runnable:
    """Return the trial that tells why a revision cannot be ended in the middle."""

    def perform() -> Iterator[Finding]:
        raise TrialError(
            f"it fails undisturbed, on these rows: {error.found}",
            where=error.where,
            why="what it leaves in the middle is not known",
        )

    subject = Subject(object=revision.id)
    trial = Trial(kind=KIND, subject=subject, title="it runs undisturbed")
    return Runnable(trial=trial, perform=perform)


def _trials(attempt: _Attempt, ways: Iterable[Way]) -> Iterator[Runnable]:
    for number, thorough in attempt.chosen.items():
        for way in ways:
            if thorough or way is Way.SESSION:
                yield Runnable(
                    trial=Trial(
                        kind=KIND,
                        subject=Subject(object=attempt.revision.id, part=f"statement {number}"),
                        title=f"{way} ended: {attempt.short(number)}",
                    ),
                    perform=partial(attempt.kill, number, way, again=thorough),
                )


class _Attempt:
    """One revision, run undisturbed once to know its statements and where it leads.

    Attributes:
        revision: which.
        statements: what it runs; the last writes its version.
        finished: a database with it, the ground of the next revision.
    """

    def __init__(self, course: Course, template: str, revision: Revision) -> None:
        self._course, self._template, self.revision = course, template, revision
        self._before = course.read(template)
        self._victim = course.create(template)
        with course.open(self._victim) as history:
            self.statements = history.stepped(revision.id)
        self._after = course.read(self._victim)
        self.finished = course.create(self._victim, aside=True)
        # Before the last one, which writes the version, is behind the one before it.
        self.chosen = dict(_chosen(self.statements[:-1]))
        self._killer = Killer(course, self._victim, revision)

    @property
    def told(self) -> str:
        """How many statements there are, and how many of them are tried."""
        own = [one for one in self.statements if one.sql != END]
        alone = sum(1 for one in own if one.alone)
        return (
            f"{self.revision}: {len(own)} statements, {alone} outside a transaction; "
            f"ended at {len(self.chosen)} of them"
        )

    def short(self, number: int) -> str:
        """Return a statement in one short line."""
        text = " ".join(self.statements[number - 1].sql.split())
        return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"

    def kill(self, number: int, way: Way, *, again: bool) -> Iterator[Finding]:
        """End the revision at a statement, run it again, and yield what is wrong then.

        Where nothing is left it is only run again if `again` says so.
        """
        course, database = self._course, self._victim
        course.restore(database, self._template)
        done = self._killer.kill(number, way)
        left = course.gap(
            self._before,
            course.read(database),
            database,
            promised_by="revision before",
            built_by="attempt",
        ).lines
        problem = self._second() if left or again else ""
        if problem:
            yield self._finding(number, way, done, left, problem)
        elif left:
            yield Finding(
                slug=KIND,
                subject=Subject(object=self.revision.id, part=f"statement {number}"),
                title=f"ended with the {way}, it leaves something that a second run finishes",
                found="\n".join(left),
                expected="known to whoever runs it",
                severity=Severity.INFO,
                source=self.revision.path,
                discriminator=f"left {way}",
            )

    def close(self) -> None:
        """End the process and drop the database."""
        self._killer.close()
        self._course.drop(self._victim)

    def _second(self) -> str:
        """Run the upgrade again; return what is then wrong, empty if nothing is."""
        database = self._victim
        try:
            self._killer.history.upgrade(self.revision.id)
        except SchemaError as error:
            return f"the second run fails: {error.found}"
        state = self._course.read(database)
        gap = self._course.gap(
            self._after, state, database, promised_by="undisturbed upgrade", built_by="second run"
        )
        return "\n".join(gap.lines)

    def _finding(
        self, number: int, way: Way, done: Killed, left: Iterable[str], problem: str
    ) -> Finding:
        return Finding(
            slug=KIND,
            subject=Subject(object=self.revision.id, part=f"statement {number}"),
            title=f"ended with the {way}, a second run does not finish the job",
            found=problem,
            expected="what an undisturbed upgrade makes",
            why="somebody has to mend the database by hand, in the middle of a deployment",
            fix="drop what an attempt that broke off may have left before it is built "
            "(DROP INDEX CONCURRENTLY IF EXISTS), or let it be one transaction",
            evidence=(
                f"-- ended {done.words}:",
                f"{self.statements[number - 1].sql};",
                *(f"-- left: {line}" for line in left),
            ),
            source=self.revision.path,
            discriminator=f"{way}",
        )


def _chosen(statements: tuple[RevisionStatement, ...]) -> Iterator[tuple[int, bool]]:
    """Yield the numbers of the statements that are tried, and whether in every way."""
    run: list[int] = []
    for number, one in enumerate(statements, 1):
        if one.alone:
            yield from _of_transaction(run)
            run = []
            yield number, True
        else:
            run.append(number)
    yield from _of_transaction(run)


def _of_transaction(run: list[int]) -> Iterator[tuple[int, bool]]:
    """Yield the first, the middle and the last of statements that stand in one transaction."""
    if run:
        for number in sorted({run[0], run[(len(run) - 1) // 2], run[-1]}):
            yield number, number == run[-1]
