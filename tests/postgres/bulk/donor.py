"""A volume of the rows that another database holds, in its own binary form."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import TableKind
from pgassay.core.volume import Chunk, Stream
from pgassay.postgres.bulk.copying import HEADER, TRAILER
from pgassay.postgres.catalog import read_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName

PER_CHUNK = 7  # so that even small tables come in several


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorSource:
    """Rows by relation, in the order in which COPY told them."""

    told: tuple[Stream, ...]
    rows: dict[QualifiedName, tuple[bytes, ...]]
    per_chunk: int = PER_CHUNK

    def streams(self) -> tuple[Stream, ...]:
        return self.told

    def chunk(self, stream: Stream, number: int) -> Chunk:
        start = number * self.per_chunk
        some = self.rows[stream.relation][start : start + self.per_chunk]
        return Chunk(rows=len(some), payload=b"".join(some))


def donor(connection: psycopg.Connection[Any], per_chunk: int = PER_CHUNK) -> DonorSource:
    """Return all rows of a database as a volume."""
    catalog = read_catalog(connection)
    streams, rows = [], {}
    for table in catalog.tables:
        if table.kind is not TableKind.ORDINARY:
            continue
        columns = tuple(column.name for column in table.columns if column.generated is None)
        found = tuple(_tuples(_binary(connection, table, columns)))
        if not found:
            continue
        rows[table.name] = found
        streams.append(
            Stream(
                relation=table.name,
                root=_root(catalog, table),
                columns=columns,
                rows=len(found),
                chunks=-(-len(found) // per_chunk),
            )
        )
    return DonorSource(told=tuple(streams), rows=rows, per_chunk=per_chunk)


def _root(catalog: Catalog, table: Table) -> QualifiedName:
    while table.partition is not None:
        table = catalog.table(table.partition.parent)
    return table.name


def _binary(connection: psycopg.Connection[Any], table: Table, columns: tuple[str, ...]) -> bytes:
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
    command = f"copy (select {names} from only {table.name.sql}) to stdout (format binary)"
    with connection.cursor() as cursor, cursor.copy(command.encode()) as copy:
        whole = b"".join(copy)
    return whole.removeprefix(HEADER).removesuffix(TRAILER)


def _tuples(data: bytes) -> Iterator[bytes]:
    """Cut COPY's binary format into its tuples."""
    start = 0
    while start < len(data):
        (fields,) = struct.unpack_from(">h", data, start)
        end = start + 2
        for _ in range(fields):
            (size,) = struct.unpack_from(">i", data, end)
            end += 4 + max(size, 0)
        yield data[start:end]
        start = end
