"""Running the upgrade again is harmless: at the head there is nothing left to do.

Every start of many applications runs `alembic upgrade head`. The second time it must change
nothing, neither the catalog nor the number of rows: what env.py does around the revisions (a
schema that it creates, a seed) runs each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.errors import SchemaError
from pgassay.core.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.history.whole import Whole

KIND = "history_again"
TITLE = "the upgrade can be run again"


def judge(whole: Whole) -> Iterator[Finding]:
    """Yield what a second upgrade of the head changes, or why it fails."""
    course, end = whole.course, whole.end
    database = whole.copy()
    try:
        with course.open(database) as history:
            history.upgrade(whole.goal)
        gap = course.gap(
            end,
            course.read(database),
            database,
            promised_by="first upgrade",
            built_by="second upgrade",
        )
        found = "\n".join(gap.lines)
    except SchemaError as error:
        found = error.found
    finally:
        course.drop(database)
    if found:
        yield Finding(
            slug=KIND,
            subject=Subject(object=course.system),
            title="a second upgrade is not harmless",
            found=found,
            expected="nothing to do at the head",
            why="every start of an application that migrates itself does it",
            fix="move what env.py does there into a revision",
        )
