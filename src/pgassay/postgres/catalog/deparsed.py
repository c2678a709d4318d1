"""Finding a part in text that PostgreSQL deparsed, with regard to quotes and parentheses.

Deparsed text quotes identifiers as `"a""b"` and constants as `'a''b'` (with an `E` before it and
doubled backslashes where it has any), so a quote always ends where a single one stands. There are
no comments and no dollar quotes in it.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[()]|[^'\"()]+")
_ITEM = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[()\[\]]|, |[^'\"()\[\],]+|,")


def clause(text: str, word: str) -> str | None:
    """Return what stands within the parentheses that follow ` word ` outside any others.

    None where the clause is not there: `clause("… WHEN ((a > 1)) EXECUTE …", "WHEN")` is
    `(a > 1)`.
    """
    depth, start, expected = 0, None, False
    for token in _TOKEN.finditer(text):
        if token[0] == "(":
            depth += 1
            if expected and depth == 1:
                start = token.end()
        elif token[0] == ")":
            depth -= 1
            if depth == 0 and start is not None:
                return text[start : token.start()]
        expected = depth == 0 and token[0].endswith(f" {word} ")
    return None


def listed(text: str) -> list[str]:
    """Return the expressions of a list, separated by commas outside any parentheses."""
    depth, start = 0, 0
    found: list[str] = []
    for token in _ITEM.finditer(text):
        if token[0] in {"(", "["}:
            depth += 1
        elif token[0] in {")", "]"}:
            depth -= 1
        elif token[0] == ", " and depth == 0:
            found.append(text[start : token.start()])
            start = token.end()
    return [*found, text[start:]]
