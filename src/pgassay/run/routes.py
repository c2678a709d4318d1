"""The routes of a system, made from its configuration."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pgassay.core.route import Route, Target
from pgassay.postgres.script.ddl_route import DdlRoute
from pgassay.postgres.script.sql_route import SqlRoute
from pgassay.postgres.servers import Profile, ServerDeclaration
from pgassay.sqla.alembic_route import AlembicRoute
from pgassay.sqla.metadata_route import MetadataRoute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.config import Config, System
    from pgassay.core.models import ModelFacts
    from pgassay.postgres.servers import Server
    from pgassay.run.stand import Request

CONTRACT = "metadata"
"""The route that builds the contract."""
_AT_ONCE = 2


def routes_of(config: Config, system: System) -> Mapping[str, Route]:
    """Return the routes by name: the contract's, then the migrations, the reference DDL last."""
    found: dict[str, Route] = {}
    root = system.root or config.root
    alembic = alembic_of(config, system)
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


def alembic_of(config: Config, system: System) -> AlembicRoute | None:
    """Return the Alembic route of a system, if it has one."""
    if system.alembic is None:
        return None
    return AlembicRoute(
        config=system.alembic.config,
        section=system.alembic.section,
        revision=system.alembic.revision,
        baseline=system.alembic.baseline,
        root=system.root or config.root,
        environment=system.environment,
        version_tables=system.bookkeeping,
        extensions=system.extensions,
    )


def declaration_of(request: Request, room: int, durability: Profile) -> ServerDeclaration:
    """Return what a system needs of its server, with room for so many bytes."""
    system = request.system
    return ServerDeclaration(
        postgres=request.postgres or system.postgres,
        image=system.image,
        extensions=system.extensions,
        locale=system.locale,
        settings=system.settings,
        profile=durability,
        room=room,
    )


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


def build_side_by_side(
    routes: Mapping[str, Route], targets: Mapping[str, Target], server: Server, *, ask: bool
) -> ModelFacts | None:
    """Build routes two at a time: each mostly waits for a process of its own or for the server.

    Args:
        routes: by name.
        targets: where each may build, by the same names.
        server: where all of them are.
        ask: let the models tell what no table shows, while they are loaded.

    Returns:
        What they told, None if they were not asked.

    Raises:
        SchemaError: a route cannot be built; the server is closed.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        builds = [pool.submit(_built, one, targets[n], ask=ask) for n, one in routes.items()]
        try:
            told = [build.result() for build in builds]
        except BaseException:
            # Nobody waits for the others: without their server they end at once.
            pool.shutdown(wait=False, cancel_futures=True)
            server.close()
            raise
    return next((facts for facts in told if facts is not None), None)


def _built(route: Route, target: Target, *, ask: bool) -> ModelFacts | None:
    if ask and isinstance(route, MetadataRoute):
        return route.build_and_tell(target)
    route.build(target)
    return None
