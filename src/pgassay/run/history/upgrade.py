"""The upgrade runs: from an empty database up to this revision, one after the other.

A history whose beginning no longer runs builds no new database: not for a new developer, not for
a test, not for a second region. It breaks when a revision imports models that have moved on, or
reads data that only the first production had.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.history.walk import Note

KIND = "history_upgrade"
TITLE = "the upgrade runs"


def judge(note: Note) -> Iterator[Finding]:
    """Yield why it does not run, if it does not."""
    if note.error is not None:
        yield Finding(
            slug=KIND,
            subject=Subject(object=note.revision.id),
            title="the upgrade fails on what the revisions before it built",
            found=note.error.found,
            expected=note.error.expected or "an upgrade that runs on a database without rows",
            why=note.error.why or "no new database can be built",
            fix=note.error.fix or "",
            source=note.error.where or note.revision.path,
        )
