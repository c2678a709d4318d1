r"""An SQL file as statements, split where psql would split it.

A semicolon ends a statement outside parentheses and outside the body of a function written in
SQL (`BEGIN ATOMIC … END`). The data of COPY … FROM STDIN belongs to its statement. Of psql's
commands this subset is understood; every other one is refused by name:

- `\ir file`, `\i file`: another file, from this file's folder, or from the route's folder
- `\set name value`, `\unset name`, and `:name`, `:'name'`, `:"name"`
- without effect: `\echo \qecho \warn \timing \pset \x \restrict \unrestrict`, and
  `\encoding UTF8`
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.errors import SchemaError
from pgassay.postgres.script.lexer import Kind, Lexer, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_IGNORED = frozenset({"echo", "qecho", "warn", "timing", "pset", "x", "restrict", "unrestrict"})
_UNDERSTOOD = r"\i \ir \set \unset \echo \qecho \warn \timing \pset \x \restrict \encoding UTF8"
_META = re.compile(r"\\(?P<name>[A-Za-z_]+|[!?;]|\S)?(?P<rest>.*)", re.DOTALL)
_COPY_DATA = re.compile(r"copy\b.*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL)
_ROUTINE = re.compile(r"create (?:or replace )?(?:function|procedure)\b")
_INCLUDE = re.compile(r"^\s*\\(ir?|include|include_relative)\s+(\S+)", re.MULTILINE)
_WORD = re.compile(r"(?:'(?:''|\\.|[^'\\])*'|[^\s'])+")
_WORDS = re.compile(rf"\s*(?:{_WORD.pattern}(?:\s+|\Z))*")
_QUOTED = re.compile(r"'((?:''|\\.|[^'\\])*)'")
_ESCAPED = re.compile(r"'(')|\\(.)")
_CONTROL = {"n": "\n", "t": "\t", "b": "\b", "r": "\r", "f": "\f"}
_DEEPEST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptStatement:
    r"""One statement of a file.

    Args:
        text: as written, without the semicolon and without comments before it.
        file: the file it stands in, as messages name it.
        line: the line it begins on, from 1.
        data: what follows COPY … FROM STDIN, up to the line `\.`.
    """

    text: str
    file: str
    line: int
    data: str | None = None

    @property
    def where(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"


class Splitter:
    r"""Splits one file and those that it includes.

    Args:
        root: the route's folder: where `\i` looks, and from where files are named.
        prepare: applied to the text of every file, with its name: placeholders.
    """

    def __init__(self, root: Path, prepare: Callable[[str, str], str] | None = None) -> None:
        self._root = root
        self._prepare = prepare
        self._variables: dict[str, str] = {}

    def of_text(self, text: str, file: str) -> Iterator[ScriptStatement]:
        """Yield the statements of a text; `file` is what messages call it.

        Raises:
            SchemaError: as of `statements`.
        """
        yield from self._split(Lexer(text, file), self._root / file, 0)

    def statements(self, path: Path, depth: int = 0) -> Iterator[ScriptStatement]:
        """Yield the statements of a file.

        Raises:
            SchemaError: something has no end, a psql command is not understood, an included file
                is not there, or text is left after the last semicolon.
        """
        file = named(path, self._root)
        text = read_text(path, file)
        if self._prepare:
            text = self._prepare(text, file)
        yield from self._split(Lexer(text, file), path, depth)

    def _split(self, lexer: Lexer, path: Path, depth: int) -> Iterator[ScriptStatement]:
        pending = _Pending()
        for token in lexer.tokens():
            if token.kind is Kind.META:
                if pending:
                    raise self._refused(lexer, token, "in the middle of a statement")
                yield from self._command(lexer, token, path, depth)
            elif token.kind is Kind.SEMICOLON and pending.complete:
                if pending:
                    yield self._finished(pending, lexer)
                pending = _Pending()
            elif pending or token.kind is not Kind.BLANK:
                pending.add(token, self._substituted(token))
        if pending:
            yield self._finished(pending, lexer, ended=False)

    def _finished(self, pending: _Pending, lexer: Lexer, *, ended: bool = True) -> ScriptStatement:
        text, line = pending.text(), lexer.line_of(pending.start)
        if not pending.complete:
            raise SchemaError(
                "the file ends within parentheses or a function's body",
                where=f"{lexer.file}:{line}",
                expected="statements that end with a semicolon",
            )
        data = None
        if ended and _COPY_DATA.match(text):
            data, lexer.position = _copy_data(lexer, line)
        return ScriptStatement(text=text, file=lexer.file, line=line, data=data)

    def _substituted(self, token: Token) -> str:
        if token.kind is not Kind.VARIABLE:
            return token.text
        name = token.text.strip(":'\"")
        if name not in self._variables:
            return token.text  # as psql does: it may be a slice of an array
        value = self._variables[name]
        quote = token.text[1]
        if quote in "'\"":
            return quote + value.replace(quote, quote * 2) + quote
        return value

    def _command(
        self, lexer: Lexer, token: Token, path: Path, depth: int
    ) -> Iterator[ScriptStatement]:
        found = _META.match(token.text)
        assert found is not None  # every part of the pattern may be empty
        name, rest = found["name"] or "", found["rest"]
        if name in _IGNORED:
            return
        words = self._words(lexer, token, rest)
        if name == "encoding" and [word.upper().replace("-", "") for word in words] == ["UTF8"]:
            return
        if name == "set" and words:
            self._variables[words[0]] = "".join(words[1:])
        elif name == "unset" and words:
            self._variables.pop(words[0], None)
        elif name in {"i", "ir", "include", "include_relative"} and words:
            base = path.parent if name in {"ir", "include_relative"} else self._root
            yield from self._included(lexer, token, (base / words[0]).resolve(), depth)
        else:
            raise self._refused(lexer, token, "is not understood")

    def _words(self, lexer: Lexer, token: Token, rest: str) -> list[str]:
        """Return a command's arguments; '' in single quotes is one quote, a backslash escapes."""
        if _WORDS.fullmatch(rest) is None:
            raise self._refused(lexer, token, "has a quote without an end")
        return [
            _QUOTED.sub(lambda found: _ESCAPED.sub(_unescaped, found[1]), word[0])
            for word in _WORD.finditer(rest)
        ]

    def _included(
        self, lexer: Lexer, token: Token, path: Path, depth: int
    ) -> Iterator[ScriptStatement]:
        if depth >= _DEEPEST:
            raise self._refused(lexer, token, f"includes more than {_DEEPEST} files deep")
        if not path.is_file():
            raise SchemaError(
                f"{token.text.strip()}: there is no such file",
                where=f"{lexer.file}:{lexer.line_of(token.start)}",
                expected=str(path),
                fix=r"\ir looks in the file's own folder, \i in the folder of the route",
            )
        yield from self.statements(path, depth + 1)

    def _refused(self, lexer: Lexer, token: Token, reason: str) -> SchemaError:
        return SchemaError(
            f"the psql command {token.text.split()[0]} {reason}",
            where=f"{lexer.file}:{lexer.line_of(token.start)}",
            expected=f"SQL, or one of {_UNDERSTOOD}",
            why="skipped in silence it would give another database than psql gives",
        )


