"""What is encoded here reads back as psycopg reads what the server sends."""

from __future__ import annotations

import struct
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import postgres
from psycopg.adapt import Transformer
from psycopg.pq import Format

from pgassay.core.catalog import ColumnType
from pgassay.core.names import QualifiedName
from pgassay.volumes.calendar import microseconds
from pgassay.volumes.cells import (
    NULL,
    Cells,
    Fixed,
    Varying,
    booleans,
    decimals,
    floats,
    identifiers,
    integers,
    joined,
    spelled,
    with_lengths,
)
from pgassay.volumes.columns import Key, moments
from pgassay.volumes.draws import words


def kind(base: str, length: int | None = None) -> ColumnType:
    name = QualifiedName("pg_catalog", base)
    return ColumnType(sql=base, name=name, base=base, length=length)


def fields(cells: Cells, rows: int) -> list[bytes | None]:
    """Return the fields of rows of one column."""
    payload, at = bytes(joined([cells], 1, rows)), 0
    found: list[bytes | None] = []
    for _ in range(rows):
        count, length = struct.unpack_from(">hi", payload, at)
        assert count == 1
        found.append(None if length < 0 else payload[at + 6 : at + 6 + length])
        at += 6 + max(length, 0)
    assert at == len(payload)
    return found


def read(base: str, cells: Cells, rows: int) -> list[object]:
    load = Transformer().get_loader(postgres.types[base].oid, Format.BINARY).load
    return [None if field is None else load(field) for field in fields(cells, rows)]


@pytest.mark.parametrize(("base", "width"), [("int2", 2), ("int4", 4), ("int8", 8)])
def test_integers(base: str, width: int) -> None:
    limit = 2 ** (8 * width - 1)
    values = [0, 1, -1, limit - 1, -limit]
    assert read(base, integers(np.asarray(values), width), 5) == values


def test_booleans_and_floats() -> None:
    assert read("bool", booleans(np.asarray([True, False])), 2) == [True, False]
    assert read("float8", floats(np.asarray([0.1, -2.5]), 8), 2) == [0.1, -2.5]
    assert read("float4", floats(np.asarray([0.5, -2.5]), 4), 2) == [0.5, -2.5]


@given(
    values=st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=20),
    scale=st.integers(0, 6),
)
def test_decimals(values: list[int], scale: int) -> None:
    expected = [Decimal(value).scaleb(-scale) for value in values]
    cells = decimals(np.asarray(values, np.int64), scale)
    assert read("numeric", cells, len(values)) == expected


def test_times() -> None:
    when = datetime(2026, 11, 28, 13, 5, 7, 123456)  # noqa: DTZ001 - a time without a zone
    times = np.asarray([microseconds(when), microseconds(when - timedelta(days=20_000))])
    assert read("timestamp", moments(times, kind("timestamp")), 2) == [
        when,
        when - timedelta(days=20_000),
    ]
    assert read("date", moments(times[:1], kind("date")), 1) == [date(2026, 11, 28)]


def test_identifiers_are_of_version_4_and_never_repeat() -> None:
    numbers = np.arange(20_000, dtype=np.int64)
    found = read("uuid", identifiers(words(1, numbers), words(2, numbers)), 20_000)
    assert all(isinstance(u, UUID) and (u.version, u.variant[:8]) == (4, "specifie") for u in found)
    assert len(set(found)) == 20_000


@pytest.mark.parametrize(
    ("base", "length"), [("uuid", None), ("text", None), ("varchar", 6), ("int8", None)]
)
def test_keys_never_repeat_and_keep_to_their_length(base: str, length: int | None) -> None:
    numbers = np.arange(30_000, dtype=np.int64)
    key = Key(kind(base, length), 5)
    found = read(base, key.of(numbers), 30_000)
    assert len(set(found)) == 30_000
    assert length is None or {len(str(text)) for text in found} == {length}
    assert found[100:103] == read(base, key.of(numbers[100:103]), 3)


def test_a_number_is_spelled_in_base_36() -> None:
    values = np.asarray([0, 35, 36, 36**4 - 1], np.uint64)
    assert [bytes(row).decode() for row in spelled(values, 4)] == ["0000", "000z", "0010", "zzzz"]


def test_nulls_are_a_length_of_minus_one_in_any_mixture() -> None:
    plain = integers(np.asarray([1, 2, 3]), 4)
    holes = Fixed(plain.octets, np.asarray([False, True, False]))
    texts = Varying(with_lengths(pa.array([b"a", b"", b"ccc"], pa.binary())))
    some = texts.where(np.asarray([True, True, False]))
    payload = bytes(joined([plain, holes, some, plain], 4, 3))
    one, two, three = (b"\0\0\0\4" + n.to_bytes(4, "big") for n in (1, 2, 3))
    assert payload == b"".join(
        [
            *(b"\0\4", one, one, b"\0\0\0\1a", one),
            *(b"\0\4", two, NULL, b"\0\0\0\0", two),
            *(b"\0\4", three, three, NULL, three),
        ]
    )


def test_rows_without_a_column_are_counts_of_fields() -> None:
    assert bytes(joined([], 0, 3)) == b"\0\0" * 3
