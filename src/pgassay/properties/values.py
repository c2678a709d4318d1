"""Strategies: any value of a column's type, as text in PostgreSQL's input syntax."""

from __future__ import annotations

import json
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from hypothesis import strategies as st

from pgassay.core.catalog import TypeKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.catalog import Catalog, ColumnType

    Text = st.SearchStrategy[str]

_LONGEST = 60  # of free text: long enough for every escape, short enough to read when shrunk
_INTEGERS = {"int2": 15, "int4": 31, "int8": 63}
# A server in any supported version and TimeZone reads these; the ends of the range are the
# business of the stored_value cases.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


# NUL is no character of PostgreSQL's text; surrogates are none of UTF-8's. Hypothesis' own
# `characters` takes seconds to make its tables the first time, for categories not needed here.
_CHARACTERS = (
    st.sampled_from("0aZ \t\n'\"\\%_{},:\u00e9\u0301\u20ac\u6f22\U0001f600")
    | st.integers(0x01, 0xD7FF).map(chr)
    | st.integers(0xE000, 0x10FFFF).map(chr)
)


class AnyValue:
    """Strategies by type, each made once: Hypothesis takes longer to make one than to draw."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[str, Text | None] = {}

    @classmethod
    def of_catalog(cls, catalog: Catalog) -> AnyValue:
        """Return the strategies of a catalog; the same ones for the same object."""
        known = _OF_CATALOG.get(id(catalog))
        if known is None:
            known = _OF_CATALOG[id(catalog)] = cls(catalog)  # it holds the catalog, so the id stays
        return known

    def of(self, kind: ColumnType) -> Text | None:
        """Return the strategy for a type; None where there is none, which the caller must tell."""
        if kind.sql not in self._known:
            scalar = _scalar(self._catalog, kind)
            if scalar is not None and kind.array:
                scalar = st.lists(scalar, max_size=3).map(_array)
            self._known[kind.sql] = scalar
        return self._known[kind.sql]


_OF_CATALOG: dict[int, AnyValue] = {}


def _scalar(catalog: Catalog, kind: ColumnType) -> Text | None:
    if kind.kind is TypeKind.ENUM:
        return st.sampled_from(catalog.enum(kind.name).labels)
    if kind.kind is TypeKind.DOMAIN:
        return _scalar(catalog, catalog.domain(kind.name).type)
    if kind.kind is not TypeKind.BASE:
        return None
    if kind.base in _INTEGERS:
        bits = _INTEGERS[kind.base]
        return st.integers(-(2**bits), 2**bits - 1).map(str)
    maker = _MAKERS.get(kind.base)
    return maker(kind) if maker else None


def _text(kind: ColumnType) -> Text:
    return _of_characters(min(kind.length or _LONGEST, _LONGEST))


def _of_characters(longest: int) -> Text:
    """Return strings of our characters; `st.text` would make those tables first, and draw alike."""
    return st.lists(_CHARACTERS, max_size=longest).map("".join)


def _padded(kind: ColumnType) -> Text:
    return _text(kind).map(lambda text: text.rstrip(" "))


def _numeric(kind: ColumnType) -> Text:
    if kind.precision is None:
        return st.decimals(allow_nan=False, allow_infinity=False, places=4).map(_plain)
    scale = kind.scale or 0
    ends = 10**kind.precision - 1
    return st.integers(-ends, ends).map(lambda n: _plain(Decimal(n).scaleb(-scale)))


def _plain(number: Decimal) -> str:
    return format(number, "f")


def _float(width: Literal[32, 64]) -> Callable[[ColumnType], Text]:
    def make(kind: ColumnType) -> Text:
        del kind
        return st.floats(width=width, allow_nan=False, allow_subnormal=False).map(repr)

    return make


def _boolean(kind: ColumnType) -> Text:
    del kind
    return st.sampled_from(("true", "false"))


def _uuid(kind: ColumnType) -> Text:
    del kind
    return st.uuids().map(str)


def _days(kind: ColumnType) -> Text:
    del kind
    days = st.dates().filter(lambda day: _FIRST_YEAR <= day.year <= _LAST_YEAR)
    return days.map(lambda day: day.isoformat())


def _moments(kind: ColumnType) -> Text:
    import datetime as dt  # noqa: PLC0415 - the name would hide the module's own words

    first, last = dt.datetime(_FIRST_YEAR, 1, 1), dt.datetime(_LAST_YEAR, 1, 1)  # noqa: DTZ001 - a column without time zone
    if kind.base == "timestamptz":
        return st.datetimes(first, last, timezones=st.just(UTC)).map(str)
    return st.datetimes(first, last).map(str)


def _times(kind: ColumnType) -> Text:
    del kind
    return st.times().map(str)


def _intervals(kind: ColumnType) -> Text:
    del kind
    return st.integers(-(10**9), 10**9).map(lambda seconds: f"{seconds} seconds")


def _json(kind: ColumnType) -> Text:
    del kind
    # \u0000 cannot be stored in jsonb (JSON Types, 8.14).
    text = _of_characters(12)
    leaves = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | text
    trees = st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
        max_leaves=6,
    )
    return trees.map(lambda tree: json.dumps(tree, ensure_ascii=False))


def _bytes(kind: ColumnType) -> Text:
    del kind
    return st.binary(max_size=24).map(lambda data: "\\x" + data.hex())


def _address(kind: ColumnType) -> Text:
    del kind
    return st.ip_addresses().map(str)


def _bits(kind: ColumnType) -> Text:
    length = kind.length or 8
    least = length if kind.base == "bit" else 0
    return st.lists(st.sampled_from("01"), min_size=least, max_size=length).map("".join)


_MAKERS: dict[str, Callable[[ColumnType], Text]] = {
    "text": _text,
    "varchar": _text,
    "citext": _text,
    "bpchar": _padded,
    "numeric": _numeric,
    "float4": _float(32),
    "float8": _float(64),
    "bool": _boolean,
    "uuid": _uuid,
    "date": _days,
    "timestamp": _moments,
    "timestamptz": _moments,
    "time": _times,
    "interval": _intervals,
    "json": _json,
    "jsonb": _json,
    "bytea": _bytes,
    "inet": _address,
    "bit": _bits,
    "varbit": _bits,
}


def _array(elements: list[str]) -> str:
    quoted = ('"' + e.replace("\\", "\\\\").replace('"', '\\"') + '"' for e in elements)
    return "{" + ",".join(quoted) + "}"
