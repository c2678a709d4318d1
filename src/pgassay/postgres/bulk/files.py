"""A table's rows as a file: CSV as the server writes it, or Parquet read from that stream."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg
    import pyarrow as pa

    from pgassay.core.catalog import ColumnType, Table

    Connection = psycopg.Connection[Any]

_BLOCK = 16 * 1024**2  # the longest row that can be read, and what is held at a time
_LARGEST_PRECISION = 38  # of Arrow's decimals of 128 bits


def write_csv(connection: Connection, table: Table, path: Path) -> int:
    """Write a table with a header line; return how many rows."""
    with path.open("wb") as file, connection.cursor() as cursor:
        with cursor.copy(_command(table)) as copy:
            for block in copy:
                file.write(block)
        return cursor.rowcount


def write_parquet(connection: Connection, table: Table, path: Path) -> int:
    """Write a table with types as near as Parquet has them, others as text; return how many rows.

    Memory holds one block of rows at a time.
    """
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only needed here
    from pyarrow import csv, parquet  # noqa: PLC0415 - as above

    types = {column.name: _arrow_type(column.type) for column in table.columns}
    schema = pa.schema(list(types.items()))
    options = csv.ConvertOptions(
        column_types=types,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,  # as COPY tells NULL from an empty string
        true_values=["t"],
        false_values=["f"],
    )
    with connection.cursor() as cursor, parquet.ParquetWriter(path, schema) as writer:
        with cursor.copy(_command(table)) as copy:
            reader = csv.open_csv(
                pa.PythonFile(io.BufferedReader(_Blocks(iter(copy)), _BLOCK), mode="r"),
                read_options=csv.ReadOptions(block_size=_BLOCK, use_threads=False),
                parse_options=csv.ParseOptions(newlines_in_values=True),
                convert_options=options,
            )
            for batch in reader:
                writer.write_batch(batch)
        return cursor.rowcount


def _command(table: Table) -> bytes:
    columns = ", ".join(quote(column.name) for column in table.columns)
    query = f"select {columns} from {table.name.sql}"
    return f"copy ({query}) to stdout (format csv, header)".encode()


def _arrow_type(of: ColumnType) -> pa.DataType:
    import pyarrow as pa  # noqa: PLC0415 - heavy, and only needed here

    if of.array:
        return pa.string()
    if of.base == "numeric":
        precision, scale = of.precision, of.scale or 0
        fits = precision is not None and precision <= _LARGEST_PRECISION and scale >= 0
        return pa.decimal128(precision, scale) if fits else pa.string()
    known = {
        "bool": pa.bool_(),
        "int2": pa.int16(),
        "int4": pa.int32(),
        "int8": pa.int64(),
        "float4": pa.float32(),
        "float8": pa.float64(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us"),
        "timestamptz": pa.timestamp("us", "UTC"),
    }
    return known.get(of.base, pa.string())


class _Blocks(io.RawIOBase):
    """What COPY sends, as a file."""

    def __init__(self, blocks: Iterator[bytes | bytearray | memoryview]) -> None:
        super().__init__()
        self._blocks = blocks
        self._rest = b""

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, target: Any) -> int:
        """Fill `target` with what comes next."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = bytes(block)
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
