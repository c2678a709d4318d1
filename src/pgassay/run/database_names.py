"""Names for the databases of a run: one that was dropped gives its name to the next.

A process that has read a project for one target is then of use again. So databases in which no
revision runs have other names, aside.
"""

from __future__ import annotations

import heapq
import threading
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


_RUNS = count(1)


class DatabaseNames:
    """Gives out names that nobody else in this process gives out; from any thread.

    Args:
        system: what they begin with.
    """

    def __init__(self, system: str) -> None:
        run = next(_RUNS)
        self._stems = {False: f"{system[:36]}_r{run}", True: f"{system[:36]}_r{run}_aside"}
        self._free: dict[bool, list[int]] = {False: [], True: []}
        self._most = {False: 0, True: 0}
        self._given: dict[str, tuple[bool, int]] = {}  # by the real name: a server may choose it
        self._lock = threading.Lock()

    def made(self, create: Callable[[str], str], *, aside: bool = False) -> str:
        """Let a database be made under the first name that is free, and return its real name."""
        with self._lock:
            if self._free[aside]:
                number = heapq.heappop(self._free[aside])
            else:
                self._most[aside] += 1
                number = self._most[aside]
        real = create(self._called(aside, number))
        with self._lock:
            self._given[real] = (aside, number)
        return real

    @property
    def given(self) -> tuple[str, ...]:
        """The real names of all databases that are there."""
        with self._lock:
            return tuple(self._given)

    def wanted(self, real: str) -> str:
        """Return under which name a database was wanted."""
        return self._called(*self._given[real])

    def dropped(self, real: str) -> None:
        """Take a name back; nothing where it was not given out here."""
        with self._lock:
            aside, number = self._given.pop(real, (False, None))
            if number is not None:
                heapq.heappush(self._free[aside], number)

    def _called(self, aside: bool, number: int) -> str:
        return f"{self._stems[aside]}_{number}"