def _unescaped(found: re.Match[str]) -> str:
    return found[1] or _CONTROL.get(found[2], found[2])


class _Pending:
    """A statement while it is read: its tokens, and whether a semicolon may end it here."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._words: list[str] = []
        self._depth = 0
        self._bodies = 0
        self.start = 0

    def __bool__(self) -> bool:
        return bool(self._parts)

    @property
    def complete(self) -> bool:
        """Whether no parenthesis and no body is open."""
        return self._depth <= 0 and self._bodies == 0

    def add(self, token: Token, text: str) -> None:
        """Add a token, in the form that is sent."""
        if not self._parts:
            self.start = token.start
        self._parts.append(text)
        if token.kind is Kind.OPEN:
            self._depth += 1
        elif token.kind is Kind.CLOSE:
            self._depth -= 1
        elif token.kind is Kind.WORD:
            self._body(token.text.lower())

    def text(self) -> str:
        """Return what is sent."""
        return "".join(self._parts).rstrip()

    def _body(self, word: str) -> None:
        """Follow BEGIN ATOMIC … END, with the CASE … END that may stand in it."""
        if len(self._words) < 4:  # noqa: PLR2004 - create or replace function
            self._words.append(word)
        if self._depth > 0 or not _ROUTINE.match(" ".join(self._words)):
            return
        if word == "begin" or (word == "case" and self._bodies):
            self._bodies += 1
        elif word == "end" and self._bodies:
            self._bodies -= 1


def read_text(path: Path, name: str) -> str:
    """Return a file's text without a byte order mark; SchemaError if it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemaError(f"not UTF-8: {error}", where=name, expected="UTF-8") from error


def named(path: Path, root: Path) -> str:
    """Return a file's name from the folder that holds the route's folder."""
    above = root.parent
    return str(path.relative_to(above)) if path.is_relative_to(above) else str(path)


def included_files(path: Path, root: Path, seen: dict[Path, bytes]) -> None:
    """Add a file and all that it includes to `seen`, with their contents."""
    if path in seen or not path.is_file():
        return
    seen[path] = path.read_bytes()
    for kind, name in _INCLUDE.findall(seen[path].decode(errors="replace")):
        base = path.parent if kind in {"ir", "include_relative"} else root
        included_files((base / name.strip("'")).resolve(), root, seen)


def _copy_data(lexer: Lexer, line: int) -> tuple[str, int]:
    r"""Return the lines up to `\.` and the offset behind it."""
    start = lexer.text.find("\n", lexer.position) + 1
    end = re.compile(r"^\\\.\r?$", re.MULTILINE).search(lexer.text, start or len(lexer.text))
    if not start or end is None:
        raise SchemaError(
            r"the data of this COPY has no end",
            where=f"{lexer.file}:{line}",
            expected=r"a line with \. alone",
        )
    return lexer.text[start : end.start()], end.end()
