"""Inside the enclosure: what the first revision of a history expects to be there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import NullPool, create_engine, text

from pgassay.core.names import quote
from pgassay.sqla.enclosure.models import create_models

if TYPE_CHECKING:
    from pathlib import Path

    from pgassay.core.route import Target

_IS_EMPTY = (
    "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace "
    "AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN "
    "('pg_catalog', 'information_schema', 'pg_toast'))"
)


def provide(
    target: Target, extensions: tuple[str, ...], baseline: tuple[str, ...], root: Path
) -> None:
    """Create extensions, and the baseline where there is no table yet."""
    if extensions:
        engine = create_engine(target.url("psycopg"), poolclass=NullPool)
        with engine.begin() as connection:
            for name in extensions:
                connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {quote(name)}"))
    if baseline and _is_empty(target):
        create_models(baseline, (), target, root)


def _is_empty(target: Target) -> bool:
    engine = create_engine(target.url("psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        return bool(connection.scalar(text(_IS_EMPTY)))
