"""Once: what several threads ask for, and one of them makes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Once(Generic[T]):
    """Calls a function for whoever asks first; the others wait and get the same.

    Where it raises, the next one who asks has it called again.

    Args:
        make: the function.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: list[T] = []
        self._lock = threading.Lock()

    def __call__(self) -> T:
        """Return what the function returned."""
        return self.is_(self._make)

    def is_(self, make: Callable[[], T]) -> T:
        """Return what is there; make it another way if nothing is."""
        with self._lock:
            if not self._made:
                self._made.append(make())
            return self._made[0]
