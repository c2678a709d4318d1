"""The walk: through the revisions once, each made to fail, run, taken back and run again.

What happens is noted and judged elsewhere. The walk goes as far as it is asked to, so that one
revision near the beginning costs no whole history.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.errors import PgassayError, SchemaError
from pgassay.run.history.state import NO_GAP
from pgassay.sqla.alembic_route import stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.route import Revision
    from pgassay.run.history.course import Course, Steps
    from pgassay.run.history.state import Gap, State
    from pgassay.sqla.alembic_route import RevisionStatement

_UNDONE = re.compile(r"\bfails: (?:\w+\.)*NotImplementedError\b")


class NoWayBackError(SchemaError):
    """What has run is of a kind that is never taken back: a plain SQL file."""


def is_irreversible(error: PgassayError) -> bool:
    """Whether a downgrade failed because its author says that there is no way back."""
    return isinstance(error, NoWayBackError) or bool(_UNDONE.search(error.found))


@dataclass(slots=True, kw_only=True)
class Note:
    """What one revision did.

    Attributes:
        revision: which.
        before: what was there before it.
        after: what its upgrade made; None where it failed.
        error: why its upgrade failed.
        statements: what its upgrade ran; the last writes the version.
        left: what a failure at its last statement left behind, compared with `before`.
        unfinished: why a second run did not end where an undisturbed one does, in words.
        irreversible: whether its downgrade says by NotImplementedError that there is no way back.
        down_error: why its downgrade failed otherwise.
        back: what its downgrade led to, compared with `before`.
        again_error: why it could not be run after its downgrade.
        again: what it then led to, compared with `after`.
    """

    revision: Revision
    before: State
    after: State | None = None
    error: PgassayError | None = None
    statements: tuple[RevisionStatement, ...] = ()
    left: Gap = NO_GAP
    unfinished: str = ""
    irreversible: bool = False
    down_error: PgassayError | None = None
    back: Gap = NO_GAP
    again_error: PgassayError | None = None
    again: Gap = NO_GAP


class Walk:
    """One walk through the revisions of a course; a context manager.

    Attributes:
        course: what it goes through.
        notes: what has been noted, by id.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self.notes: dict[str, Note] = {}
        self._exit = ExitStack()
        self._steps: Iterator[Note] | None = None

    def close(self) -> None:
        """End the process and drop the database; harmless twice."""
        if self._steps is not None:
            self._steps = None
        self._exit.close()

    def note(self, revision: Revision) -> Note | None:
        """Return what a revision did; None where an earlier one failed and it was not reached."""
        if self._steps is None:
            self._steps = self._walk()
        while revision.id not in self.notes:
            found = next(self._steps, None)
            if found is None:
                return None
            self.notes[found.revision.id] = found
        return self.notes[revision.id]

    @property
    def stuck(self) -> Note | None:
        """The revision that failed, if one has."""
        return next((note for note in self.notes.values() if note.error), None)

    def _walk(self) -> Iterator[Note]:
        course = self.course
        database = course.first()
        self._exit.callback(course.drop, database)
        history = self._exit.enter_context(course.open(database))
        place = _Place(course, database, history)
        self._exit.callback(place.forget)
        before = course.read(database)
        for revision in course.asked:
            note = Note(revision=revision, before=before)
            self._go(place, note)
            yield note
            if note.after is None:
                return
            before = note.after

    def _go(self, place: _Place, note: Note) -> None:
        """Run one revision in every way, and leave the database with it."""
        up = note.revision.id
        place.remember()
        try:
            note.statements = place.history.stepped(up)
        except PgassayError as error:
            note.error = error
            return
        note.after = place.read()
        self._back(place, note)
        self._fail(place, note)

    def _back(self, place: _Place, note: Note) -> None:
        """Take it back and run it again."""
        assert note.after is not None
        try:
            place.history.downgrade(self.course.below(note.revision))
        except PgassayError as error:
            note.irreversible = is_irreversible(error)
            note.down_error = None if note.irreversible else error
            return
        note.back = place.gap(note.before, "revision before", "downgrade")
        try:
            place.history.upgrade(note.revision.id)
        except PgassayError as error:
            note.again_error = error
            return
        note.again = place.gap(note.after, "first upgrade", "second upgrade")

    def _fail(self, place: _Place, note: Note) -> None:
        """Make it fail at its last statement on what was there before, and run it once more."""
        assert note.after is not None
        place.restore()
        if note.statements:
            try:
                place.history.stepped(note.revision.id, fail_at=len(note.statements))
            except SchemaError as error:
                if not stopped(error):
                    note.unfinished = f"run on a copy of the same database it fails: {error.found}"
            note.left = place.gap(note.before, "revision before", "failed attempt")
        try:
            place.history.upgrade(note.revision.id)
        except PgassayError as error:
            note.unfinished = note.unfinished or error.found
            place.redo(note.revision)
            return
        gap = place.gap(note.after, "undisturbed upgrade", "second run")
        if gap:
            note.unfinished = note.unfinished or "\n".join(gap.lines)
            place.redo(note.revision)


class _Place:
    """The database of a walk: remembered before each revision, restored where it is spoilt."""

    def __init__(self, course: Course, database: str, history: Steps) -> None:
        self._course, self._database, self.history = course, database, history
        self._kept: str | None = None

    def read(self) -> State:
        return self._course.read(self._database)

    def gap(self, promised: State, promised_by: str, built_by: str) -> Gap:
        return self._course.gap(
            promised, self.read(), self._database, promised_by=promised_by, built_by=built_by
        )

    def remember(self) -> None:
        """Keep a copy of the database as it is now, instead of the one before."""
        self.forget()
        self._kept = self._course.create(self._database, aside=True)

    def forget(self) -> None:
        """Drop the copy."""
        if self._kept is not None:
            self._course.drop(self._kept)
            self._kept = None

    def restore(self) -> None:
        """Make the database what it was when it was remembered."""
        assert self._kept is not None
        self._course.restore(self._database, self._kept)

    def redo(self, revision: Revision) -> None:
        """Restore it, and run the revision undisturbed."""
        self.restore()
        self.history.upgrade(revision.id)
