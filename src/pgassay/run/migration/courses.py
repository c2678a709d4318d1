"""The course of the revisions that a ground is about: databases that are made anew and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.run.history.course import Course

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.route import Revision
    from pgassay.run.migration.ground import Ground


def course_of(
    ground: Ground, base: Callable[[], str] | None, *, every: tuple[Revision, ...] | None = None
) -> Course:
    """Return the course of a ground's selection.

    Args:
        ground: whose server and history it is.
        base: makes a database at the revision before; None where nothing stands before.
        every: all revisions of the history; those of the selection if left out.
    """
    return Course(
        system=ground.name,
        route=ground.route,
        server=ground.server,
        every=ground.selection.revisions if every is None else every,
        asked=ground.selection.revisions,
        closing=ground.stand.with_it,
        base=base,
        names=ground.names,
        kept=ground.opener,
    )
