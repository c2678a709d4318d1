"""The revisions of a history, read once for each state of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.run.notes import Note

if TYPE_CHECKING:
    from pgassay.core.route import Revision
    from pgassay.sqla.alembic_route import AlembicRoute


def revisions_of(route: AlembicRoute) -> tuple[Revision, ...]:
    """Return all revisions, parents before children.

    They are noted where each is a file that the digest of the route is about: an env.py can name
    folders of which nobody else knows.

    Raises:
        SchemaError: the history is broken.
    """
    note = Note.about("revisions of a route", route.digest())
    known: tuple[Revision, ...] | None = note.read()
    if known is None:
        known = route.revisions()
        root = (route.root or route.config.parent).resolve()
        files = route.closure().files
        if all((root / one.path).resolve() in files for one in known):
            note.write(known)
    return known
