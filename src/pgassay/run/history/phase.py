"""The phase of a gate, or of a suite, that proves the whole history of a system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.run.history.course import Course
from pgassay.run.history.trials import history_trials
from pgassay.sqla.alembic_route import AlembicRoute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.route import Revision
    from pgassay.run.stand import Stand
    from pgassay.run.trial import Runnable


def history_trials_of(stand: Stand) -> Iterator[Runnable]:
    """Yield the history cases of every revision; none where there is no Alembic history."""
    route = stand.routes.get("alembic")
    if not isinstance(route, AlembicRoute):
        return
    every = _revisions(stand, route)

    def course() -> Course:
        return Course(
            system=stand.name,
            route=route,
            server=stand.server,
            every=every,
            asked=every,
            closing=stand.with_it,
        )

    yield from history_trials(every, every, stand.name, course, stand.request.system.revisions)


def _revisions(stand: Stand, route: AlembicRoute) -> tuple[Revision, ...]:
    """Return the revisions, read once for each template."""
    note = stand.note("revisions")
    known: tuple[Revision, ...] | None = note.read()
    if known is None:
        known = route.revisions()
        note.write(known)
    return known
