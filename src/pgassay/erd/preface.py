"""What Mermaid takes out of a diagram before it reads it: front matter, directives, comments.

All is blanked in place, so that every line keeps its number. Entity codes (`#quot;`, `#35;`) are
resolved in names and texts afterwards, as Mermaid does when it draws.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

_FRONT_MATTER = re.compile(
    r"\A(?P<indent>[^\S\n\r]*)-{3}\s*\n.*?\n(?P=indent)-{3}[^\S\n]*(?:\n|\Z)", re.DOTALL
)
_DIRECTIVE = re.compile(r"%%\{.*?\}%%", re.DOTALL)
_COMMENT = re.compile(r"^[^\S\n]*%%(?!\{)[^\n]+$", re.MULTILINE)
_CODE = re.compile(r"#(\w+);", re.ASCII)


def cleaned(text: str) -> str:
    """Return a diagram's text with all of that blanked, its lines in place."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _FRONT_MATTER.sub(_blank, text)
    text = _DIRECTIVE.sub(_blank, text)
    return _COMMENT.sub(_blank, text)


def resolved(text: str) -> str:
    """Return a name or a text with its entity codes resolved."""

    def character(code: re.Match[str]) -> str:
        inner = code[1]
        if inner.isdigit():
            return html.unescape(f"&#{inner};")
        return html5.get(f"{inner};", code[0])

    return _CODE.sub(character, text)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
