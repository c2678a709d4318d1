"""How large an index would be, and how high, from statistics: for what nobody has measured.

Sizes are those of a B-tree that was just built: leaves filled to 90 %, equal keys in posting lists
(PostgreSQL documentation, B-Tree Indexes: Implementation).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.snapshot import RelationSeen

_USABLE = 8192 - 24 - 16
_FILLED = 0.9
_TUPLE, _POINTER, _TID = 8, 4, 6
_LONGEST_LIST = 200  # row pointers to one posting list: it takes a sixth of a page at most
_INTERNAL_FILLED = 0.7


def widths(relation: RelationSeen, keys: Sequence[str]) -> list[float]:
    """Return the width of each key of an index; 16 bytes where none is known."""
    known = {
        column.name: found.width
        for column in relation.columns
        for found in column.statistics
        if found.width
    }
    return [known.get(key.strip('"').split(" ")[0], 16) for key in keys]


def kinds_of(relation: RelationSeen, keys: Sequence[str], rows: float) -> float:
    """Return how many different keys so many entries of an index have, at most."""
    distinct = 1.0
    for key in keys:
        column = relation.column(key.strip('"'))
        known = column.statistics[0].kinds(rows) if column and column.statistics else 0.0
        distinct *= known or rows or 1.0
    return min(distinct, rows)


def entry_width(widths: Sequence[float]) -> int:
    """Return the bytes of one entry with columns of these widths, its line pointer included."""
    return _TUPLE + 8 * math.ceil(max(sum(widths), 1) / 8) + _POINTER


def btree_pages(rows: float, widths: Sequence[float], distinct: float) -> int:
    """Return how many pages a B-tree over so many rows takes.

    Args:
        rows: entries.
        widths: of its columns, in bytes.
        distinct: how many different keys; 0 if unknown.
    """
    if rows < 1:
        return 1
    width = entry_width(widths)
    share = min(rows / distinct, _LONGEST_LIST) if distinct >= 1 else 1.0
    each = (width + _TID * share) / share if share > 1.5 else width  # noqa: PLR2004 - lists pay
    leaves = math.ceil(rows * min(each, width) / (_USABLE * _FILLED))
    return leaves + sum(_levels(leaves, widths)) + 1


def height(pages: int, widths: Sequence[float]) -> int:
    """Return the levels above the leaves of a B-tree with so many pages."""
    return len(_levels(max(pages - 1, 1), widths))


def _levels(leaves: int, widths: Sequence[float]) -> list[int]:
    """Return how many pages each level above the leaves has."""
    fan_out = max(_USABLE * _INTERNAL_FILLED / entry_width(widths), 2.0)
    found: list[int] = []
    level = leaves
    while level > 1:
        level = math.ceil(level / fan_out)
        found.append(level)
    return found
