"""Texts and documents of a wished width, each with the place of its value in it.

A value is a head, its place in base 36 with as many digits for all, and a tail. Heads are equally
long, so no two values are alike; without a head their order is that of their places, in any
collation that puts digits before letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pgassay.volumes.cells import Cells, Varying, spelled, with_lengths
from pgassay.volumes.draws import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.volumes.draws import Numbers

_VARIANTS = 256
_MANY = 4 * _VARIANTS  # different values, of which some may be wider than others
_SHORT = 126  # bytes of a value that the header of one byte can say (PostgreSQL, VARATT_SHORT_MAX)
_SHORT_HEADER, _LONG_HEADER = 1, 4
_HEAD = 24
_BASE = 36
_USUAL = 24  # bytes of a text of which nothing is said
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvz", "aeiou"
_MAIL, _SITE = "@example.org", "https://example.org/"
# {"n": "…", "text": "…"} as jsonb: the header of the object, and an entry for each key and value
# (jsonb.h, JsonbContainer); with "n" alone half as many entries.
_PAIR, _SINGLE = 4 + 4 * 4 + 5, 4 + 2 * 4 + 1


@dataclass(eq=False)
class Passages:
    """Texts, or documents, of about one width."""

    heads: pa.BinaryArray
    tails: pa.BinaryArray
    digits: int
    before: bytes = b""
    after: bytes = b""

    def cells(self, places: Numbers) -> Cells:
        """Return the values at these places."""
        at = pa.array((places * _STRIDE) % len(self.heads))
        octets = spelled(places.astype(np.uint64), self.digits)
        numbers = _fixed(octets)
        pieces = [self.heads.take(at), numbers, self.tails.take(at)]
        whole = pc.binary_join_element_wise(
            *([pa.scalar(self.before, pa.binary())] if self.before else []),
            *pieces,
            *([pa.scalar(self.after, pa.binary())] if self.after else []),
            b"",
        )
        return Varying(with_lengths(whole))


_STRIDE = 97  # neighbours in order have other words


def texts(
    label: str, kinds: int, width: int, length: int | None, *, ordered: bool, even: bool
) -> Passages:
    """Return texts.

    Args:
        label: decides the words; `email` and `url` in it decide how they look.
        kinds: how many different ones there are.
        width: bytes as stored, on average; 0 if that does not matter.
        length: characters that fit at most.
        ordered: whether their order is that of their places.
        even: whether all have the same width, however many there are.
    """
    room = _USUAL if not width else _inside(width)
    room = min(room, length) if length is not None else room
    digits = digits_of(kinds)
    room = max(room, digits)
    tail = _MAIL if "mail" in label.lower() and room >= digits + len(_MAIL) + 2 else ""
    start = _SITE if "url" in label.lower() and room > digits + len(_SITE) else ""
    free = room - digits - len(tail)
    if ordered:
        head_size = 0
    elif tail:
        head_size = free
    else:
        head_size = min(free, max(len(start), min(_HEAD, free)))
    heads = [_head(label, i, head_size, start if not ordered else "") for i in range(_VARIANTS)]
    rest = free - head_size
    most = None if length is None else length - digits - head_size - len(tail)
    sizes = _sizes(rest, most, even=even or kinds < _MANY)
    tails = [_words(f"{label} tail {i}", size, " ") + tail for i, size in enumerate(sizes)]
    return Passages(_octets(heads), _octets(tails), digits)


def documents(label: str, kinds: int, width: int, *, binary: bool, even: bool) -> Passages:
    """Return JSON documents; `binary` for jsonb, whose width is that of its own form."""
    digits = digits_of(kinds)
    if binary:
        inside = _inside(width) if width else 2 * _PAIR
        if inside < _PAIR + digits + 1:
            filler = max(inside - _SINGLE - digits, 0)
            heads = ["x" * filler] * _VARIANTS
            return Passages(
                _octets(heads), _octets([""] * _VARIANTS), digits, b'\x01{"n": "', b'"}'
            )
        rest = inside - _PAIR - digits
    else:
        rest = max(
            (_inside(width) if width else 2 * _PAIR) - digits - len('{"n": "", "text": ""}'), 0
        )
    tails = [
        f'", "text": "{_words(f"{label} tail {i}", size, "w")}'
        for i, size in enumerate(_sizes(rest, None, even=even or kinds < _MANY))
    ]
    start = b'\x01{"n": "' if binary else b'{"n": "'
    return Passages(_octets([""] * _VARIANTS), _octets(tails), digits, start, b'"}')


def digits_of(kinds: int) -> int:
    """Return how many digits tell so many values apart."""
    digits = 1
    while _BASE**digits < kinds:
        digits += 1
    return digits


def _inside(width: int) -> int:
    """Return the bytes of a value without its header."""
    return width - (_SHORT_HEADER if width <= _SHORT + 1 else _LONG_HEADER)


def _sizes(rest: int, most: int | None, *, even: bool) -> list[int]:
    """Return how long the tails are: half as long to half as long again, `rest` on average."""
    if even or rest < 2:  # noqa: PLR2004 - nothing to vary
        return [max(rest, 0)] * _VARIANTS
    reach = rest / 2 if most is None else min(rest / 2, most - rest)
    steps = np.linspace(-1, 1, _VARIANTS)
    found = np.floor(rest + steps * reach + 0.5).astype(int)
    mixed = np.argsort([key_of("tail", i) for i in range(_VARIANTS)], kind="stable")
    return [int(size) for size in found[mixed]]


def _head(label: str, number: int, size: int, start: str) -> str:
    if size <= len(start):
        return start[:size] if size == len(start) else _words(f"{label} {number}", size, "-")
    return start + _words(f"{label} {number}", size - len(start), "-")


def _words(label: str, size: int, joint: str) -> str:
    """Return so many letters of made-up words; no two texts share enough to be compressed."""
    if size <= 0:
        return ""
    found, state, left = [], key_of("words", label), 0
    for at in range(size):
        if not left:
            state = key_of(state)
            left = 3 + state % 6
            if at:
                found.append(joint)
                continue
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        letters = _VOWELS if left % 2 else _CONSONANTS
        found.append(letters[(state >> 33) % len(letters)])
        left -= 1
    text = "".join(found)
    return text if text[-1] not in " -" else text[:-1] + "o"


def _octets(values: Sequence[str]) -> pa.BinaryArray:
    return pa.array([value.encode() for value in values], pa.binary())


def _fixed(octets: np.ndarray) -> pa.BinaryArray:
    size, width = octets.shape
    offsets = np.arange(size + 1, dtype=np.int32) * width
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(octets).reshape(-1))]
    return pa.BinaryArray.from_buffers(pa.binary(), size, buffers)
