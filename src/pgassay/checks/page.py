"""The page of a check: its docstring, which has the same sections in the same order everywhere."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from pgassay.core.errors import ConfigError

SECTIONS = (
    "What it finds",
    "Why it hurts",
    "Bad",
    "Good",
    "Fix",
    "When to ignore",
    "Reference",
)
_HEADING = re.compile(rf"^({'|'.join(SECTIONS)}):[ \t]*", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: the title is its first line without the full stop, `bad` and `good` are SQL."""

    text: str
    title: str
    finds: str
    why: str
    bad: str
    good: str
    fix: str
    ignore: str
    reference: str


def read_page(text: str | None, where: str) -> Page:
    """Return the page in a docstring or in the comment at the head of an SQL file.

    Raises:
        ConfigError: a section is missing or empty, or stands in another place.
    """
    text = inspect.cleandoc(text or "")
    title, *parts = _HEADING.split(text)
    headings, bodies = parts[::2], [inspect.cleandoc(part).strip() for part in parts[1::2]]
    empty = [heading for heading, body in zip(headings, bodies, strict=True) if not body]
    if tuple(headings) != SECTIONS or empty or not title.strip():
        lacking = [section for section in SECTIONS if section not in headings] or empty
        found = (
            f"the page lacks {', '.join(lacking)}" if lacking else "its sections are in disorder"
        )
        raise ConfigError(
            found if title.strip() else "the page has no first line",
            where=where,
            expected="a first line, then " + ", ".join(f'"{section}:"' for section in SECTIONS),
            why="pgassay explain prints the page, and findings take their words from it",
        )
    return Page(
        text=text,
        title=title.split("\n\n")[0].replace("\n", " ").strip().rstrip("."),
        finds=_flowing(bodies[0]),
        why=_flowing(bodies[1]),
        bad=bodies[2],
        good=bodies[3],
        fix=_flowing(bodies[4]),
        ignore=_flowing(bodies[5]),
        reference=_flowing(bodies[6]),
    )


def _flowing(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
