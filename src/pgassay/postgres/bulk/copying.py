"""COPY of one stream: rows are made in one thread while another sends those made before.

Three chunks are held at most: one being made, one waiting, one being sent.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

from pgassay.core.errors import PgassayError
from pgassay.core.names import quote_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from pgassay.core.volume import Chunk, Stream, VolumeSource

    Connection = psycopg.Connection[tuple[object, ...]]

# PostgreSQL documentation, COPY, Binary Format: signature, flags, no header extension; trailer.
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
_AHEAD = 2  # chunks made or being made while one is sent


def copy_command(stream: Stream, *, freeze: bool = False) -> str:
    """Return the COPY that takes the stream's chunks."""
    options = "format binary, freeze" if freeze else "format binary"
    return f"copy {stream.relation.sql} ({quote_all(stream.columns)}) from stdin ({options})"


def copy_stream(
    connection: Connection,
    source: VolumeSource,
    stream: Stream,
    report: Callable[[int, int], None],
    *,
    freeze: bool,
) -> None:
    """Copy a whole stream by one command, in the order of its chunks.

    Args:
        connection: inside a transaction where rows are to be frozen.
        source: makes the rows.
        stream: which ones.
        report: told the rows and bytes of each chunk that was sent.
        freeze: the relation was emptied in this transaction.

    Raises:
        psycopg.Error: the server refuses a row, or is gone.
        PgassayError: the source made other rows than it announced.
    """
    with connection.cursor() as cursor:
        with cursor.copy(copy_command(stream, freeze=freeze).encode()) as copy:
            copy.write(HEADER)
            made = 0
            for chunk in _made_ahead(source, stream):
                copy.write(chunk.payload)
                made += chunk.rows
                report(chunk.rows, len(chunk.payload))
            copy.write(TRAILER)
        agree(stream, made, cursor.rowcount)


def copy_pieces(
    connection: Connection,
    source: VolumeSource,
    stream: Stream,
    report: Callable[[int, int], None],
) -> None:
    """Copy a stream by one command for each chunk, so that the server's queue of triggers is short.

    What a row refers to must be there when its chunk ends.
    """
    made = taken = 0
    for chunk in _made_ahead(source, stream):
        with connection.cursor() as cursor:
            with cursor.copy(copy_command(stream).encode()) as copy:
                copy.write(HEADER)
                copy.write(chunk.payload)
                copy.write(TRAILER)
            taken += cursor.rowcount
        made += chunk.rows
        report(chunk.rows, len(chunk.payload))
    agree(stream, made, taken)


def agree(stream: Stream, made: int, taken: int) -> None:
    """See that the rows announced, made and taken are as many.

    Raises PgassayError if not.
    """
    if not stream.rows == made == taken:
        raise PgassayError(
            f"{made:,} rows were made and {taken:,} taken",
            where=str(stream.relation),
            expected=f"{stream.rows:,} rows, as the volume says",
            why="what is counted on later would not be there",
        )


def _made_ahead(source: VolumeSource, stream: Stream) -> Iterator[Chunk]:
    """Yield the chunks of a stream while the next ones are being made."""
    numbers = iter(range(stream.chunks))
    maker = ThreadPoolExecutor(1, thread_name_prefix="rows")
    try:
        ahead = deque(maker.submit(source.chunk, stream, n) for n in islice(numbers, _AHEAD))
        while ahead:
            chunk = ahead.popleft().result()
            ahead.extend(maker.submit(source.chunk, stream, n) for n in islice(numbers, 1))
            yield chunk
    finally:
        maker.shutdown(cancel_futures=True)
