"""Texts that match a regular expression or a LIKE pattern: another one for every number.

A reader of the part of PostgreSQL's advanced regular expressions that CHECKs use (Pattern
Matching, POSIX Regular Expressions): literals, classes, escapes, groups, alternatives,
quantifiers, anchors. Constraints such as lookaheads and back references raise ValueError. The
server judges every text, so a pattern read too widely costs a candidate and nothing else.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = string.ascii_lowercase + string.digits + string.ascii_uppercase + "_"
_ANY = string.ascii_lowercase + string.digits + string.ascii_uppercase + "_-.@ :/#+%"
_POSIX = {
    "alpha": string.ascii_lowercase + string.ascii_uppercase,
    "digit": string.digits,
    "alnum": string.ascii_lowercase + string.digits + string.ascii_uppercase,
    "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase,
    "space": " \t",
    "blank": " \t",
    "punct": "-_.,:;!?@#",
    "xdigit": "0123456789abcdefABCDEF",
    "word": _WORDS,
    "print": _ANY,
    "graph": _ANY.replace(" ", ""),
}
_ESCAPES = {"d": string.digits, "w": _WORDS, "s": " \t"}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "e": "\x1b"}
_ANCHORS = "AZmMyYb<>"


@dataclass(frozen=True, slots=True)
class _Class:
    """One character out of these."""

    characters: str


@dataclass(frozen=True, slots=True)
class _Sequence:
    """Parts one after another."""

    parts: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One out of these."""

    branches: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A part as often as `least` to `most` says; None is without end."""

    part: _Node
    least: int
    most: int | None


_Node = _Class | _Sequence | _Choice | _Repeat


def matching(pattern: str, number: int, *, run: int = 6) -> str:
    """Return a text that matches a regular expression.

    Args:
        pattern: the expression, as it stands in the CHECK.
        number: different numbers give different texts, as far as the pattern leaves a choice.
        run: how often a part without an upper bound is repeated, where its lower bound allows.

    Raises ValueError for what the reader does not know.
    """
    reader = _Reader(pattern)
    tree = reader.choice()
    reader.finish()
    return "".join(_written(tree, _Number(number), run))


def like(pattern: str, filling: str) -> str:
    """Return a text that matches a LIKE pattern: `filling` where any text may stand."""
    text, at = "", 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\" and at + 1 < len(pattern):
            at += 1
            text += pattern[at]
        elif sign == "%":
            text, filling = text + filling, ""
        elif sign == "_":
            text += "a"
        else:
            text += sign
        at += 1
    return text


class _Number:
    """Spends a number on choices, the way digits are taken from it."""

    def __init__(self, number: int) -> None:
        self._left = number

    def below(self, count: int) -> int:
        self._left, digit = divmod(self._left, count)
        return digit


def _written(node: _Node, number: _Number, run: int) -> Iterator[str]:
    if isinstance(node, _Class):
        yield node.characters[number.below(len(node.characters))]
    elif isinstance(node, _Sequence):
        for part in node.parts:
            yield from _written(part, number, run)
    elif isinstance(node, _Choice):
        yield from _written(node.branches[number.below(len(node.branches))], number, run)
    else:
        times = max(node.least, min(run, run if node.most is None else node.most))
        for _ in range(times):
            yield from _written(node.part, number, run)


class _Reader:
    """Recursive descent over the pattern."""

    def __init__(self, pattern: str) -> None:
        for prefix in ("***:", "(?i)"):
            pattern = pattern.removeprefix(prefix)
        self._text = pattern
        self._at = 0

    def finish(self) -> None:
        if self._at < len(self._text):
            raise ValueError(f"not understood: {self._text[self._at :]!r}")

    def choice(self) -> _Node:
        branches = [self._sequence()]
        while self._accept("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else _Choice(tuple(branches))

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _accept(self, text: str) -> bool:
        if self._text.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _take(self) -> str:
        sign = self._peek()
        if not sign:
            raise ValueError("the pattern ends too early")
        self._at += 1
        return sign

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self._peek() not in ("", "|", ")"):
            atom = self._atom()
            if atom is not None:
                parts.append(self._quantified(atom))
        return _Sequence(tuple(parts))

    def _atom(self) -> _Node | None:
        sign = self._take()
        if sign in "^$":
            return None
        if sign == ".":
            return _Class(_ANY)
        if sign == "[":
            return self._class()
        if sign == "(":
            return self._group()
        if sign == "\\":
            return self._escape()
        return _Class(sign)

    def _group(self) -> _Node:
        if self._accept("?") and not self._accept(":"):
            raise ValueError("lookaround is not read")
        inner = self.choice()
        if not self._accept(")"):
            raise ValueError("a group does not end")
        return inner

    def _escape(self) -> _Node | None:
        sign = self._take()
        if sign in _ESCAPES:
            return _Class(_ESCAPES[sign])
        if sign.lower() in _ESCAPES:
            return _Class(_without(_ESCAPES[sign.lower()]))
        if sign in _ANCHORS:
            return None
        if sign.isdigit():
            raise ValueError("back references are not read")
        return _Class(_CONTROLS.get(sign, sign))

    def _quantified(self, atom: _Node) -> _Node:
        counts: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        sign = self._peek()
        if sign in counts and sign:
            self._at += 1
            low, high = counts[sign]
        elif sign == "{" and self._text[self._at + 1 : self._at + 2].isdigit():
            low, high = self._counted()
        else:
            return atom
        self._accept("?")
        return _Repeat(atom, low, high)

    def _counted(self) -> tuple[int, int | None]:
        end = self._text.index("}", self._at)
        low, comma, high = self._text[self._at + 1 : end].partition(",")
        self._at = end + 1
        return int(low), (int(high) if high else None) if comma else int(low)

    def _class(self) -> _Node:
        negated = self._accept("^")
        found = self._class_item()  # a bracket in the first place is an ordinary character
        while not self._accept("]"):
            found += self._class_item()
        return _Class(_without(found) if negated else _friendly(found))

    def _class_item(self) -> str:
        if self._accept("[:"):
            end = self._text.index(":]", self._at)
            name = self._text[self._at : end]
            self._at = end + 2
            if name not in _POSIX:
                raise ValueError(f"unknown class {name!r}")
            return _POSIX[name]
        sign = self._take()
        if sign == "\\":
            escape = self._take()
            if escape in _ESCAPES:
                return _ESCAPES[escape]
            sign = _CONTROLS.get(escape, escape)
        if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
            self._at += 1
            return "".join(chr(c) for c in range(ord(sign), ord(self._range_end()) + 1))
        return sign

    def _range_end(self) -> str:
        sign = self._take()
        return self._take() if sign == "\\" else sign


def _without(found: str) -> str:
    left = "".join(c for c in _ANY if c not in found)
    if not left:
        raise ValueError("a class without characters")
    return left


def _friendly(found: str) -> str:
    """Put letters and digits first: they are right in more places than marks are."""
    plain = dict.fromkeys(c for c in found if c.isalnum())
    rest = dict.fromkeys(c for c in found if not c.isalnum())
    return "".join([*plain, *rest])
