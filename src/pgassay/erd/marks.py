"""What an attribute says of its column beside name and type, in the ways of people and tools.

Keys stand where Mermaid has a place for them, or in the comment (`"🗝️"` of prisma-erd-generator).
Nullability has no place in Mermaid; it is `"nullable"` (prisma-markdown, paracelsus, pgassay),
`"❓"` (prisma-erd-generator), `"not null"` or `"{NOT_NULL}"` (mermerd), `type?`. In a comment, a
mark is a part between commas or braces, or stands first; a word within prose is no mark.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgassay.erd.diagram import Attribute

PK, FK, UK = "PK", "FK", "UK"

_NULLABLE = frozenset(("nullable", "null", "optional", "can be null", "is nullable", "❓"))
_NOT_NULL = frozenset(
    ("not null", "notnull", "non null", "not nullable", "non nullable", "required", "mandatory")
)
_KEYS = {
    "pk": PK,
    "primary key": PK,
    "🗝": PK,
    "fk": FK,
    "foreign key": FK,
    "uk": UK,
    "unique": UK,
    "unique key": UK,
}
# What may stand before prose; `null` and `unique` alone begin too many sentences.
_FIRST = re.compile(r"(?:🗝|pk(?=\s+(?:❓|nullable)|$)|❓|nullable\b|not[ _]null\b)", re.IGNORECASE)
_PARTS = re.compile(r"[,;|{}()\n]|<br\s*/?>")
_VARIATION = "\ufe0f"  # makes an emoji of a character


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What an attribute says of its column.

    `nullable` is None where it does not say. `commented` are the keys that only the comment names.
    """

    keys: frozenset[str] = frozenset()
    nullable: bool | None = None
    commented: frozenset[str] = frozenset()


def marks_of(attribute: Attribute) -> Marks:
    """Return the marks of an attribute."""
    keys = set(attribute.keys)
    commented: set[str] = set()
    nullable = True if attribute.optional else None
    for said in _said(attribute.comment or ""):
        if said in _NULLABLE:
            nullable = True
        elif said in _NOT_NULL and nullable is None:
            nullable = False
        elif said in _KEYS:
            commented.add(_KEYS[said])
    return Marks(
        keys=frozenset(keys | commented), nullable=nullable, commented=frozenset(commented - keys)
    )


def _said(comment: str) -> list[str]:
    """Return what may be a mark: each part of a comment, and what stands before its prose."""
    text = html.unescape(comment).replace(_VARIATION, "").strip()
    found = []
    while first := _FIRST.match(text):
        found.append(_plain(first[0]))
        text = text[first.end() :].strip()
    return [*found, *(_plain(part) for part in _PARTS.split(text))]


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()
