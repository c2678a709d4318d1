"""Schemas and extensions: what other objects live in and come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import Extension, Schema
from pgassay.postgres.catalog.scope import USER_SCHEMA, not_of_extension

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.postgres.catalog.scope import Row, Scope

SCHEMAS = f"""
select n.oid, n.nspname
from pg_catalog.pg_namespace n
where {USER_SCHEMA} and {not_of_extension("pg_namespace", "n.oid")}
order by n.nspname
"""

EXTENSIONS = """
select e.oid, e.extname, n.nspname, e.extversion
from pg_catalog.pg_extension e
join pg_catalog.pg_namespace n on n.oid = e.extnamespace
order by e.extname
"""


def schemas(rows: Iterable[Row], scope: Scope) -> tuple[Schema, ...]:
    """Return the schemas of users."""
    return tuple(
        Schema(
            name=name,
            privileges=scope.rights("pg_namespace", oid),
            comment=scope.comment("pg_namespace", oid),
        )
        for oid, name in rows
    )


def extensions(rows: Iterable[Row], scope: Scope) -> tuple[Extension, ...]:
    """Return the installed extensions."""
    return tuple(
        Extension(
            name=name, schema=schema, version=version, comment=scope.comment("pg_extension", oid)
        )
        for oid, name, schema, version in rows
    )
