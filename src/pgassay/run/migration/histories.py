"""The part `history`: the cases of the revisions that are validated.

What takes the whole history (down to the base, offline SQL) is the gate's, where it is asked for.
A plain SQL file has those that need no way back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgassay.run.history.revisions import revisions_of
from pgassay.run.history.trials import file_trials, history_trials
from pgassay.run.migration.courses import course_of
from pgassay.run.migration.files import SqlFile
from pgassay.run.migration.parts import framed
from pgassay.run.migration.performed import performed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.event import Event
    from pgassay.run.history.course import Course
    from pgassay.run.migration.ground import Ground
    from pgassay.run.migration.parts import PartEvents


def histories(ground: Ground) -> PartEvents:
    """Perform the history cases on the ground's server, without its rows."""
    yield from framed(ground, "history", _events(ground))


def _events(ground: Ground) -> Iterator[Event]:
    selection, route = ground.selection, ground.route
    if isinstance(route, SqlFile):
        trials = file_trials(
            route.revision, partial(course_of, ground, ground.empty), repeatable=route.is_repeatable
        )
        yield from performed(ground, trials)
        return
    every = revisions_of(route)

    def course() -> Course:
        base = ground.empty if selection.before else None
        return course_of(ground, base, every=every)

    lock = ground.request.system.revisions
    trials = history_trials(every, selection.revisions, ground.name, course, lock, whole=False)
    yield from performed(ground, trials)
