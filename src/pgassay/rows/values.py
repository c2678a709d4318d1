"""A value for every type: text in PostgreSQL's input syntax, another one for every number.

Nothing here knows of tables or constraints. Times grow with the number by a day and with the
position by a minute (dates by a day), integers by one each, so that of two columns the later one
is the greater: the order in which people write `starts_at, ends_at`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import md5
from typing import TYPE_CHECKING

from pgassay.core.catalog import ColumnType, TypeKind
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgassay.core.catalog import Catalog, Domain, EnumType, RangeType
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value

EPOCH = datetime(2025, 1, 1)  # noqa: DTZ001 - the day that number 0 means, in any zone
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NAME_BYTES = 63
_RANGES = {
    "int4range": "int4",
    "int8range": "int8",
    "numrange": "numeric",
    "daterange": "date",
    "tsrange": "timestamp",
    "tstzrange": "timestamptz",
}
_MULTIRANGES = {name.replace("range", "multirange"): sub for name, sub in _RANGES.items()}
_SPELLED = {
    "smallint": "int2",
    "integer": "int4",
    "bigint": "int8",
    "real": "float4",
    "double precision": "float8",
    "character varying": "varchar",
    "character": "bpchar",
    "boolean": "bool",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "bit varying": "varbit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a value is for: the column's name, its position and the number of the row."""

    label: str
    position: int = 0
    number: int = 0

    @property
    def rank(self) -> int:
        """A small integer that grows with the number and with the position."""
        return self.number + self.position


class TypeValues:
    """Makes values by type.

    Args:
        catalog: where enums, domains, composite and range types are described.
        of_domain: gives a value that a domain's own constraints accept.
    """

    def __init__(self, catalog: Catalog, of_domain: Callable[[Domain, Place], Value]) -> None:
        self._enums: Mapping[QualifiedName, EnumType] = {e.name: e for e in catalog.enums}
        self._domains: Mapping[QualifiedName, Domain] = {d.name: d for d in catalog.domains}
        self._composites = {c.name: c for c in catalog.composites}
        self._ranges: Mapping[QualifiedName, RangeType] = {r.name: r for r in catalog.ranges}
        self._multiranges = {r.multirange: r for r in catalog.ranges}
        self._of_domain = of_domain

    def value(self, column_type: ColumnType, place: Place) -> Value:
        """Return a value of the type; an array has one element."""
        element = self._element(column_type, place)
        return array((element,)) if column_type.array else element

    def labels(self, name: QualifiedName) -> tuple[str, ...]:
        """Return the labels of an enum, in their order."""
        return self._enums[name].labels

    def base_type(self, column_type: ColumnType) -> ColumnType:
        """Return the type beneath every domain, with its own modifiers."""
        while column_type.kind is TypeKind.DOMAIN and not column_type.array:
            column_type = self._domains[column_type.name].type
        return column_type

    def domains(self, column_type: ColumnType) -> tuple[Domain, ...]:
        """Return the domains that a value passes through, the outermost first."""
        found = []
        while column_type.kind is TypeKind.DOMAIN and not column_type.array:
            domain = self._domains[column_type.name]
            found.append(domain)
            column_type = domain.type
        return tuple(found)

    def _element(self, column_type: ColumnType, place: Place) -> Value:
        if column_type.kind is TypeKind.ENUM:
            labels = self._enums[column_type.name].labels
            return labels[place.number % len(labels)] if labels else None
        if column_type.kind is TypeKind.DOMAIN:
            return self._of_domain(self._domains[column_type.name], place)
        if column_type.kind is TypeKind.COMPOSITE:
            return self._composite(column_type, place)
        if column_type.kind in (TypeKind.RANGE, TypeKind.MULTIRANGE):
            return self._range(column_type, place)
        return base_value(column_type, place)

    def _composite(self, column_type: ColumnType, place: Place) -> Value:
        described = self._composites.get(column_type.name)
        if described is None:
            raise Unsatisfiable("type", column_type.sql, where=column_type.sql, why="a row type")
        values = (self.value(c.type, place) for c in described.columns)
        return "(" + ",".join("" if v is None else quoted(v) for v in values) + ")"

    def _range(self, column_type: ColumnType, place: Place) -> Value:
        name = column_type.name
        many = column_type.kind is TypeKind.MULTIRANGE
        made = self._multiranges.get(name) if many else self._ranges.get(name)
        known = _MULTIRANGES if many else _RANGES
        sub = _SPELLED.get(made.subtype, made.subtype) if made else known.get(name.name, "int4")
        low, high = range_bounds(sub, place)
        text = f"[{quoted(low)},{quoted(high)})"
        return "{" + text + "}" if many else text


