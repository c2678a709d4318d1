"""A column's type from what `format_type` says of it, and from the types of its own catalog.

So a lock holds `character varying(255)` and no more. What cannot be told from the text (a type of
an extension that is no base type) is held beside it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import ColumnType, TypeKind
from pgassay.core.names import QualifiedName
from pgassay.drift.lock.values import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.catalog import Catalog

_SPELLED = {
    "character varying": "varchar",
    "character": "bpchar",
    "smallint": "int2",
    "integer": "int4",
    "bigint": "int8",
    "real": "float4",
    "double precision": "float8",
    "boolean": "bool",
    "bit varying": "varbit",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
}
_INTERVAL = re.compile(r"interval(?: (?:year|month|day|hour|minute|second|to| )+)?\Z")
_MODIFIED = re.compile(r"(?P<head>[a-z ]+)\((?P<first>-?\d+)(?:,(?P<second>-?\d+))?\)(?P<tail>.*)")
_RANGES = frozenset({"int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange"})
_LENGTHS = frozenset({"varchar", "bpchar", "bit", "varbit"})
_DIGITS = frozenset({"time", "timetz", "timestamp", "timestamptz", "interval"})


class ColumnTypes:
    """The types of one catalog, told by name."""

    def __init__(
        self, kinds: Mapping[QualifiedName, TypeKind], domains: Mapping[QualifiedName, ColumnType]
    ) -> None:
        self._kinds = kinds
        self._domains = domains
        self._made: dict[str, ColumnType] = {}

    @classmethod
    def of_catalog(cls, catalog: Catalog) -> ColumnTypes:
        """Return the types of a catalog."""
        kinds = {e.name: TypeKind.ENUM for e in catalog.enums}
        kinds |= {c.name: TypeKind.COMPOSITE for c in catalog.composites}
        kinds |= {t.name: TypeKind.COMPOSITE for t in catalog.tables}
        kinds |= {r.name: TypeKind.RANGE for r in catalog.ranges}
        kinds |= {r.multirange: TypeKind.MULTIRANGE for r in catalog.ranges}
        return cls(kinds, {d.name: d.type for d in catalog.domains})

    def of(self, sql: str) -> ColumnType:
        """Return the type that `sql` names; equal ones are one object.

        Text that is no type's name is held for the name of a built-in one: it will differ.
        """
        made = self._made.get(sql)
        if made is None:
            made = self._element(sql.removesuffix("[]"))
            self._made[sql] = made = replace(made, sql=sql, array=sql.endswith("[]"))
        return made

    def _element(self, sql: str) -> ColumnType:
        found = _MODIFIED.match(sql)
        first = second = None
        plain = sql
        if found:
            plain = (found["head"] + found["tail"]).replace("  ", " ").strip()
            first = int(found["first"])
            second = int(found["second"]) if found["second"] else None
        builtin = "interval" if _INTERVAL.match(plain) else _SPELLED.get(plain)
        if builtin is not None:
            return _with_modifiers(builtin, sql, first, second)
        name, end = name_of(plain)
        if plain[end : end + 1] == ".":
            last, _ = name_of(plain, end + 1)
            return self._users(QualifiedName(name, last), sql)
        if end != len(plain):  # spelled in words that this table does not know
            return ColumnType(sql=sql, name=QualifiedName("pg_catalog", sql), base=sql)
        return _with_modifiers(name, sql, first, second)

    def _users(self, name: QualifiedName, sql: str) -> ColumnType:
        if name in self._domains:
            beneath = self._domains[name]
            if beneath.name in self._domains and not beneath.array:
                beneath = self.of(beneath.sql)
            return replace(beneath, sql=sql, name=name, kind=TypeKind.DOMAIN)
        kind = self._kinds.get(name, TypeKind.BASE)
        return ColumnType(sql=sql, name=name, kind=kind, base=name.name)


def _with_modifiers(name: str, sql: str, first: int | None, second: int | None) -> ColumnType:
    kind = TypeKind.BASE
    if name.replace("multirange", "range") in _RANGES:
        kind = TypeKind.RANGE if name in _RANGES else TypeKind.MULTIRANGE
    made = ColumnType(sql=sql, name=QualifiedName("pg_catalog", name), kind=kind, base=name)
    if name in _LENGTHS:
        return replace(made, length=first)
    if name == "numeric":
        return replace(made, precision=first, scale=second)
    return replace(made, precision=first) if name in _DIGITS else made
