"""Inside the enclosure: where Alembic keeps which revisions have run."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from pgassay.core.names import QualifiedName


def version_table(connection: Any, schema: str | None, table: str) -> QualifiedName | None:
    """Return the version table that is meant, if it is there."""
    query = text(
        "SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c "
        "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE c.relname = :name AND c.relkind IN ('r', 'p') AND (n.nspname = :schema "
        "OR CAST(:schema AS text) IS NULL AND n.nspname NOT IN ('pg_catalog', "
        "'information_schema')) ORDER BY pg_catalog.pg_table_is_visible(c.oid) DESC"
    )
    row = connection.execute(query, {"name": table, "schema": schema}).first()
    return QualifiedName(row[0], row[1]) if row else None
