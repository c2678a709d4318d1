"""Figures as people read them."""

from __future__ import annotations

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
