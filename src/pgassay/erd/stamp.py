"""What a written picture says of itself: what it is of, and the digest of what it draws.

The stamp is in a `<metadata>` element of an SVG file (SVG 1.1, 21 Metadata) and in a `tEXt` chunk
of a PNG file (PNG specification, 11.3.3.3). Whether a picture still shows the schema is told from
it alone: neither the program that drew the picture nor equal fonts are needed.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SVG, PNG = "svg", "png"
FORMATS = (SVG, PNG)

_KEYWORD = b"pgassay-erd"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ELEMENT = re.compile(r'\n?<metadata id="pgassay-erd">(?P<stamp>[^<]*)</metadata>')
_SVG_TAG = re.compile(r"<svg\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Of which system a picture is, of which part of it, and the digest of what it draws."""

    system: str
    part: str
    digest: str

    @classmethod
    def of(cls, system: str, part: str, dot: str) -> Stamp:
        """Return the stamp of a picture with that DOT text."""
        return cls(system, part, hashlib.sha256(dot.encode()).hexdigest())


def stamped(picture: bytes, stamp: Stamp, form: str) -> bytes:
    """Return a picture with its stamp; ValueError if it is none of that form."""
    text = json.dumps(asdict(stamp))  # ASCII alone
    if form == SVG:
        return _stamped_svg(picture.decode(), text).encode()
    chunks = list(_chunks(picture))
    if not chunks:
        raise ValueError("no PNG")
    kept = [(kind, data) for kind, data in chunks if not _is_stamp(kind, data)]
    kept.insert(1, (b"tEXt", _KEYWORD + b"\0" + text.encode("ascii")))  # after IHDR
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in kept)


def stamp_of(picture: bytes) -> Stamp | None:
    """Return the stamp of a picture of either form; None if it has none that can be read."""
    if picture.startswith(_SIGNATURE):
        texts = [data for kind, data in _chunks(picture) if _is_stamp(kind, data)]
        text = texts[0].partition(b"\0")[2].decode("latin-1") if texts else ""
    else:
        found = _ELEMENT.search(picture.decode("utf-8", "replace"))
        text = html.unescape(found["stamp"]) if found else ""
    try:
        said = json.loads(text)
        return Stamp(str(said["system"]), str(said["part"]), str(said["digest"]))
    except (ValueError, TypeError, KeyError):
        return None


def _stamped_svg(picture: str, text: str) -> str:
    picture = _ELEMENT.sub("", picture)
    tag = _SVG_TAG.search(picture)
    if tag is None:
        raise ValueError("no SVG")
    element = f'\n<metadata id="pgassay-erd">{html.escape(text)}</metadata>'
    return picture[: tag.end()] + element + picture[tag.end() :]


def _is_stamp(kind: bytes, data: bytes) -> bool:
    return kind == b"tEXt" and data.startswith(_KEYWORD + b"\0")


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and data of every whole chunk (PNG specification, 5.3 Chunk layout)."""
    at = len(_SIGNATURE)
    while picture.startswith(_SIGNATURE) and at + 12 <= len(picture):
        length = int.from_bytes(picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
