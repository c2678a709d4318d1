r"""An SQL file as tokens: just enough of PostgreSQL's lexical structure to find where things end.

Source: PostgreSQL documentation, SQL Syntax, Lexical Structure; psql, Meta-Commands. Strings
(plain, E'', U&'', bit strings, dollar-quoted with tags), quoted identifiers, nested comments and
backslash commands are whole tokens. `standard_conforming_strings` is taken to be on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pgassay.core.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """What a token is, as far as splitting needs to know."""

    BLANK = "blank"  # white space and comments
    WORD = "word"
    QUOTED = "quoted"  # any string or quoted identifier
    SEMICOLON = "semicolon"
    OPEN = "open"
    CLOSE = "close"
    META = "meta"  # a backslash command up to the end of its line
    VARIABLE = "variable"  # psql's :name, :'name', :"name"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Token:
    """One token and its place in the text."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)


_TOKEN = re.compile(
    r"""
      (?P<blank>\s+|--[^\n\r]*)
    | (?P<comment>/\*)
    | (?P<escaped>[eE]'[^'\\]*(?:(?:''|\\.|'\s*\n\s*')[^'\\]*)*(?P<escaped_end>')?)
    | (?P<string>(?:[bBxXnN]|[uU]&)?'[^']*(?:''[^']*)*(?P<string_end>')?)
    | (?P<name>(?:[uU]&)?"[^"]*(?:""[^"]*)*(?P<name_end>")?)
    | (?P<dollar>\$(?:[A-Za-z_\x80-\U0010FFFF][0-9A-Za-z_\x80-\U0010FFFF]*)?\$)
    | (?P<word>[A-Za-z_\x80-\U0010FFFF][0-9A-Za-z_$\x80-\U0010FFFF]*)
    | (?P<number>[0-9][0-9A-Za-z_.]*|\$[0-9]+)
    | (?P<cast>::|:=)
    | (?P<variable>:[A-Za-z_][0-9A-Za-z_]*|:'[A-Za-z_][0-9A-Za-z_]*'|:"[A-Za-z_][0-9A-Za-z_]*")
    | (?P<semicolon>;) | (?P<open>\() | (?P<close>\))
    | (?P<meta>\\[^\n\r]*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {
    "blank": Kind.BLANK,
    "word": Kind.WORD,
    "number": Kind.OTHER,
    "cast": Kind.OTHER,
    "variable": Kind.VARIABLE,
    "semicolon": Kind.SEMICOLON,
    "open": Kind.OPEN,
    "close": Kind.CLOSE,
    "meta": Kind.META,
    "other": Kind.OTHER,
}
_ENDS = {"escaped": "escaped_end", "string": "string_end", "name": "name_end"}
_COMMENT_EDGE = re.compile(r"/\*|\*/")


class Lexer:
    """Yields tokens from an offset on; the splitter moves the offset over COPY data.

    Args:
        text: the file's text.
        file: its name, for messages.
    """

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.position = 0

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens from `position` on.

        Raises:
            SchemaError: a string, a comment or a quoted identifier has no end.
        """
        while self.position < len(self.text):
            token = self._token()
            self.position = token.end
            yield token

    def line_of(self, offset: int) -> int:
        """Return the number of the line at an offset, counted from 1."""
        return self.text.count("\n", 0, offset) + 1

    def _token(self) -> Token:
        start = self.position
        found = _TOKEN.match(self.text, start)
        assert found is not None  # the last branch takes any character
        name = found.lastgroup or ""
        group = next((n for n in ("escaped", "string", "name") if found[n] is not None), name)
        if group in _ENDS:
            if found[_ENDS[group]] is None:
                raise self._open(start, "quoted identifier" if group == "name" else "string")
            return Token(Kind.QUOTED, found[0], start)
        if group == "comment":
            return Token(Kind.BLANK, self.text[start : self._comment_end(start)], start)
        if group == "dollar":
            end = self.text.find(found[0], found.end())
            if end < 0:
                raise self._open(start, f"dollar-quoted string {found[0]}")
            return Token(Kind.QUOTED, self.text[start : end + len(found[0])], start)
        return Token(_KINDS[group], found[0], start)

    def _comment_end(self, start: int) -> int:
        depth = 0
        for edge in _COMMENT_EDGE.finditer(self.text, start):
            depth += 1 if edge[0] == "/*" else -1
            if depth == 0:
                return edge.end()
        raise self._open(start, "comment")

    def _open(self, start: int, what: str) -> SchemaError:
        return SchemaError(
            f"the {what} that begins here has no end",
            where=f"{self.file}:{self.line_of(start)}",
            expected="a file that psql can read",
        )
