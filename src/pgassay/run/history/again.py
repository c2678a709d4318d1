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

    from pgassay.core.route import Revision
    from pgassay.run.history.course import Course
    from pgassay.run.history.state import State
    from pgassay.run.history.whole import Whole

KIND = "history_again"
TITLE = "the upgrade can be run again"


def judge(whole: Whole) -> Iterator[Finding]:
    """Yield what a second upgrade of the head changes, or why it fails."""
    database = whole.copy()
    try:
        found = _again(whole.course, database, whole.goal, whole.end)
    finally:
        whole.course.drop(database)
    if found:
        yield Finding(
            slug=KIND,
            subject=Subject(object=whole.course.system),
            title="a second upgrade is not harmless",
            found=found,
            expected="nothing to do at the head",
            why="every start of an application that migrates itself does it",
            fix="move what env.py does there into a revision",
        )


def judge_file(course: Course, file: Revision) -> Iterator[Finding]:
    """Yield what a second run of a repeatable file changes, or why it fails."""
    database = course.first()
    try:
        with course.open(database) as history:
            history.upgrade(file.id)
        found = _again(course, database, file.id, course.read(database))
    finally:
        course.drop(database)
    if found:
        yield Finding(
            slug=KIND,
            subject=Subject(object=file.id),
            title="a second run is not harmless",
            found=found,
            expected="the same as after the first: Flyway runs a repeatable file after each edit",
            why="the next edit, however small, stops the deployment",
            fix="CREATE OR REPLACE, or DROP … IF EXISTS before CREATE",
            source=file.path,
        )


def _again(course: Course, database: str, goal: str, once: State) -> str:
    """Run an upgrade that has run; return what it changes, or why it fails; empty if nothing."""
    try:
        with course.open(database) as history:
            history.upgrade(goal)
    except SchemaError as error:
        return error.found
    gap = course.gap(
        once,
        course.read(database),
        database,
        promised_by="first upgrade",
        built_by="second upgrade",
    )
    return "\n".join(gap.lines)
