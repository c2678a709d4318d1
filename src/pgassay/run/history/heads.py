"""One head: the revisions form one history, and all of it leads to one end.

With two heads, `alembic upgrade head` refuses, and which order two branches run in is left to
chance. It happens where two people branch off the same revision. A revision that no head leads
back to cannot happen with Alembic alone; one whose parent is missing stops every command.

Merge the heads (`alembic merge`), or let one branch stand on the other by its `down_revision`.
Where a history ends in several heads on purpose, say `revision = "heads"` in the configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding
from pgassay.sqla.alembic_route import AlembicRoute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.run.history.course import Course

KIND = "history_heads"
TITLE = "one head that every revision leads to"


def judge(course: Course) -> Iterator[Finding]:
    """Yield a finding where there are several heads that nobody asked for."""
    route = course.route
    on_purpose = isinstance(route, AlembicRoute) and route.revision == "heads"
    if len(course.heads) <= 1 or on_purpose:
        return
    known = {one.id: one for one in course.every}
    yield Finding(
        slug=KIND,
        subject=Subject(object=course.system),
        title=TITLE,
        found=f"{len(course.heads)} heads:\n"
        + "\n".join(f"{known[head]} ({known[head].path})" for head in course.heads),
        expected="one head",
        why="alembic upgrade head refuses, and which order they run in is left to chance",
        fix=f"alembic merge -m merge {' '.join(course.heads)}",
    )
