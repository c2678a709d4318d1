"""What Pulse's factories have in common.

What one row counts, sums up or names without a foreign key has to fit the others. Rows of one
number belong together where the engine makes a family of them; where a test asks for rows one by
one, what belongs to a row is looked up beside it.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import object_session

from factories.declared import WRITTEN_BEFORE, derived, numbered

LONG_AGO = WRITTEN_BEFORE - timedelta(days=400)
SOON = WRITTEN_BEFORE + timedelta(days=30)
DAY = 24 * 3600


def key(of: str) -> Any:
    """Return a declaration: the id of the row of that number, also where no foreign key says so."""
    return numbered(lambda number: f"{of}-{number}")


def named_by(parent: str, attribute: str, otherwise: str) -> Any:
    """Return a declaration: what the row above holds; of one not stored, the key of the number."""

    def make(row: Any, number: int) -> Any:
        return getattr(getattr(row, parent), attribute, None) or f"{otherwise}-{number}"

    return derived(make)


def stored(row: Any) -> Any:
    """Return the session of a row that is in a database, None for one that is not."""
    return None if row is None else object_session(row)
