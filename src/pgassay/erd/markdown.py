"""Names and texts in Markdown (GitHub's), shown as they are whatever is in them."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*\[\]<>#|~&$]|\b_|_\b)")
_FIRST = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
_SLUG = re.compile(r"[^\w\- ]")


def plain(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    escaped = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    return _FIRST.sub(lambda first: f"\\{first[1]}" if first[1] else f"{first[2]}\\{first[3]}",
                      escaped)  # fmt: skip


def code(text: str) -> str:
    """Return a name as a code span, fenced by more backquotes than it has."""
    line = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{fence}{line}{fence}" if len(fence) == 1 else f"{fence} {line} {fence}"


def cell_code(text: str) -> str:
    """Return a code span for a cell of a table, where a bar would end the cell even within it."""
    return code(text).replace("|", "\\|")


def fenced(text: str, language: str) -> str:
    """Return text as a block of code."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Return a table without the columns that are empty in every row, the first one aside."""
    kept = [n for n in range(len(heads)) if n == 0 or any(row[n] for row in rows)]
    lines = [[heads[n] for n in kept], ["---"] * len(kept)]
    lines += [[row[n] for n in kept] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


class Slugs:
    """What headings are called in links: as GitHub does it, in the order of the headings."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, heading: str) -> str:
        """Return the name of the next heading, by its text as it is shown."""
        shown = " ".join(heading.split()).lower()
        slug = first = _SLUG.sub("", shown).replace(" ", "-") or "section"
        while slug in self._taken:
            self._taken[first] += 1
            slug = f"{first}-{self._taken[first]}"
        self._taken[slug] = 0
        return slug
