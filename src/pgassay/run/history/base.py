"""Down to the base: taking back the whole history leaves nothing.

From the head all the way down, on a database without rows. What is left then (a type, a sequence,
a function) was made by an upgrade and forgotten by its downgrade. The version table stays, empty:
that is Alembic's own.

Where a revision is irreversible the case says so, and goes no further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.errors import SchemaError
from pgassay.core.finding import Finding, Severity
from pgassay.run.history.walk import is_irreversible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.history.whole import Whole

KIND = "history_base"
TITLE = "down to the base leaves nothing"


def judge(whole: Whole) -> Iterator[Finding]:
    """Yield what is left, or why the base cannot be reached."""
    course = whole.course
    subject = Subject(object=course.system)
    database = whole.copy()
    try:
        with course.open(database) as history:
            try:
                history.downgrade("base")
            except SchemaError as error:
                known = is_irreversible(error)
                yield Finding(
                    slug=KIND,
                    subject=subject,
                    title="there is no way down to the base",
                    found=error.found,
                    expected="a downgrade for every revision",
                    why="" if known else "a history that goes up and not down is half tested",
                    severity=Severity.WARNING if known else Severity.ERROR,
                    source=error.where,
                    discriminator="no way",
                )
                return
        gap = course.gap(
            whole.start,
            course.read(database),
            database,
            promised_by="empty database",
            built_by="downgrade",
        )
        if gap:
            yield Finding(
                slug=KIND,
                subject=subject,
                title="something is left behind the last downgrade",
                found="\n".join(gap.lines),
                expected="what was there before the first revision",
                why="the first upgrade of a database that was emptied this way meets it",
                fix="\n".join(gap.repairs),
            )
    finally:
        course.drop(database)
