"""The values that a query is asked with where there are no rows: from the statistics alone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgassay.core.snapshot import ColumnSeen, RelationSeen

_MODIFIER = re.compile(r"\([^)]*\)")
_NOBODY = "00000000-0000-4000-8000-00000000dead"
_CENTURY = timedelta(days=36_525)


def value_of(relation: RelationSeen, column: ColumnSeen, run: str) -> str | None:
    """Return an ordinary value of a column, the most frequent one, or one that is not there.

    Args:
        relation: with statistics that have values.
        column: one of it.
        run: typical, heaviest or absent.

    Returns:
        None where the statistics have no such value.
    """
    found = column.of(inherited=relation.kind == "p") or next(iter(column.statistics), None)
    if found is None:
        return None
    if run == "absent":
        return _absent(column, (*found.values, *found.bounds))
    if run == "heaviest" and found.values:
        return found.values[0]
    if found.bounds:
        return found.bounds[len(found.bounds) // 2]
    return found.values[len(found.values) // 2] if found.values else None


def _absent(column: ColumnSeen, known: tuple[str, ...]) -> str | None:
    type_ = _MODIFIER.sub("", column.base or column.type)
    if type_ == "uuid":
        return _NOBODY
    if type_ in ("text", "character varying", "character"):
        length = re.search(r"\((\d+)\)", column.base or column.type)
        return "nobody-has-this-value"[: int(length[1]) if length else None]
    highest = column.high or (known[-1] if known else None)
    return None if highest is None else _beyond(type_, highest, known)


def _beyond(type_: str, highest: str, known: tuple[str, ...]) -> str | None:
    """Return what is larger than all that is known."""
    try:
        if type_ in ("smallint", "integer", "bigint", "numeric"):
            return str(max(int(float(value)) for value in (highest, *known)) + 1)
        if type_ == "date":
            return (date.fromisoformat(highest) + _CENTURY).isoformat()
        if type_.startswith("timestamp"):
            return str(datetime.fromisoformat(highest) + _CENTURY)
    except (ValueError, OverflowError):
        return None
    return None
