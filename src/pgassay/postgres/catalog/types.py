"""Types: what `pg_type` says, and from it the enum, domain, composite and range types.

Modifiers are decoded from `typmod` here, as `src/backend/utils/adt` of PostgreSQL encodes them
(numeric.c, varchar.c, varbit.c, timestamp.c); `format_type` gives the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.catalog import (
    ColumnType,
    CompositeType,
    Domain,
    EnumType,
    RangeType,
    TypeKind,
)
from pgassay.core.names import QualifiedName
from pgassay.postgres.catalog.scope import USER_SCHEMA, not_of_extension

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgassay.core.catalog import Column, Constraint
    from pgassay.postgres.catalog.scope import Row, Scope

_KINDS = {
    "b": TypeKind.BASE,
    "e": TypeKind.ENUM,
    "d": TypeKind.DOMAIN,
    "c": TypeKind.COMPOSITE,
    "r": TypeKind.RANGE,
    "m": TypeKind.MULTIRANGE,
    "p": TypeKind.PSEUDO,
}
_VARHDRSZ = 4  # added to the typmod of varchar, char and numeric
_FULL_PRECISION = 0xFFFF  # an interval without fractional digits stated

TYPES = """
select t.oid, n.nspname, t.typname, t.typtype, coalesce(e.oid, 0), t.typbasetype, t.typtypmod,
  t.typcollation, t.typstorage
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
left join pg_catalog.pg_type e on e.typarray = t.oid
order by t.oid
"""

ENUMS = f"""
select t.oid, n.nspname, t.typname,
  array(select e.enumlabel::text from pg_catalog.pg_enum e
        where e.enumtypid = t.oid order by e.enumsortorder)
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'e' and {USER_SCHEMA} and {not_of_extension("pg_type", "t.oid")}
order by n.nspname, t.typname
"""

DOMAINS = f"""
select t.oid, n.nspname, t.typname, t.typbasetype, t.typtypmod,
  pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull,
  coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault), t.typcollation
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'd' and {USER_SCHEMA} and {not_of_extension("pg_type", "t.oid")}
order by n.nspname, t.typname
"""

COMPOSITES = f"""
select t.oid, n.nspname, t.typname, t.typrelid
from pg_catalog.pg_type t
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
join pg_catalog.pg_class c on c.oid = t.typrelid
where t.typtype = 'c' and c.relkind = 'c' and {USER_SCHEMA}
  and {not_of_extension("pg_type", "t.oid")}
order by n.nspname, t.typname
"""

RANGES = f"""
select t.oid, n.nspname, t.typname, r.rngsubtype, pg_catalog.format_type(r.rngsubtype, null),
  r.rngmultitypid, r.rngcollation, o.opcdefault, onsp.nspname, o.opcname,
  cn.nspname, cp.proname, dn.nspname, dp.proname
from pg_catalog.pg_range r
join pg_catalog.pg_type t on t.oid = r.rngtypid
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
join pg_catalog.pg_opclass o on o.oid = r.rngsubopc
join pg_catalog.pg_namespace onsp on onsp.oid = o.opcnamespace
left join pg_catalog.pg_proc cp on cp.oid = r.rngcanonical
left join pg_catalog.pg_namespace cn on cn.oid = cp.pronamespace
left join pg_catalog.pg_proc dp on dp.oid = r.rngsubdiff
left join pg_catalog.pg_namespace dn on dn.oid = dp.pronamespace
where {USER_SCHEMA} and {not_of_extension("pg_type", "t.oid")}
order by n.nspname, t.typname
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRow:
    """One row of pg_type. `element` and `base_of` are oids, 0 where there is none."""

    name: QualifiedName
    kind: TypeKind
    element: int
    base_of: int
    modifier: int
    collation: int
    storage: str


