"""The history cases of a system as trials, each judged from one walk that all of them share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import SchemaError, TrialError
from pgassay.run.history import (
    again,
    base,
    edited,
    failure,
    heads,
    offline,
    round_trip,
    together,
    upgrade,
)
from pgassay.run.history.walk import Walk
from pgassay.run.history.whole import Whole
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pgassay.core.finding import Finding
    from pgassay.core.route import Revision
    from pgassay.run.history.course import Course
    from pgassay.run.history.walk import Note

OF_REVISIONS = (upgrade, round_trip, failure)
"""Kinds that judge one revision."""
OF_WHOLE = (base, again, offline)
"""Kinds that judge the whole history."""
KINDS = (heads, edited, *OF_REVISIONS, *OF_WHOLE, together)
"""All kinds: each module's docstring is its page."""


def history_trials(
    every: tuple[Revision, ...],
    asked: tuple[Revision, ...],
    system: str,
    course: Callable[[], Course],
    lock: Path | None,
    *,
    whole: bool = True,
) -> Iterator[Runnable]:
    """Yield the trials of a history.

    Args:
        every: all its revisions.
        asked: those that are judged one by one.
        system: the system's name.
        course: makes the course when the first trial is performed.
        lock: the file with the digests of applied revisions, if one is configured.
        whole: judge the whole history as well, from an empty database to its head.
    """
    if not every:
        return
    shared = _Shared(course)
    subject = Subject(object=system)
    yield _runnable(heads.KIND, subject, heads.TITLE, lambda: heads.judge(shared.course))
    if lock is not None:
        yield _runnable(
            edited.KIND, subject, edited.TITLE, lambda: edited.judge(shared.course, lock)
        )
    for revision in asked:
        for kind in OF_REVISIONS:
            yield _runnable(
                kind.KIND,
                Subject(object=revision.id),
                kind.TITLE,
                partial(_judged, shared, revision, kind.judge),
            )
    for of_whole in OF_WHOLE if whole else ():
        yield _runnable(
            of_whole.KIND, subject, of_whole.TITLE, partial(_of_whole, shared, of_whole.judge)
        )
    yield _runnable(together.KIND, subject, together.TITLE, lambda: together.judge(shared.walk))


def file_trials(
    file: Revision, course: Callable[[], Course], *, repeatable: bool
) -> Iterator[Runnable]:
    """Yield the trials of a plain SQL file: those of a revision that need no way back.

    Args:
        file: what it is called.
        course: makes the course when the first trial is performed.
        repeatable: whether it is meant to be run again.
    """
    shared = _Shared(course)
    subject = Subject(object=file.id)
    for kind in (upgrade, failure):
        yield _runnable(kind.KIND, subject, kind.TITLE, partial(_judged, shared, file, kind.judge))
    if repeatable:
        yield _runnable(
            again.KIND, subject, again.TITLE, lambda: again.judge_file(shared.course, file)
        )


@dataclass
class _Shared:
    """What the trials have in common, made when it is needed."""

    make: Callable[[], Course]

    @cached_property
    def course(self) -> Course:
        return self.make()

    @cached_property
    def walk(self) -> Walk:
        walk = Walk(self.course)
        self.course.closing(walk.close)
        return walk

    @cached_property
    def whole(self) -> Whole:
        whole = Whole(self.course)
        self.course.closing(whole.close)
        return whole


def _runnable(
    kind: str, subject: Subject, title: str, perform: Callable[[], Iterable[Finding]]
) -> Runnable:
    return Runnable(trial=Trial(kind=kind, subject=subject, title=title), perform=perform)


def _judged(
    shared: _Shared, revision: Revision, judge: Callable[[Note], Iterator[Finding]]
) -> Iterator[Finding]:
    note = shared.walk.note(revision)
    if note is None:
        stuck = shared.walk.stuck
        raise TrialError(
            f"it was not reached: {stuck.revision if stuck else 'an earlier one'} fails",
            where=stuck.revision.path if stuck else None,
            why="what has not run is not proven",
        )
    yield from judge(note)


def _of_whole(shared: _Shared, judge: Callable[[Whole], Iterator[Finding]]) -> Iterator[Finding]:
    whole = shared.whole
    try:
        _ = whole.end
    except SchemaError as error:
        raise TrialError(
            f"the history does not run to its end: {error.found}",
            where=error.where,
            why="what has not run is not proven",
        ) from error
    yield from judge(whole)
