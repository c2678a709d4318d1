"""A volume: rows of a whole database, told as streams of binary chunks.

Whoever makes rows says which relations they go to and hands them over in chunks, in the physical
order in which they are to stand; whoever loads them need not know how they were made. A chunk
depends on the seed, its stream and its number alone, so that any process can make any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pgassay.core.names import QualifiedName  # noqa: TC001 - dataclass fields

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The rows of one relation that holds rows itself: a table that is not divided, or a partition.

    Args:
        relation: where the rows go.
        root: the partitioned table that the partition belongs to; otherwise the relation itself.
        columns: what each row has, in the order of the chunks; generated columns are left out.
        rows: how many.
        chunks: in how many pieces.
    """

    relation: QualifiedName
    root: QualifiedName
    columns: tuple[str, ...]
    rows: int
    chunks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some rows in the tuple format of COPY's binary format, without its header and trailer.

    Each tuple is a count of fields (int16) and, for each, a length (int32) and that many bytes
    (PostgreSQL documentation, COPY, Binary Format).
    """

    rows: int
    payload: memoryview | bytes


class VolumeSource(Protocol):
    """Makes the rows of a volume. It can be pickled, so that workers are given it as it is."""

    def streams(self) -> Sequence[Stream]:
        """Return what there is to load, parents before children."""
        ...

    def chunk(self, stream: Stream, number: int) -> Chunk:
        """Return piece `number` of a stream, counted from 0."""
        ...
