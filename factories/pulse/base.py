"""How the columns of Pulse's factories get their values.

Everything follows from the row's number: rows of one number belong together, and what one of them
counts or sums up has to fit the others.
"""

from collections.abc import Callable
from typing import Any

from factory import declarations


def numbered(make: Callable[[int], object]) -> Any:
    """Return a declaration: a value made from the row's number."""
    return declarations.Sequence(make)  # type: ignore[no-untyped-call]  # untyped library


def key(of: str) -> Any:
    """Return a declaration: the id of the row of that number, also where no foreign key says so."""
    return numbered(lambda number: f"{of}-{number}")
