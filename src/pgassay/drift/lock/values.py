"""One value of a catalog as text and back: nothing is lost, and most of it is what SQL says.

A text stands as it is where it can: printable, on one line, with no space at its ends. Any other
single line is a JSON string. Text of several lines stands below its label, each line after `| `,
or after `|` as a JSON string if its end would be lost on the way through an editor.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Iterable

_IDENTIFIER = re.compile(r'"((?:[^"]|"")*)"|([^\s".,()]+)')
_ITEM = re.compile(r'"(?:[^"\\]|\\.)*"|[^,]+')
_BARE = re.compile(r"[^\s\",()]+\Z")
EXPRESSION = "(expression)"
"""A key column that is none, but an expression."""


class DamageError(ValueError):
    """A value that cannot be read; the reader knows the line."""


def is_plain(text: str) -> bool:
    """Whether a text can stand as it is."""
    return text.isprintable() and text == text.strip() and text != "" and text[0] not in '"|'


def text_lines(label: str, text: str) -> Iterable[str]:
    """Yield the lines that hold a text under a label."""
    if is_plain(text):
        yield f"{label} {text}"
    elif "\n" in text:
        yield f"{label} |"
        yield from (_block_line(line) for line in text.split("\n"))
    else:
        yield f"{label} {_json(text)}"


def text_of(value: str, block: list[str]) -> str:
    """Return the text of a value, or of the block below it."""
    if value == "|":
        return "\n".join(_unblocked(line) for line in block)
    return _parsed(value) if value.startswith('"') else value


def _block_line(line: str) -> str:
    if line == "":
        return "|"
    visible = line.replace("\t", " ")
    plain = visible.isprintable() and not visible.endswith(" ")
    return f"| {line}" if plain else f"|{_json(line)}"


def _unblocked(line: str) -> str:
    if line.startswith('|"'):
        return _parsed(line[1:])
    return line[2:]


def _json(text: str) -> str:
    """Return a JSON string; what is not printable is escaped, letters of any script are not."""
    kept = json.dumps(text, ensure_ascii=False)
    return kept if kept.isprintable() else json.dumps(text)


def _parsed(value: str) -> str:
    try:
        text = json.loads(value)
    except ValueError as damage:
        raise DamageError(f"{value} is no complete JSON string") from damage
    if not isinstance(text, str):
        raise DamageError(f"{value} is no JSON string")
    return text


def items_text(items: Iterable[str | None]) -> str:
    """Return a list of texts, separated by commas; one that is no plain word is a JSON string."""
    texts = [
        EXPRESSION if item is None else item if _BARE.match(item) and item.isprintable()
        else _json(item)
        for item in items
    ]  # fmt: skip
    return ", ".join(texts) or "()"


def items_of(value: str) -> list[str | None]:
    """Return the texts of a list."""
    if value == "()":
        return []
    found: list[str | None] = []
    at = 0
    while at <= len(value):
        match = _ITEM.match(value, at)
        if match is None:
            raise DamageError(f"{value!r} is no list")
        item = match[0].strip()
        found.append(None if item == EXPRESSION else _parsed(item) if item[:1] == '"' else item)
        at = match.end()
        if at == len(value):
            return found
        if value[at : at + 2] != ", ":
            raise DamageError(f"{value!r} is no list: a comma and a space go between its items")
        at += 2
    return found


def name_text(name: str) -> str:
    """Return an identifier, quoted where SQL quotes it, or as JSON where a line cannot hold it."""
    quoted = quote(name)
    if not quoted.isprintable():
        return "U&" + _json(name)
    return quoted


def qualified_text(name: QualifiedName) -> str:
    """Return a qualified name."""
    return f"{name_text(name.schema)}.{name_text(name.name)}"


def name_of(value: str, at: int = 0) -> tuple[str, int]:
    """Return the identifier at a place of a line, and where it ends."""
    if value.startswith('U&"', at):
        try:
            text, end = json.JSONDecoder().raw_decode(value, at + 2)
        except ValueError as damage:
            raise DamageError(f"{value[at:]!r} is no name") from damage
        return str(text), end
    match = _IDENTIFIER.match(value, at)
    if match is None:
        raise DamageError(f"{value[at:]!r} is no name")
    return (match[2] if match[1] is None else match[1].replace('""', '"')), match.end()


def qualified_of(value: str, at: int = 0) -> tuple[QualifiedName, int]:
    """Return the qualified name at a place of a line, and where it ends."""
    schema, end = name_of(value, at)
    if value[end : end + 1] != ".":
        raise DamageError(f"{value[at:]!r} is no name with its schema")
    name, end = name_of(value, end + 1)
    return QualifiedName(schema, name), end
