"""Figures as people read them."""

from __future__ import annotations

import re

from rich.markup import escape

# Names and values come from the database: none of them moves the cursor or colours the terminal.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_UNITS = ("B", "kB", "MB", "GB", "TB")
_STEP = 1024  # as pg_size_pretty counts
_HASTE = 0.0995  # below this, milliseconds read better
_MINUTE = 60


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return `1 case`, `2,143 cases`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def duration(seconds: float) -> str:
    """Return `23 ms`, `1.24 s`, `2 min 3 s`."""
    if seconds < _HASTE:
        return f"{seconds * 1000:.0f} ms"
    if round(seconds, 2) < _MINUTE:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(int(round(seconds, 2)), _MINUTE)
    return f"{minutes} min {rest} s"


def size(number: int) -> str:
    """Return `812 B`, `1.4 MB`, `23 GB`."""
    value = float(number)
    for unit in _UNITS:
        if value < _STEP or unit == _UNITS[-1]:
            break
        value /= _STEP
    return f"{value:.0f} {unit}" if value >= _ENOUGH or unit == "B" else f"{value:.1f} {unit}"


_ENOUGH = 9.95  # from here on, a digit after the point says nothing


def shown(text: str) -> str:
    """Return what comes from outside as it may stand in a line with markup."""
    return escape(_CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text))
