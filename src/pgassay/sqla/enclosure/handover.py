"""Inside the enclosure: what an env.py wants from the program that runs it.

Some are written for a program that migrates by itself: it hands them a connection in
`config.attributes`, or calls them in a worker thread of its event loop.
"""

from __future__ import annotations

import os
import sys
import traceback
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import NullPool, create_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.route import Target

_HANDED_OVER = frozenset({"connection", "engine", "connectable"})


class Attributes(dict[str, Any]):
    """`config.attributes`: an env.py that insists on a connection gets one to the throwaway.

    `.get("connection")` is None at first, so that an env.py that can open its own does so.
    """

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target
        self._asked: set[str] = set()
        self._open = False

    def hand_over(self) -> bool:
        """Give what was asked for from now on; False if nothing was, or if it is given already."""
        if self._open or not self._asked:
            return False
        self._open = True
        return True

    def get(self, name: str, default: Any = None) -> Any:
        """Return what is there, and note what a program would have handed over."""
        if name in _HANDED_OVER:
            self._asked.add(name)
            if self._open:
                return self[name]
        return super().get(name, default)

    def __missing__(self, name: str) -> Any:
        if name not in _HANDED_OVER:
            raise KeyError(name)
        engine = create_engine(self._target.url("psycopg"), poolclass=NullPool)
        self[name] = engine.connect() if name == "connection" else engine
        return self[name]


def in_the_right_thread(run: Callable[[], None]) -> None:
    """Run it here, or in a worker thread if that is what it was written for."""
    try:
        run()
    except RuntimeError as error:
        if not _wants_worker_thread(error):
            raise
        _in_worker_thread(run)


def _wants_worker_thread(error: RuntimeError) -> bool:
    """Return whether env.py calls back into an AnyIO event loop that is not there."""
    frames = traceback.extract_tb(error.__traceback__)
    return "anyio" in sys.modules and frames[-1].filename.endswith(
        (os.path.join("anyio", "from_thread.py"), os.path.join("anyio", "_core", "_eventloop.py"))  # noqa: PTH118 - plain text
    )


def _in_worker_thread(run: Callable[[], None]) -> None:
    """Call it as a server does that migrates while it starts (AnyIO, Working with threads)."""
    anyio = sys.modules["anyio"]
    to_thread = import_module("anyio.to_thread")

    async def wait() -> None:
        await to_thread.run_sync(run)

    anyio.run(wait)
