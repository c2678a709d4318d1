"""There and back: a downgrade leads to exactly what its upgrade found, and up again to the same.

Each revision is run, taken back and run once more. The catalogs are compared exactly: what drift
leaves out (names that PostgreSQL made up, which months exist) counts here, since the same
migrations built both sides; only a column that comes back may come back at the end. Row counts
are compared as well, for revisions that write rows.

A downgrade is needed on the worst day there is, after a deployment that went wrong. One that
forgets an index leaves a database that is neither the old nor the new one, and the next upgrade
fails on what is left.

Let `downgrade()` undo what `upgrade()` did, in the opposite order. Where there is no way back,
raise NotImplementedError with the reason: that is said and counted as irreversible, and no
finding that fails. `pass` is not the same: it claims to have led back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.history.walk import Note

KIND = "history_round_trip"
TITLE = "down leads back to where it came from, and up again"


def judge(note: Note) -> Iterator[Finding]:
    """Yield what was not equal, or that there is no way back."""
    subject, source = Subject(object=note.revision.id), note.revision.path
    if note.irreversible:
        yield Finding(
            slug=KIND,
            subject=subject,
            title="irreversible",
            found=f"the downgrade of {note.revision} raises NotImplementedError",
            expected="a way back, or the decision that there is none",
            why="a deployment that goes wrong cannot be taken back behind it",
            severity=Severity.WARNING,
            source=source,
            discriminator="irreversible",
        )
    elif note.down_error is not None:
        yield Finding(
            slug=KIND,
            subject=subject,
            title="the downgrade fails",
            found=note.down_error.found,
            expected="the revision before, or NotImplementedError with the reason",
            why="it is needed on the day when a deployment went wrong",
            source=note.down_error.where or source,
            discriminator="downgrade",
        )
    elif note.back:
        yield Finding(
            slug=KIND,
            subject=subject,
            title="the downgrade does not lead back to what its upgrade found",
            found="\n".join(note.back.lines),
            expected="what was there before the upgrade, exactly",
            why="code of the revision before meets a database that it does not know, and what is "
            "left can stand in the way of the next upgrade",
            fix="\n".join(["-- in downgrade():", *note.back.repairs]) if note.back.repairs else "",
            source=source,
            discriminator="back",
        )
    if note.again_error is not None:
        yield Finding(
            slug=KIND,
            subject=subject,
            title="the upgrade does not run after its own downgrade",
            found=note.again_error.found,
            expected="what the first upgrade made",
            why="a deployment that was taken back cannot be tried again",
            fix="let the downgrade drop what stands in the way",
            source=note.again_error.where or source,
            discriminator="again",
        )
    elif note.again:
        yield Finding(
            slug=KIND,
            subject=subject,
            title="the upgrade makes something else after its own downgrade",
            found="\n".join(note.again.lines),
            expected="what the first upgrade made, exactly",
            why="databases that took a revision back differ from those that did not",
            source=source,
            discriminator="again",
        )