class Types:
    """All types of a database by oid, and the `ColumnType` of a type with its modifier."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = {
            oid: TypeRow(
                name=QualifiedName(schema, name),
                kind=_KINDS[kind],
                element=element,
                base_of=base,
                modifier=modifier,
                collation=collation,
                storage=storage,
            )
            for oid, schema, name, kind, element, base, modifier, collation, storage in rows
        }
        self._made: dict[tuple[int, int], ColumnType] = {}

    def __getitem__(self, oid: int) -> TypeRow:
        """Return the row of a type."""
        return self._rows[oid]

    def base(self, oid: int) -> int:
        """Return the type beneath every domain."""
        while self._rows[oid].kind is TypeKind.DOMAIN:
            oid = self._rows[oid].base_of
        return oid

    def column_type(self, oid: int, modifier: int, sql: str) -> ColumnType:
        """Return the type; equal ones are one object."""
        made = self._made.get((oid, modifier))
        if made is None:
            made = self._made[oid, modifier] = self._build(oid, modifier, sql)
        return made

    def _build(self, oid: int, modifier: int, sql: str) -> ColumnType:
        outer = self._rows[oid]
        named = self._rows[outer.element] if outer.element else outer
        beneath = named
        while beneath.kind is TypeKind.DOMAIN:
            modifier = beneath.modifier
            beneath = self._rows[beneath.base_of]
        carrier = self._rows[beneath.element] if beneath.element else beneath
        length, precision, scale = _modifiers(carrier.name, modifier)
        return ColumnType(
            sql=sql,
            name=named.name,
            kind=named.kind,
            base=beneath.name.name,
            array=bool(outer.element),
            length=length,
            precision=precision,
            scale=scale,
        )


def _modifiers(name: QualifiedName, modifier: int) -> tuple[int | None, int | None, int | None]:
    """Return length, precision and scale; the meaning of a typmod is the base type's own."""
    length = precision = scale = None
    if modifier < 0 or name.schema != "pg_catalog":
        return length, precision, scale
    match name.name:
        case "varchar" | "bpchar":
            length = modifier - _VARHDRSZ
        case "bit" | "varbit":
            length = modifier
        case "numeric":
            packed = modifier - _VARHDRSZ
            precision = packed >> 16 & 0xFFFF
            # Eleven bits in two's complement: the scale runs from -1000 to 1000.
            scale = ((packed & 0x7FF) ^ 0x400) - 0x400
        case "interval":
            digits = modifier & 0xFFFF
            precision = None if digits == _FULL_PRECISION else digits
        case "time" | "timetz" | "timestamp" | "timestamptz":
            precision = modifier
    return length, precision, scale


def enums(rows: Iterable[Row], scope: Scope) -> tuple[EnumType, ...]:
    """Return the enum types."""
    return tuple(
        EnumType(
            name=QualifiedName(schema, name),
            labels=tuple(labels),
            privileges=scope.rights("pg_type", oid),
            comment=scope.comment("pg_type", oid),
        )
        for oid, schema, name, labels in rows
    )


def domains(
    rows: Iterable[Row], scope: Scope, constraints: Mapping[int, list[Constraint]]
) -> tuple[Domain, ...]:
    """Return the domains; `constraints` by the domain's oid."""
    return tuple(
        Domain(
            name=QualifiedName(schema, name),
            type=scope.types.column_type(base, modifier, sql),
            not_null=not_null,
            default=default,
            collation=scope.collation(collation, scope.types[base].collation),
            constraints=tuple(constraints.get(oid, ())),
            privileges=scope.rights("pg_type", oid),
            comment=scope.comment("pg_type", oid),
        )
        for oid, schema, name, base, modifier, sql, not_null, default, collation in rows
    )


def composites(
    rows: Iterable[Row], scope: Scope, columns: Mapping[int, list[Column]]
) -> tuple[CompositeType, ...]:
    """Return the stand-alone composite types; `columns` by the oid of their relation."""
    return tuple(
        CompositeType(
            name=QualifiedName(schema, name),
            columns=tuple(columns.get(relation, ())),
            privileges=scope.rights("pg_type", oid),
            comment=scope.comment("pg_type", oid),
        )
        for oid, schema, name, relation in rows
    )


def ranges(rows: Iterable[Row], scope: Scope) -> tuple[RangeType, ...]:
    """Return the range types."""
    return tuple(_range(row, scope) for row in rows)


def _range(row: Row, scope: Scope) -> RangeType:
    oid, schema, name, subtype, sql, multirange, collation, *functions = row
    default, opclass_schema, opclass, canonical_schema, canonical, diff_schema, diff = functions
    qualified = opclass if opclass_schema == "pg_catalog" else f"{opclass_schema}.{opclass}"
    return RangeType(
        name=QualifiedName(schema, name),
        subtype=sql,
        multirange=scope.types[multirange].name,
        collation=scope.collation(collation, scope.types[subtype].collation),
        opclass=None if default else qualified,
        canonical=QualifiedName(canonical_schema, canonical) if canonical else None,
        subtype_diff=QualifiedName(diff_schema, diff) if diff else None,
        privileges=scope.rights("pg_type", oid),
        comment=scope.comment("pg_type", oid),
    )
