"""The routes of a system, made from its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.route import Route, Target
from pgassay.postgres.script.ddl_route import DdlRoute
from pgassay.postgres.script.sql_route import SqlRoute
from pgassay.sqla.alembic_route import AlembicRoute
from pgassay.sqla.metadata_route import MetadataRoute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.config import Config, System
    from pgassay.postgres.servers import Server

CONTRACT = "metadata"
"""The route that builds the contract."""


def routes_of(config: Config, system: System) -> Mapping[str, Route]:
    """Return the routes by name: the contract's, then the migrations, the reference DDL last."""
    found: dict[str, Route] = {}
    root = system.root or config.root
    alembic = None
    if system.alembic:
        alembic = AlembicRoute(
            config=system.alembic.config,
            section=system.alembic.section,
            revision=system.alembic.revision,
            baseline=system.alembic.baseline,
            root=root,
            environment=system.environment,
            version_tables=system.bookkeeping,
            extensions=system.extensions,
        )
    if system.metadata:
        found[CONTRACT] = MetadataRoute(
            metadata=system.metadata,
            root=root,
            extensions=system.extensions,
            environment=system.environment,
            alembic=alembic,
        )
    if alembic:
        found["alembic"] = alembic
    if system.sql:
        found["sql"] = SqlRoute(path=system.sql, placeholders=system.placeholders)
    if system.ddl:
        found["ddl"] = DdlRoute(path=system.ddl)
    return found


def target_of(server: Server, database: str) -> Target:
    """Return where a route may build. TCP, since a project's own driver may know no socket."""
    parts = server.parameters(database, tcp=True)
    return Target(
        host=parts["host"],
        port=int(parts["port"]),
        user=parts["user"],
        dbname=parts["dbname"],
        password=parts.get("password", ""),
    )
