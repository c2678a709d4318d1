"""The words of an `erDiagram`, found as Mermaid 11 finds them.

Mermaid takes the first pattern that fits, without regard to case, and has a mode of its own for
an entity's block, for what stands between backquotes in it, and for styles; so has this. It
matters: `to`, `one` and `class` are words of the language and no names, `1` is a number of rows
before a line and a name elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.erd.diagram import End, Place

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """What a word is; the values are how a message calls it."""

    NAME = "a name"
    QUOTED = "a quoted text"  # with characters that no quoted name may have
    END = "a cardinality"
    SOLID = "a solid line"
    DASHED = "a dashed line"
    OPEN = "{"
    CLOSE = "}"
    WORD = "a type or a name"
    OPTIONAL = "?"
    KEY = "PK, FK or UK"
    COMMENT = "a quoted comment"
    COMMA = ","
    COLON = ":"
    CLASS_MARK = ":::"
    LEFT_BRACKET = "["
    RIGHT_BRACKET = "]"
    STYLE = "style"
    CLASS_DEF = "classDef"
    CLASS = "class"
    SUBGRAPH = "subgraph"
    END_SUBGRAPH = "end"
    DIRECTION = "a direction"
    ACCESSIBLE = "an accessible text"
    STYLE_TEXT = "a style"
    SEMICOLON = ";"
    NEWLINE = "the end of the line"
    START = "erDiagram"
    OTHER = "a character that has no meaning here"
    EOF = "the end of the diagram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word with its place. `end` is the number that a cardinality stands for."""

    kind: Kind
    text: str
    place: Place
    end: End | None = None


_SPACE = r"[ \t\r\n\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
_NOT_SPACE = _SPACE.replace("[", "[^", 1)
_LETTER = r"[^\x00-\x7f]|[A-Za-z0-9_]|-|\*"
_AHEAD = r"(?=--|\.\.|\.-|-\.)"

_ENDS = (
    (r"one or zero\b", End.ZERO_OR_ONE),
    (r"one or more\b|one or many\b|1\+", End.ONE_OR_MORE),
    (r"\|o\b|zero or one\b", End.ZERO_OR_ONE),
    (r"zero or more\b|zero or many\b|0\+|\}o\b|many\(0\)", End.ZERO_OR_MORE),
    (r"many\(1\)", End.ONE_OR_MORE),
    (r"many\b", End.ZERO_OR_MORE),
    (r"\}\|", End.ONE_OR_MORE),
    (r"one\b|only one\b", End.ONE),
)
_ENDS_LATER = (
    (r"\|\|", End.ONE),
    (r"o\|", End.ZERO_OR_ONE),
    (r"o\{", End.ZERO_OR_MORE),
    (r"\|\{", End.ONE_OR_MORE),
    (r"u(?=[.\-|])", End.PARENT),
)

Rule = tuple[re.Pattern[str], Kind | None, End | None]


def _rule(pattern: str, kind: Kind | None, end: End | None = None) -> Rule:
    return re.compile(pattern, re.IGNORECASE | re.ASCII), kind, end