def quoted(value: str) -> str:
    """Return an element in the quotes that array, range and row syntax share."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def array(values: tuple[Value, ...]) -> str:
    """Return an array in input syntax (Arrays, Array Input and Output Syntax)."""
    return "{" + ",".join("NULL" if v is None else quoted(v) for v in values) + "}"


def range_bounds(subtype: str, place: Place) -> tuple[str, str]:
    """Return two bounds; the ranges of two numbers do not overlap."""
    if subtype == "date":
        day = EPOCH.date() + timedelta(days=place.number)
        return day.isoformat(), (day + timedelta(days=1)).isoformat()
    if subtype in ("timestamp", "timestamptz"):
        start = EPOCH + timedelta(days=place.number)
        zone = "+00" if subtype == "timestamptz" else ""
        return f"{start}{zone}", f"{start + timedelta(hours=20)}{zone}"
    if subtype == "time":
        return _clock(place.number * 2), _clock(place.number * 2 + 1)
    if subtype in ("text", "varchar", "bpchar"):
        return f"{place.number:06d}a", f"{place.number:06d}b"
    if subtype in ("inet", "cidr"):
        return _address(place.number * 2), _address(place.number * 2 + 1)
    return str(place.number * 10), str(place.number * 10 + 5)


def text_of(label: str, number: int, length: int | None) -> str:
    """Return `label-number` where that fits in `length` characters, otherwise the number alone."""
    plain = "".join(c for c in label.lower() if c.isascii() and c.isalnum()) or "v"
    tail = f"-{number}"
    if length is None or length >= len(tail) + 1:
        return plain[: None if length is None else length - len(tail)] + tail
    return _spelled(number, length)


def base_value(column_type: ColumnType, place: Place) -> Value:
    """Return a value of a base type; of a type unknown here, its label and number."""
    make = _MAKERS.get(column_type.base)
    if make is not None:
        return make(column_type, place)
    return text_of(place.label, place.number, column_type.length)


def _spelled(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _text(column_type: ColumnType, place: Place) -> str:
    return text_of(place.label, place.number, column_type.length)


def _integer(base: str) -> Callable[[ColumnType, Place], str]:
    limit = {"int2": 2**15, "int4": 2**31, "int8": 2**63, "oid": 2**32}[base]
    return lambda _type, place: str(place.rank % limit)


def _numeric(column_type: ColumnType, place: Place) -> str:
    if column_type.precision is None:
        return str(place.rank)
    scale = column_type.scale or 0
    whole = column_type.precision - scale
    if scale < 0:
        return str(place.rank % 10**column_type.precision * 10**-scale)
    if whole > 0:
        tail = "." + "0" * scale if scale else ""
        return f"{place.rank % 10**whole}{tail}"
    digits = place.rank % 10**column_type.precision
    return f"0.{digits:0{scale}d}"


def _float(_type: ColumnType, place: Place) -> str:
    return f"{place.rank}.5"


def _identifier(_type: ColumnType, place: Place) -> str:
    seed = md5(place.label.encode(), usedforsecurity=False).hexdigest()
    return f"{seed[:8]}-{seed[8:12]}-4{seed[12:15]}-8{seed[15:18]}-{place.number:012x}"


def _boolean(_type: ColumnType, place: Place) -> str:
    return "true" if place.number % 2 else "false"


def _date(_type: ColumnType, place: Place) -> str:
    day: date = EPOCH.date() + timedelta(days=place.rank)
    return day.isoformat()


def _moment(place: Place) -> datetime:
    return EPOCH + timedelta(days=place.number, minutes=place.position)


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % (24 * 60), 60)
    return f"{hour:02d}:{minute:02d}:00"


def _time(_type: ColumnType, place: Place) -> str:
    return _clock(place.number * 7 + place.position)


def _address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _bits(column_type: ColumnType, place: Place) -> str:
    length = column_type.length or (1 if column_type.base == "bit" else 32)
    return f"{place.number % 2**length:0{length}b}"


def _vector(column_type: ColumnType, place: Place) -> str:
    _, _, tail = column_type.sql.partition("(")
    size = int(tail.rstrip(")") or 3) if tail.rstrip(")").isdigit() else 3
    return "[" + ",".join(str(place.number + i) for i in range(size)) + "]"


def _octets(count: int) -> Callable[[ColumnType, Place], str]:
    def make(_type: ColumnType, place: Place) -> str:
        tail = place.number.to_bytes(3, "big")
        head = bytes.fromhex("08002b0102")[: count - 3]
        return ":".join(f"{b:02x}" for b in head + tail)

    return make


_MAKERS: dict[str, Callable[[ColumnType, Place], Value]] = {
    "text": _text,
    "varchar": _text,
    "bpchar": _text,
    "citext": _text,
    "name": lambda _t, p: text_of(p.label, p.number, _NAME_BYTES),
    "char": lambda _t, p: _spelled(p.number, 1),
    "int2": _integer("int2"),
    "int4": _integer("int4"),
    "int8": _integer("int8"),
    "oid": _integer("oid"),
    "xid": _integer("oid"),
    "xid8": _integer("int8"),
    "cid": _integer("oid"),
    "numeric": _numeric,
    "float4": _float,
    "float8": _float,
    "money": lambda _t, p: f"{p.rank}.00",
    "bool": _boolean,
    "uuid": _identifier,
    "bytea": lambda _t, p: f"\\x{p.number:08x}",
    "date": _date,
    "time": _time,
    "timetz": lambda t, p: _time(t, p) + "+00",
    "timestamp": lambda _t, p: str(_moment(p)),
    "timestamptz": lambda _t, p: f"{_moment(p)}+00",
    "interval": lambda _t, p: f"{p.rank} days",
    "json": lambda _t, p: f'{{"number": {p.number}}}',
    "jsonb": lambda _t, p: f'{{"number": {p.number}}}',
    "jsonpath": lambda _t, p: f'$."v{p.number}"',
    "xml": lambda _t, p: f"<row>{p.number}</row>",
    "inet": lambda _t, p: _address(p.number),
    "cidr": lambda _t, p: _address(p.number) + "/32",
    "macaddr": _octets(6),
    "macaddr8": _octets(8),
    "bit": _bits,
    "varbit": _bits,
    "tsvector": lambda _t, p: f"'v{p.number}'",
    "tsquery": lambda _t, p: f"'v{p.number}'",
    "pg_lsn": lambda _t, p: f"0/{p.number:X}",
    "tid": lambda _t, p: f"({p.number},1)",
    "hstore": lambda _t, p: f'"number"=>"{p.number}"',
    "ltree": lambda _t, p: f"v{p.number}",
    "vector": _vector,
    "point": lambda _t, p: f"({p.number * 10},{p.position})",
    "line": lambda _t, p: f"{{1,-1,{p.number}}}",
    "lseg": lambda _t, p: f"[({p.number * 10},0),({p.number * 10 + 5},5)]",
    "box": lambda _t, p: f"({p.number * 10 + 5},5),({p.number * 10},0)",
    "path": lambda _t, p: f"[({p.number * 10},0),({p.number * 10 + 5},5)]",
    "polygon": lambda _t, p: f"(({p.number * 10},0),({p.number * 10 + 5},0),({p.number * 10},5))",
    "circle": lambda _t, p: f"<({p.number * 10},0),3>",
    "regclass": lambda _t, _p: "pg_catalog.pg_class",
    "regtype": lambda _t, _p: "pg_catalog.int4",
    "regrole": lambda _t, _p: "pg_monitor",
    "regproc": lambda _t, _p: "pg_catalog.now",
    "regnamespace": lambda _t, _p: "pg_catalog",
}
