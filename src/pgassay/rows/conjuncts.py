"""The parts of a deparsed expression that AND joins: text in, text out."""

from __future__ import annotations

import re

_MARK = re.compile(r"""(?P<text>[EB]?'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*")|[()\[\]]|\w+""")


def conjuncts(text: str) -> tuple[str, ...]:
    """Return what must all hold for the expression to hold; the whole of it where OR stands there.

    PostgreSQL deparses fully parenthesised: an AND outside of every parenthesis joins conditions.
    """
    text = _unwrapped(text)
    parts, depth, start = [], 0, 0
    for mark in _MARK.finditer(text):
        if mark["text"] is not None:
            continue
        if mark[0] in "([":
            depth += 1
        elif mark[0] in ")]":
            depth -= 1
        elif depth == 0 and mark[0].upper() in ("OR", "CASE", "NOT"):
            return (text,)
        elif depth == 0 and mark[0].upper() == "AND":
            parts.append(text[start : mark.start()])
            start = mark.end()
    if not parts:
        return (text,)
    parts.append(text[start:])
    return tuple(found for part in parts for found in conjuncts(part))


def _unwrapped(text: str) -> str:
    """Take the parentheses away that stand around all of it."""
    text = text.strip()
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    """Return where the parenthesis closes that the text begins with."""
    depth = 0
    for mark in _MARK.finditer(text):
        if mark[0] in ("(", ")"):
            depth += 1 if mark[0] == "(" else -1
            if depth == 0:
                return mark.start()
    return -1
