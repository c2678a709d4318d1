"""The workshop: histories on many databases of one run, at the price of reading a project once.

For each target it keeps one process that has read the revisions and what env.py imports, and is
copied for whoever opens the history there. A project that cannot be copied (its modules start a
thread, or keep a connection) gets a process of its own each time, as without a workshop.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from pgassay.core.errors import PgassayError
from pgassay.sqla.alembic_route import NOWHERE, AlembicHistory
from pgassay.sqla.enclosure.copies import Copy, Mother, Nursery

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from pgassay.core.route import Target
    from pgassay.sqla.alembic_route import AlembicRoute


class Workshop:
    """Opens one history on databases, those of one server at a time; from any thread.

    A target is best used again and again: names of databases that are gone are free.

    Args:
        route: the history.
    """

    def __init__(self, route: AlembicRoute) -> None:
        self.route = route
        self._mothers: dict[Target, Mother | None] = {}
        self._nursery: Nursery | None = None
        self._lock = threading.Lock()
        self._can_be_copied = Nursery.is_possible()

    def __enter__(self) -> Self:
        """Begin to read the libraries, while others do something else."""
        if self._can_be_copied:
            self._nursery = Nursery(self.route.enclosed(NOWHERE)["environment"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what it keeps."""
        self.close()

    def open(self, target: Target) -> AlembicHistory:
        """Return the history on one target, a context manager: one process for many steps."""
        mother = self._mother(target)
        if mother is None:
            return self.route.open(target)
        return AlembicHistory(Copy(mother), self.route.version_tables_known())

    def forget(self) -> None:
        """End what it keeps for targets, which are gone."""
        for mother in self._mothers.values():
            if mother is not None:
                mother.close()
        self._mothers.clear()

    def close(self) -> None:
        """End what it keeps; harmless twice."""
        self.forget()
        if self._nursery is not None:
            self._nursery.close()
            self._nursery = None

    def _mother(self, target: Target) -> Mother | None:
        with self._lock:
            if target not in self._mothers:
                self._mothers[target] = self._made(target) if self._can_be_copied else None
            return self._mothers[target]

    def _made(self, target: Target) -> Mother | None:
        what = self.route.enclosed(target)
        if self._nursery is None:
            self._nursery = Nursery(what["environment"])
        try:
            mother = Mother(self._nursery, **what).__enter__()
        except PgassayError:
            return None
        if mother.prepare():
            return mother
        self._can_be_copied = False
        mother.close()
        return None
