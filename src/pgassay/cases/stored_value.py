"""What is stored is read back as the contract's type says.

What it finds: a column whose type differs in what it keeps: timestamp for timestamptz, json for
jsonb, real for double precision, fewer fractional seconds, char for varchar, and any other type
by its name.

Why it hurts: the difference is silent. A timestamp drops the offset it is given, json keeps
duplicate keys, real keeps six digits, char pads with blanks.

Bad::

    expires_at timestamp           -- the model says DateTime(timezone=True)

Good::

    expires_at timestamptz

How to fix: change the type, and say how to read what is there:
`alter table t alter column expires_at type timestamptz using expires_at at time zone 'UTC';`

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/datatype.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.confirmation import over_tables
from pgassay.cases.ground import Ground, accepted
from pgassay.cases.probe import Probing, probed
from pgassay.core.catalog import TypeKind
from pgassay.core.names import quote
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.cases.derivation import Source
    from pgassay.core.case import Case, Unproven
    from pgassay.core.catalog import ColumnType
    from pgassay.core.statement import Value

KIND = "stored_value"
_WHY = "a value that comes back changed was lost without an error"
_INPUTS: dict[str, tuple[str, ...]] = {
    "text": (" Äb'\\ x ", ""),
    "varchar": (" Äb'\\ x ", "a ", ""),
    "bpchar": ("a", ""),
    "citext": (" Äb ", ""),
    "bool": ("yes", "off"),
    "uuid": ("{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}",),
    "json": ('{"b": 1, "a": 2, "a": 3}', "null"),
    "jsonb": ('{"b": 1, "a": 2, "a": 3}', "null"),
    "date": ("2024-02-29", "infinity"),
    "timestamp": ("2025-07-01 12:00:00.123456+05:30", "infinity"),
    "timestamptz": ("2025-07-01 12:00:00.123456+05:30", "infinity"),
    "time": ("12:34:56.123456", "24:00:00"),
    "timetz": ("12:34:56.123456+05:30",),
    "interval": ("1 mon 40 days 25:00:00.123456",),
    "float4": ("0.123456789012345678", "NaN", "-0"),
    "float8": ("0.123456789012345678", "NaN", "-0"),
    "inet": ("10.1.2.3/8", "2001:DB8::1"),
    "cidr": ("10", "2001:db8::/32"),
    "macaddr": ("08-00-2B-01-02-03",),
    "macaddr8": ("08-00-2B-01-02-03-04-05",),
    "bytea": ("\\xDEADbeef", "\\x"),
    "tsvector": ("The Fat Rats",),
    "tsquery": ("fat & (rat | cat)",),
    "point": ("1.5, 2",),
    "box": ("(1,2),(3,0)",),
    "name": ("Äb",),
    "hstore": ('b=>1, a=>NULL, "b"=>2',),
    "ltree": ("Top.Science",),
    "vector": (),
}


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the type that each column has, and inputs that similar types keep differently."""
    yield from over_tables(KIND, source, _Types(source).of_table)
    yield from probed(source, Probing(kind=KIND, why=_WHY, inputs=inputs, refuses=False))


def inputs(kind: ColumnType) -> Sequence[str]:
    """Return inputs that tell a type from its neighbours; of a length that fits."""
    if kind.kind in (TypeKind.RANGE, TypeKind.MULTIRANGE):
        return ("empty", "(,)") if kind.kind is TypeKind.RANGE else ("{}", "{(,)}")
    if kind.kind is not TypeKind.BASE:
        return ()
    found = _INPUTS.get(kind.base, ())
    return [value for value in found if kind.length is None or len(value) <= kind.length]


class _Types:
    """The name of every column's type, as `pg_typeof` must give it back; one round trip."""

    def __init__(self, source: Source) -> None:
        columns = [c for table in source.contract.roots() for c in table.columns]
        arrays = list(dict.fromkeys(c.type.sql for c in columns if c.type.array))
        replies = source.ask.run_all(
            [Statement(f"select {_type_of(f'null::{sql}')}") for sql in arrays]
        )
        self._names: dict[str, Value] = {
            c.type.sql: f"{c.type.name.schema}.{c.type.name.name}" for c in columns
        }
        for sql, reply in zip(arrays, replies, strict=True):
            self._names[sql] = None if reply.refusal else reply.rows[0][0]

    def of_table(self, ground: Ground) -> Iterator[Case | Unproven]:
        table = quote(ground.table.name.name)
        for column in ground.table.columns:
            name = self._names[column.type.sql]
            if name is not None:
                returning = _type_of(f"{table}.{quote(column.name)}")
                step = accepted(ground.row.insert(returning), name)
                yield ground.case(KIND, column, f"type {name}", step, why=_WHY)


def _type_of(expression: str) -> str:
    """Return SQL for the schema and name of a value's type, whatever the search_path."""
    return (
        "(select nspname || '.' || typname from pg_catalog.pg_type"
        " join pg_catalog.pg_namespace on pg_namespace.oid = typnamespace"
        f" where pg_type.oid = pg_catalog.pg_typeof({expression}))"
    )
