"""Figures of findings, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HASTE, _MINUTE, _HOUR, _MANY = 0.0995, 60, 3600, 6


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


def listed(names: Iterable[object]) -> str:
    """Return names with commas between, the many counted."""
    told = [str(name) for name in names]
    more = f" and {len(told) - _MANY} more" if len(told) > _MANY else ""
    return ", ".join(told[:_MANY]) + more


def brief(text: str, most: int = 160) -> str:
    """Return a statement in one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
