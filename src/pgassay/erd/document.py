"""Documents that hold diagrams: Markdown with fenced blocks, or a file that is one diagram.

Fences are CommonMark's (backquotes or tildes, three or more, closed by as many), with `mermaid`
as the first word, in braces too, and the `::: mermaid` of Azure DevOps. Diagrams of other kinds
are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.erd.diagram import Diagram, Drawing
from pgassay.erd.grammar import DiagramError, parse_diagram
from pgassay.erd.preface import cleaned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WRITTEN_BY = "<!-- Written by pgassay erd"
"""How a document begins that pgassay wrote, after its title."""

WHOLE_FILE = (".mmd", ".mermaid")

_FENCE = re.compile(
    r"^(?P<indent>(?:[ \t]|>[ \t]?)*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*(?P<info>[^`\n]*)$"
)
_MERMAID = re.compile(r"\{?\.?mermaid\b", re.IGNORECASE)
_DETECTED = re.compile(r"\s*erDiagram")
_MISSPELT = re.compile(r"\s*er-?diagram\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    first: int


def read_drawing(texts: Iterable[tuple[str, str]]) -> Drawing:
    """Return all that the diagrams of some documents draw.

    Args:
        texts: the name of each file, as it will be shown, and its content.

    Raises:
        DiagramError: a diagram is not written as Mermaid asks, with its file and line.
        ConfigError: a document holds no diagram.
    """
    files: list[str] = []
    found: list[Diagram] = []
    complete = True
    for file, text in texts:
        files.append(file)
        diagrams = list(_diagrams(file, text))
        if not diagrams:
            raise ConfigError(
                "holds no entity relationship diagram",
                where=file,
                expected="a ```mermaid block that begins with erDiagram, or a .mmd file of one",
                why="a document without a diagram agrees with every schema",
                fix="pgassay erd writes one",
            )
        found += diagrams
        complete &= WRITTEN_BY in text
    return Drawing(files=tuple(files), diagrams=tuple(found), complete=complete)


def is_own(path: Path) -> bool:
    """Whether pgassay may write a document: it wrote it before, or nobody has written anything."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return WRITTEN_BY in text or not text.strip()


def _diagrams(file: str, text: str) -> Iterator[Diagram]:
    whole = file.lower().endswith(WHOLE_FILE)
    for block in [_Block(text, 1)] if whole else _blocks(text):
        body = cleaned(block.text)
        if _DETECTED.match(body):
            yield parse_diagram(block.text, file=file, first=block.first)
        elif misspelt := _MISSPELT.match(body):
            raise DiagramError(
                f"found {misspelt[0].strip()}",
                where=f"{file}:{block.first + misspelt[0].count(chr(10))}",
                expected="erDiagram",
                why="Mermaid knows the kind of a diagram by this word, spelled exactly so",
            )


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the content of every fenced block of Mermaid."""
    lines = re.split(r"\r\n|\r|\n", text)
    number = 0
    while number < len(lines):
        opened = _FENCE.match(lines[number])
        number += 1
        # other containers of three colons hold blocks, and are no block
        if not opened or (opened["fence"][0] == ":" and not _MERMAID.match(opened["info"])):
            continue
        first, body = number + 1, []
        while number < len(lines) and not _closes(lines[number], opened["fence"]):
            body.append(_dedented(lines[number], opened["indent"]))
            number += 1
        number += 1
        if _MERMAID.match(opened["info"]):
            yield _Block("\n".join(body) + "\n", first)


def _closes(line: str, fence: str) -> bool:
    found = _FENCE.match(line)
    return bool(
        found
        and not found["info"].strip()
        and found["fence"][0] == fence[0]
        and len(found["fence"]) >= len(fence)
    )


def _dedented(line: str, indent: str) -> str:
    if ">" in indent:
        return re.sub(r"^[ \t]*(?:>[ \t]?)+", "", line)
    return line[len(indent) :] if line.startswith(indent) else line.lstrip(" \t")
