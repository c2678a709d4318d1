"""The part `adversaries`: rows that break a new demand are planted, and the revision is run."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import SchemaError, TrialError
from pgassay.core.finding import Finding, Severity
from pgassay.history.adversary import KIND, Adversary
from pgassay.history.adversary import adversaries as derived
from pgassay.run.migration.courses import course_of
from pgassay.run.migration.parts import framed
from pgassay.run.migration.performed import performed
from pgassay.run.migration.planting import Planting
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Statement
    from pgassay.run.history.course import Steps
    from pgassay.run.migration.ground import Ground
    from pgassay.run.migration.parts import PartEvents


def adversaries(ground: Ground) -> PartEvents:
    """Try every new demand of the revisions with a row that breaks it."""
    with ExitStack() as stack:
        yield from framed(ground, "adversaries", performed(ground, _trials(ground, stack)))


def _trials(ground: Ground, stack: ExitStack) -> Iterator[Runnable]:
    try:
        after = ground.after
    except SchemaError as error:
        yield _stuck(ground, error)
        return
    attempts = _Attempts(ground, stack)
    for adversary in derived(ground.before, after):
        title = f"the upgrade meets {adversary.what}"
        yield Runnable(
            trial=Trial(kind=KIND, subject=adversary.subject, title=title),
            perform=partial(attempts.meet, adversary),
        )


def _stuck(ground: Ground, error: SchemaError) -> Runnable:
    """Return the trial that tells why nothing can be tried."""

    def perform() -> Iterator[Finding]:
        raise TrialError(
            f"the upgrade fails without any row: {error.found}",
            where=error.where,
            why="what it demands of rows is not known",
        )

    subject = Subject(object=ground.selection.label)
    trial = Trial(kind=KIND, subject=subject, title="the upgrade runs without rows")
    return Runnable(trial=trial, perform=perform)


class _Attempts:
    """Upgrades of databases with a planted row."""

    def __init__(self, ground: Ground, stack: ExitStack) -> None:
        self._ground, self._stack = ground, stack
        self._planting = Planting(ground)
        self._sound: dict[QualifiedName, SchemaError | None] = {}
        self._course = course_of(ground, ground.empty)
        self._template = ground.without_rows
        self._database = self._course.create(self._template)
        stack.callback(self._course.drop, self._database)

    def meet(self, adversary: Adversary) -> Iterator[Finding]:
        """Plant the rows, upgrade, and yield why that fails, if it does."""
        self._course.restore(self._database, self._template)
        planted = self._planting.adverse(adversary, self._database)
        error = self._upgrade()
        if error is None:
            return
        if not adversary.is_any_row:
            other = self._with_sound_row(adversary.table)
            if other is not None and _first_line(other) == _first_line(error):
                raise TrialError(
                    f"a row that breaks nothing stops the upgrade before: {error.found}",
                    where=error.where,
                    why=f"whether {adversary.what} does is not known; "
                    f"look for it: {adversary.query}",
                )
        yield self._finding(adversary, planted, error)

    def _with_sound_row(self, table: Table) -> SchemaError | None:
        """Return why the upgrade fails on a row of a table that breaks no demand."""
        if table.name not in self._sound:
            self._course.restore(self._database, self._template)
            self._planting.sound(table, self._database)
            self._sound[table.name] = self._upgrade()
        return self._sound[table.name]

    def _upgrade(self) -> SchemaError | None:
        try:
            for _ in self._ground.upgrade(self._history):
                pass
        except SchemaError as error:
            return error
        return None

    @cached_property
    def _history(self) -> Steps:
        """The history on the database: one process for all attempts."""
        return self._stack.enter_context(self._course.open(self._database))

    def _finding(
        self, adversary: Adversary, planted: tuple[Statement, ...], error: SchemaError
    ) -> Finding:
        return Finding(
            slug=KIND,
            subject=adversary.subject,
            title=f"the upgrade fails on {adversary.what}",
            found=error.found,
            expected=f"no such row in production, or a revision that mends it: {adversary.promise}",
            why="it was allowed until now, and the first one stops the deployment",
            fix=f"-- look in production before the deployment:\n{adversary.query}",
            evidence=tuple(one.script() for one in planted),
            severity=Severity.WARNING,
            source=error.where or self._ground.selection.revisions[-1].path,
            discriminator=adversary.what,
        )


def _first_line(error: SchemaError) -> str:
    return error.found.partition("\n")[0]
