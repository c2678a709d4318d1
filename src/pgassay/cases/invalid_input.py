"""Text that is no value of the column's type is refused.

What it finds: a typed column that became text (or another type that takes more).

Why it hurts: a boolean, uuid, json or timestamp kept in a text column takes every typing error;
the reader that parses it fails later, and indexes and comparisons go by letters.

Bad::

    metadata text                  -- the model says JSONB

Good::

    metadata jsonb

How to fix: `alter table t alter column metadata type jsonb using metadata::jsonb;` after the
rows that do not parse are mended.

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/datatype.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.probe import Probing, probed
from pgassay.core.catalog import TypeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.case import Case, Unproven
    from pgassay.core.catalog import ColumnType

KIND = "invalid_input"
_WHY = "what does not parse must fail as it is written, not as it is read"
_INPUTS: dict[str, tuple[str, ...]] = {
    "bool": ("maybe", "2"),
    "uuid": ("not-a-uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1"),
    "json": ("{", "{'a': 1}", ""),
    "jsonb": ("{", "{'a': 1}", '"\\u0000"'),
    "date": ("2025-02-30", "soon"),
    "timestamp": ("2025-02-30 00:00:00", "soon"),
    "timestamptz": ("2025-02-30 00:00:00+00", "2025-01-01 00:00:00 Nowhere/Land"),
    "time": ("25:00:00", "noonish"),
    "timetz": ("25:00:00+00", "noonish"),
    "interval": ("1 fortnite", "soon"),
    "int2": ("1.5", "one"),
    "int4": ("1.5", "one"),
    "int8": ("1.5", "one"),
    "numeric": ("1,5", "one"),
    "float4": ("1,5", "1e40"),
    "float8": ("1,5", "1e400"),
    "money": ("one",),
    "inet": ("300.1.1.1", "10.0.0.0/33"),
    "cidr": ("10.0.0.1/8", "300.1.1.1"),
    "macaddr": ("08:00:2b:01:02", "no address"),
    "macaddr8": ("08:00:2b:01:02", "no address"),
    "bytea": ("\\xzz", "\\x1"),
    "bit": ("2", "x"),
    "varbit": ("2", "x"),
    "xml": ("<a>",),
    "point": ("(1)", "here"),
    "box": ("(1)", "here"),
    "circle": ("(1)", "here"),
    "polygon": ("(1", "here"),
    "path": ("(1", "here"),
    "line": ("{0,0,1}", "here"),
    "lseg": ("(1)", "here"),
    "tsquery": ("a b", "&"),
    "pg_lsn": ("one",),
    "oid": ("one", "-x"),
    "hstore": ("a",),
    "ltree": ("a b", ".."),
    "vector": ("[x]", "1"),
    "jsonpath": ("$[",),
}


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield a refused text or two for each column of a type that not every text fits.

    The contract's own server says which SQLSTATE is right.
    """
    return probed(source, Probing(kind=KIND, why=_WHY, inputs=inputs, takes=False))


def inputs(kind: ColumnType) -> Sequence[str]:
    """Return what is no value of the type; enums have cases of their own."""
    if kind.kind is TypeKind.BASE:
        return _INPUTS.get(kind.base, ())
    if kind.kind in (TypeKind.RANGE, TypeKind.MULTIRANGE):
        return ("[,", "nothing")
    return ("(",) if kind.kind is TypeKind.COMPOSITE else ()
