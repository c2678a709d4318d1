"""The whole history on a database of its own: the head, once built, that several cases look at."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.sqla.alembic_route import AlembicHistory

if TYPE_CHECKING:
    from pgassay.run.history.course import Course
    from pgassay.run.history.state import State


class Whole:
    """The history run from an empty database to its head, when it is first needed.

    Attributes:
        course: which history.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self._exit = ExitStack()

    def close(self) -> None:
        """End the process; harmless twice."""
        self._exit.close()

    @property
    def goal(self) -> str:
        """What Alembic is told to upgrade to."""
        return "heads" if len(self.course.heads) > 1 else "head"

    @cached_property
    def start(self) -> State:
        """What is there before the first revision."""
        return self.course.read(self._database)

    @cached_property
    def end(self) -> State:
        """What the whole history makes.

        Raises:
            SchemaError: a revision fails.
        """
        _ = self.start  # read while it is still that
        self.history.upgrade(self.goal)
        return self.course.read(self._database)

    @cached_property
    def history(self) -> AlembicHistory:
        """The history on the database."""
        opened = self._exit.enter_context(self.course.open(self._database))
        assert isinstance(opened, AlembicHistory)  # a file has no head
        return opened

    def copy(self) -> str:
        """Return the name of a copy of the head."""
        _ = self.end
        return self.course.create(self._database)

    @cached_property
    def _database(self) -> str:
        name = self.course.blank()
        self._exit.callback(self.course.drop, name)
        return name
