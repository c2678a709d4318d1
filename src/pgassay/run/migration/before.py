"""The database at the revision before: its route, and the stand that keeps it with rows."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.core.digest import digest_of
from pgassay.history.acceptance import FILE
from pgassay.postgres.servers import Profile
from pgassay.run.populated import PopulatedStand
from pgassay.run.volume_order import order_of
from pgassay.sqla.environment import declared_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.names import QualifiedName
    from pgassay.core.route import Route, Target
    from pgassay.run.migration.selection import Selection
    from pgassay.run.stand import Request
    from pgassay.sqla.alembic_route import AlembicRoute

NAME = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeRoute:
    """A `core.route.Route` to what stands before the revisions of a selection.

    Its digest leaves the files of all other revisions out: while one is being written, what came
    before it stays the same.

    Args:
        alembic: the history.
        selection: the revisions that have not run.
    """

    alembic: AlembicRoute
    selection: Selection

    @property
    def name(self) -> str:
        """The route's name."""
        return NAME

    @property
    def bookkeeping(self) -> tuple[QualifiedName, ...]:
        """The version tables."""
        return self.alembic.bookkeeping

    def digest(self) -> str:
        """Hash what has run and what it needs."""
        alembic = self.alembic
        root = (alembic.root or alembic.config.parent).resolve()
        versions = (alembic.script() / "versions").resolve()
        ran = {(root / one.path).resolve() for one in self.selection.earlier}
        files = {
            path: data
            for path, data in alembic.closure().files.items()
            if path in ran or not (path.is_relative_to(versions) or path.name == FILE)
        }
        facts = {
            "route": f"before {' '.join(self.selection.before)}",
            "section": alembic.section,
            "arguments": "\n".join(alembic.arguments),
            "extensions": " ".join(alembic.extensions),
            "baseline": alembic.baseline or "",
            **declared_facts(os.environ, alembic.environment),
        }
        return digest_of(files, root, facts=facts)

    def build(self, target: Target) -> None:
        """Upgrade the empty `target` to what stands before; nothing, if that is nothing."""
        if self.selection.before:
            with self.alembic.open(target) as history:
                for revision in self.selection.before:
                    history.upgrade(revision)


class BeforeStand(PopulatedStand):
    """A stand at the revision before, on a server that writes as production does."""

    durability = Profile.FAITHFUL

    def __init__(self, request: Request, route: Route, *, profile: str) -> None:
        self._route = route
        # The models, the factories and the rules speak of the newest schema.
        system = replace(
            request.system, metadata=None, sql=None, ddl=None, rules=None, factories=None
        )
        request = replace(request, system=system)
        super().__init__(request, order_of(request, profile=profile, earlier=True))

    def _routes(self) -> Mapping[str, Route]:
        return {NAME: self._route}
