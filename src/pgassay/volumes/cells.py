"""Cells of COPY's binary format, a column of many rows at once.

A cell is a length (int32, -1 for NULL) and that many bytes. Computed columns have one width each
and are matrices of bytes; what varies in width is an Arrow array of whole cells. Rows are joined
by Arrow, so that no row is touched by Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from pgassay.volumes.draws import Numbers, Words

    Octets = npt.NDArray[np.uint8]
    Flags = npt.NDArray[np.bool_]

_LENGTH = 4
_GROUP = 10_000  # a digit of numeric
_DIGITS = np.frombuffer(b"0123456789abcdefghijklmnopqrstuvwxyz", np.uint8)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Cells of one width: their bytes without the length, and which of them are NULL."""

    octets: Octets
    nulls: Flags | None = None

    def where(self, present: Flags) -> Fixed:
        """Return the same cells with NULL wherever something is not present."""
        nulls = ~present if self.nulls is None else self.nulls | ~present
        return Fixed(self.octets, nulls if nulls.any() else None)


@dataclass(frozen=True, slots=True)
class Varying:
    """Cells of any width, lengths included."""

    cells: pa.BinaryArray

    def where(self, present: Flags) -> Varying:
        """Return the same cells with NULL wherever something is not present."""
        if present.all():
            return self
        null = pa.scalar(NULL, pa.binary())
        return Varying(pc.if_else(pa.array(present), self.cells, null))


Cells = Fixed | Varying
NULL = b"\xff\xff\xff\xff"


def joined(fields: Sequence[Cells], count: int, rows: int) -> memoryview:
    """Return tuples of `count` fields: each row's cells, side by side, in that order.

    The last of them may hold several fields, as cells one behind the other.
    """
    head = np.broadcast_to(np.frombuffer(count.to_bytes(2, "big"), np.uint8), (rows, 2))
    pieces: list[pa.BinaryArray] = []
    fixed: list[Fixed] = []
    for cells in fields:
        if isinstance(cells, Fixed):
            if fixed and cells.nulls is not None and fixed[-1].nulls is None:
                pieces.append(_block(fixed, rows, None if pieces else head))
                fixed = []  # what has NULL has to be cut out byte by byte
            fixed.append(cells)
            continue
        if fixed or not pieces:
            pieces.append(_block(fixed, rows, None if pieces else head))
            fixed = []
        pieces.append(cells.cells)
    if fixed or not pieces:
        pieces.append(_block(fixed, rows, None if pieces else head))
    whole = pieces[0] if len(pieces) == 1 else pc.binary_join_element_wise(*pieces, b"")
    return memoryview(whole.buffers()[2])[: _size(whole)]


def _size(array: pa.BinaryArray) -> int:
    return int(np.frombuffer(array.buffers()[1], np.int32, len(array) + 1)[-1])


def _block(fixed: Sequence[Fixed], rows: int, head: Octets | None) -> pa.BinaryArray:
    """Return fields of one width each, row by row, behind the head."""
    widths = [cells.octets.shape[1] for cells in fixed]
    at = 0 if head is None else head.shape[1]
    width = at + sum(widths) + _LENGTH * len(fixed)
    block = np.empty((rows, width), np.uint8)
    if head is not None:
        block[:, :at] = head
    keep: Flags | None = None
    lengths = np.full(rows, width, np.int32)
    for cells, wide in zip(fixed, widths, strict=True):
        block[:, at : at + _LENGTH] = np.frombuffer(wide.to_bytes(_LENGTH, "big"), np.uint8)
        block[:, at + _LENGTH : at + _LENGTH + wide] = cells.octets
        if cells.nulls is not None:
            if keep is None:
                keep = np.ones((rows, width), np.bool_)
            block[cells.nulls, at : at + _LENGTH] = 0xFF
            keep[cells.nulls, at + _LENGTH : at + _LENGTH + wide] = False
            lengths -= cells.nulls * np.int32(wide)
        at += _LENGTH + wide
    offsets = np.zeros(rows + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return _binary(offsets, block.reshape(-1) if keep is None else block[keep])


def _binary(offsets: npt.NDArray[np.int32], octets: Octets) -> pa.BinaryArray:
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(octets)]
    return pa.BinaryArray.from_buffers(pa.binary(), len(offsets) - 1, buffers)


def with_lengths(values: pa.BinaryArray) -> pa.BinaryArray:
    """Return whole cells of values that are not NULL."""
    lengths = np.asarray(pc.binary_length(values), dtype=">i4")
    octets = np.ascontiguousarray(lengths).view(np.uint8)
    offsets = np.arange(len(values) + 1, dtype=np.int32) * _LENGTH
    return pc.binary_join_element_wise(_binary(offsets, octets), values, b"")


def integers(values: Numbers, width: int) -> Fixed:
    """Return int2, int4 or int8, and date and timestamp, which are int4 and int8."""
    octets = np.ascontiguousarray(values.astype(f">i{width}")).view(np.uint8)
    return Fixed(octets.reshape(len(values), width))


def booleans(values: Flags) -> Fixed:
    """Return bool."""
    return Fixed(values.astype(np.uint8).reshape(-1, 1))


def floats(values: npt.NDArray[np.float64], width: int) -> Fixed:
    """Return float4 or float8."""
    octets = np.ascontiguousarray(values.astype(f">f{width}")).view(np.uint8)
    return Fixed(octets.reshape(len(values), width))


def decimals(values: Numbers, scale: int) -> Fixed:
    """Return numeric of integers in units of 10 ** -scale.

    Groups of four digits, as many for all; the server drops those that are zero at either end.
    """
    after = -(-scale // 4)
    size = np.abs(values).astype(np.uint64)
    unit = np.uint64(10**scale)
    whole, rest = size // unit, (size % unit) * np.uint64(10 ** (4 * after - scale))
    parts = [(rest // np.uint64(_GROUP**i)) % np.uint64(_GROUP) for i in reversed(range(after))]
    before = max(1, -(-len(str(int(whole.max(initial=0)))) // 4))
    parts = [
        *[(whole // np.uint64(_GROUP**i)) % np.uint64(_GROUP) for i in reversed(range(before))],
        *parts,
    ]
    words = np.empty((len(values), 4 + len(parts)), ">i2")
    words[:, 0], words[:, 1], words[:, 3] = len(parts), before - 1, scale
    words[:, 2] = np.where(values < 0, 0x4000, 0)
    for at, part in enumerate(parts, 4):
        words[:, at] = part
    return Fixed(words.view(np.uint8))


def identifiers(first: Words, second: Words) -> Fixed:
    """Return uuid of version 4 with all of the first word, and 58 bits of the second."""
    octets = np.empty((len(first), 16), np.uint8)
    own = first.astype(">u8").view(np.uint8).reshape(-1, 8)
    octets[:, :6], octets[:, 14:] = own[:, :6], own[:, 6:]
    octets[:, 6:14] = second.view(np.uint8).reshape(-1, 8)
    octets[:, 6] = 0x40 | (octets[:, 6] & 0x0F)
    octets[:, 8] = 0x80 | (octets[:, 8] & 0x3F)
    return Fixed(octets)


def spelled(values: Words, width: int) -> Octets:
    """Return numbers in base 36, so many digits each."""
    octets = np.empty((len(values), width), np.uint8)
    left = values.copy()
    for at in reversed(range(width)):
        left, digit = np.divmod(left, np.uint64(36))
        octets[:, at] = _DIGITS[digit.astype(np.intp)]
    return octets
