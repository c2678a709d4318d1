"""Python source as a syntax tree, one source at a time.

Python before 3.11.8 and 3.12.2 counts the depth of all trees that are being made in one place, and
raises SystemError where the making of two overlaps (CPython issue 106905): one thread's is paused
while a finalizer runs, another's begins.
"""

from __future__ import annotations

import ast
import threading

_ONE_AT_A_TIME = threading.RLock()


def syntax_tree(source: str | bytes) -> ast.Module:
    """Return the tree of a module's source; from any thread.

    Raises:
        SyntaxError: it is no Python.
        ValueError: it has null bytes in it (Python 3.11).
    """
    with _ONE_AT_A_TIME:
        return ast.parse(source)
