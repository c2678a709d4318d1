"""Types that become narrower: which values no longer fit, and how to look for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.names import quote

if TYPE_CHECKING:
    from pgassay.core.catalog import Column, ColumnType

# Numeric Types (PostgreSQL documentation, Data Types): the largest value of each.
_LARGEST = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**63 - 1}
_TEXTS = frozenset({"text", "varchar", "bpchar"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Values that a narrower type refuses.

    Args:
        what: rows with such a value, in words.
        condition: SQL that is true of them.
        value: one of them.
    """

    what: str
    condition: str
    value: str


def narrowing(column: Column, later: ColumnType) -> Narrowing | None:
    """Return what a column's later type refuses of what its present one takes, if anything."""
    here = column.type
    if here.array or later.array:
        return None
    if here.base in _TEXTS and later.base in _TEXTS:
        return _shorter(column, later)
    if here.base in _LARGEST and later.base in _LARGEST:
        return _smaller(column, later)
    if here.base == "numeric" == later.base:
        return _less_precise(column, later)
    return None


def _shorter(column: Column, later: ColumnType) -> Narrowing | None:
    now, then = column.type.length, later.length
    if then is None or (now is not None and now <= then):
        return None
    name = quote(column.name)
    return Narrowing(
        what=f"a row whose {name} is longer than {then} characters",
        condition=f"pg_catalog.char_length({name}) > {then}",
        value="x" * (then + 1),
    )


def _smaller(column: Column, later: ColumnType) -> Narrowing | None:
    most = _LARGEST[later.base]
    if most >= _LARGEST[column.type.base]:
        return None
    name = quote(column.name)
    return Narrowing(
        what=f"a row whose {name} is beyond {most}",
        condition=f"{name} not between {-most - 1} and {most}",
        value=str(most + 1),
    )


def _less_precise(column: Column, later: ColumnType) -> Narrowing | None:
    if later.precision is None:
        return None
    whole = later.precision - (later.scale or 0)
    now = column.type.precision
    if now is not None and now - (column.type.scale or 0) <= whole:
        return None
    name = quote(column.name)
    return Narrowing(
        what=f"a row whose {name} has more than {whole} digits before the point",
        condition=f"pg_catalog.abs({name}) >= {10**whole}",
        value=str(10**whole),
    )
