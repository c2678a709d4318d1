"""Figures of findings, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.trace import RelationSize

_HASTE, _MINUTE, _HOUR, _MANY = 0.0995, 60, 3600, 6
_LONGER = 1.1  # times: a difference that is worth a word


def seconds(number: float) -> str:
    """Return `12 ms`, `1.2 s`, `4 min`, `2.5 h`."""
    if number < _HASTE:
        return f"{number * 1000:.0f} ms"
    if number < _MINUTE:
        return f"{number:.1f} s"
    return f"{number / _MINUTE:.0f} min" if number < _HOUR else f"{number / _HOUR:.1f} h"


def rows(number: int) -> str:
    """Return `1 row`, `2,143 rows`."""
    return f"{number:,} row" + ("" if number == 1 else "s")


def projected(here: float, there: float, size: RelationSize | None = None) -> str:
    """Return `; about 10 min at 4,800,000 rows, 1.2 GiB`, empty where it would take no longer."""
    if there <= here * _LONGER:
        return ""
    if size is None:
        return f"; about {seconds(there)} at production's size"
    heap = f", {bytes_(size.bytes)}" if size.bytes else ""
    return f"; about {seconds(there)} at {rows(size.rows)}{heap}"


def bytes_(number: int) -> str:
    """Return `359.0 GiB`, `812 kiB`."""
    for unit, size in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20)):
        if number >= size:
            return f"{number / size:,.1f} {unit}"
    return f"{number / 1024:,.0f} kiB"


def listed(names: Iterable[object]) -> str:
    """Return names with commas between, the many counted."""
    told = [str(name) for name in names]
    more = f" and {len(told) - _MANY} more" if len(told) > _MANY else ""
    return ", ".join(told[:_MANY]) + more


def brief(text: str, most: int = 160) -> str:
    """Return a statement in one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