_BODY: tuple[Rule, ...] = (
    _rule(rf"accTitle{_SPACE}*:{_SPACE}*[^\n]*", Kind.ACCESSIBLE),
    _rule(rf"accDescr{_SPACE}*:{_SPACE}*[^\n]*", Kind.ACCESSIBLE),
    _rule(rf"accDescr{_SPACE}*\{{[^}}]*\}}", Kind.ACCESSIBLE),
    _rule(rf"direction{_SPACE}+(?:TB|BT|RL|LR)[^\n]*", Kind.DIRECTION),
    _rule(r"[ \t\r]+", None),
    _rule(r"\n+", Kind.NEWLINE),
    _rule(r'"[^"%\r\n\v\x08\\]+"', Kind.NAME),
    _rule(r'"[^"]*"', Kind.QUOTED),
    _rule(r"erDiagram\b", Kind.START),
    _rule(r"\{", Kind.OPEN),
    _rule(r",", Kind.COMMA),
    _rule(r":::", Kind.CLASS_MARK),
    _rule(r":", Kind.COLON),
    _rule(r"\[", Kind.LEFT_BRACKET),
    _rule(r"\]", Kind.RIGHT_BRACKET),
    _rule(r"style\b", Kind.STYLE),
    _rule(r"classDef\b", Kind.CLASS_DEF),
    _rule(r"class\b", Kind.CLASS),
    _rule(r"subgraph\b", Kind.SUBGRAPH),
    _rule(rf"end\b{_SPACE}*", Kind.END_SUBGRAPH),
    *(_rule(pattern, Kind.END, end) for pattern, end in _ENDS),
    _rule(r"[0-9]+\.[0-9]+", Kind.NAME),
    _rule(rf"1(?={_SPACE}+[A-Za-z_\"'0-9])|1{_AHEAD}", Kind.END, End.ONE),
    _rule(r"[0-9]+", Kind.NAME),
    *(_rule(pattern, Kind.END, end) for pattern, end in _ENDS_LATER),
    _rule(r"\.\.", Kind.DASHED),
    _rule(r"--", Kind.SOLID),
    _rule(r"to\b", Kind.SOLID),
    _rule(r"optionally to\b|\.-|-\.", Kind.DASHED),
    _rule(rf"(?:{_LETTER}|\.)+", Kind.NAME),
    _rule(r"(?s:.)", Kind.OTHER),
)
_BLOCK: tuple[Rule, ...] = (
    _rule(rf"{_SPACE}+", None),
    _rule(r"\b(?:PK|FK|UK)\b", Kind.KEY),
    _rule(rf"{_NOT_SPACE}*~.*~{_NOT_SPACE}*", Kind.WORD),
    _rule(
        r"[*A-Za-z_\u00c0-\U0010ffff][A-Za-z0-9\-_\[\]().,\u00c0-\U0010ffff*]*",
        Kind.WORD,
    ),
    _rule(r"`[^`]+`", Kind.WORD),
    _rule(r'"[^"]*"', Kind.COMMENT),
    _rule(r"\}", Kind.CLOSE),
    _rule(r"\?", Kind.OPTIONAL),
    _rule(r",", Kind.COMMA),
    _rule(r"(?s:.)", Kind.OTHER),
)
_STYLE: tuple[Rule, ...] = (
    _rule(r"\n+", Kind.NEWLINE),
    _rule(rf"{_SPACE}+", None),
    _rule(r":", Kind.COLON),
    _rule(r",", Kind.COMMA),
    _rule(rf"(?:{_LETTER})+|\#", Kind.STYLE_TEXT),
    _rule(r";", Kind.SEMICOLON),
    _rule(r"(?s:.)", Kind.OTHER),
)


def tokens(text: str, file: str, first: int) -> Iterator[Token]:
    """Yield the words of a diagram, the end included.

    Args:
        text: the diagram, comments and front matter blanked.
        file: for places.
        first: the line of the file on which `text` begins.
    """
    rules, position, line = _BODY, 0, first
    while position < len(text):
        match, kind, end = next(
            (match, kind, end)
            for pattern, kind, end in rules
            if (match := pattern.match(text, position))
        )
        if kind is not None:
            yield Token(kind=kind, text=match[0], place=Place(file=file, line=line), end=end)
        rules = _next_mode(rules, kind)
        line += match[0].count("\n")
        position = match.end()
    yield Token(kind=Kind.EOF, text="", place=Place(file=file, line=line))


def _next_mode(rules: tuple[Rule, ...], kind: Kind | None) -> tuple[Rule, ...]:
    if rules is _BODY and kind is Kind.OPEN:
        return _BLOCK
    if rules is _BODY and kind in (Kind.STYLE, Kind.CLASS_DEF):
        return _STYLE
    if (rules is _BLOCK and kind is Kind.CLOSE) or (rules is _STYLE and kind is Kind.NEWLINE):
        return _BODY
    return rules
