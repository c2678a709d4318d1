"""A system at production's size: its migrated database as a stage, and the hot queries there."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.catalog import Catalog  # noqa: TC001 - a field of a dataclass
from pgassay.core.errors import MachineError
from pgassay.plans.assumed import as_expected, by_shape
from pgassay.plans.ground import Measured
from pgassay.plans.judgement import judge
from pgassay.plans.places import Places
from pgassay.plans.shape import shape
from pgassay.postgres.servers import AUTO, USUAL_ROOM, Lease, ServerKind
from pgassay.postgres.servers.opening import choose
from pgassay.postgres.stage import Stage, within_reach
from pgassay.run.query_bench import QueryBench, Question
from pgassay.run.stage_values import Asker, Elsewhere, StageValues
from pgassay.run.stand import Request, Stand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pgassay.core.names import QualifiedName
    from pgassay.core.plan import Plan
    from pgassay.core.route import Route
    from pgassay.core.snapshot import Snapshot
    from pgassay.core.statement import Statement
    from pgassay.plans.judgement import Verdict
    from pgassay.plans.query import HotQuery
    from pgassay.postgres.explain import QueryRefusedError
    from pgassay.postgres.servers import ClusterCache, TemplateStore
    from pgassay.postgres.stage import Ingredient
    from pgassay.postgres.stage.explaining import StageExplainer


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """The migrated database on a server that has no other: its name, and what it is."""

    database: str
    catalog: Catalog


class ProductionStand(Stand):
    """A stand whose migrated database becomes a stage; a context manager.

    Attributes:
        production: the stage, at the scale that it was last set to.
        values: what the queries of the last bench are asked with.
    """

    def __init__(
        self,
        request: Request,
        snapshot: Snapshot,
        *,
        scale: float = 1.0,
        without: Collection[Ingredient] = (),
        strict: bool = False,
        beside: Stand | None = None,
    ) -> None:
        """Build or clone the databases, and make one a stage.

        Args:
            request: what was asked for.
            snapshot: whose size is shown.
            scale: so many times its rows.
            without: ingredients of the stage to leave out.
            strict: refuse a schema that differs from the snapshot's.
            beside: a stand of the same request, whose work is not done again.

        Raises:
            ConfigError, SchemaError, MachineError: as a stand and a stage do.
        """
        self._beside = beside
        self._alone: Alone | None = None
        super().__init__(request)
        self.elsewhere: Elsewhere = {}
        try:
            within_reach(self.server)  # before anything is dropped: it is a throwaway of ours
            alone = self._alone or self._left_alone()
            self._catalog = alone.catalog
            self.production = Stage(
                self.server,
                alone.database,
                snapshot,
                own=self.bookkeeping,
                without=without,
                strict=strict,
            )
            self.production.set_scale(scale)
        except BaseException:
            self.close()
            raise

    @cached_property
    def places(self) -> Places:
        """The names in the database."""
        return Places(self._catalog)

    def bench(self, elsewhere: Elsewhere | None = None) -> StageBench:
        """Return what asks hot queries; it holds until the size changes.

        Args:
            elsewhere: values that queries returned elsewhere.
        """
        explainer = self.production.explainer(kept=self.request.system.settings)
        self.elsewhere = elsewhere or self.elsewhere
        self.values = StageValues(self.production.snapshot, self.places, explainer, self.elsewhere)
        return StageBench(self.places, explainer, self.values)

    def keep(self, key: str) -> str | None:
        """Keep the stage for later runs, and end it; return why not, if not."""
        self.production.close()
        self._rest()
        return self.store().keep(self.server, key, last=True)

    def _routes(self) -> Mapping[str, Route]:
        return self._beside.routes if self._beside else super()._routes()

    def _digest(self) -> str:
        return self._beside.key if self._beside else super()._digest()

    def store(self, room: int = USUAL_ROOM, cache: ClusterCache | None = None) -> TemplateStore:
        """Return the store of a server whose files are within reach, wherever one can be had."""
        return local_store(super().store(room, cache))

    def _lease(self) -> Lease:
        """Return a server with the migrated database alone, or one with those of all routes."""
        server = self.store().kept(self._alone_key)
        if server is not None:
            self.server = server  # its version is a part of the note
            self._alone = self.note("alone").read()
            if self._alone is not None:
                return Lease(server=server, built=False)
            server.close()
        return super()._lease()

    @property
    def _alone_key(self) -> str:
        return hashlib.sha256(f"{self.key}\nalone".encode()).hexdigest()

    def _left_alone(self) -> Alone:
        """Leave nothing on the server but a copy of the migrated database; keep it like that."""
        catalog = (self._beside or self).catalogs[self.proven]
        database = self.clone()
        self._rest()
        self._leave_only(database)
        alone = Alone(database=database, catalog=catalog)
        if self.store().keep(self.server, self._alone_key) is None:
            self.note("alone").write(alone)
        return alone

    def _leave_only(self, database: str) -> None:
        """Drop the other databases of this throwaway: they take room, and nobody asks them."""
        with self.server.connect(database) as connection:
            rows = connection.execute(
                "select datname from pg_catalog.pg_database where not datistemplate"
                " and datname not in ('postgres', pg_catalog.current_database())"
            ).fetchall()
        for (name,) in rows:
            self.server.drop_database(str(name))

    def close(self) -> None:
        """End the server and everything on it."""
        if hasattr(self, "production"):
            self.production.close()
        super().close()


def local_store(store: TemplateStore) -> TemplateStore:
    """Return a store of servers whose files are within reach, wherever one can be had."""
    if store.choice not in (AUTO, ServerKind.CONTAINER):
        return store
    for kind in (ServerKind.EMBEDDED, ServerKind.SYSTEM):
        with contextlib.suppress(MachineError):
            choose(kind, store.declaration)
            return replace(store, choice=kind)
    return store  # what it lacks is told by whoever opens it


class StageBench(QueryBench):
    """Asks hot queries of a stage: plans, and never an execution."""

    explainer: StageExplainer
    executes = False

    def __init__(self, places: Places, explainer: StageExplainer, values: Asker) -> None:
        self.places = places
        self.explainer = explainer
        self.values = values
        self._values = values

    def questions(self, queries: Iterable[HotQuery]) -> Iterator[Question]:
        """Yield the questions, parallel workers allowed as production allows them."""
        yield from super().questions(replace(query, parallel=True) for query in queries)

    def written(self, question: Question) -> tuple[QualifiedName, ...]:  # noqa: ARG002 - as there
        """Return nothing: what is not executed leaves nothing behind, and may come in any order."""
        return ()

    def planned(self, question: Question, *before: Statement) -> Plan:
        """Return the plan of a question.

        Raises:
            QueryRefusedError: the server refuses it.
        """
        return self.explainer.plan(
            question.statement, replace(question.how, analyze=False, before=before)
        )

    def plans(self, questions: Sequence[Question]) -> list[Plan | QueryRefusedError]:
        """Return the plan of each question, or why it has none."""
        return self.explainer.plans(
            [(one.statement, replace(one.how, analyze=False)) for one in questions]
        )

    def measured(self, question: Question) -> Measured:
        """Return the plan of a question, with the planner's estimates for what was not counted."""
        return self._measured(question, self.planned(question))

    def _measured(self, question: Question, plan: Plan) -> Measured:
        how = replace(question.how, analyze=False)
        return Measured(
            run=question.run,
            mode=question.mode,
            plan=as_expected(plan),
            script=self.explainer.script(question.statement, how),
            what_if=lambda index: self._instead(question, index),
            shown=plan,
        )

    def shape_of(self, plan: Plan) -> tuple[str, ...]:
        """Return what a plan does."""
        return shape(plan, self.places)

    def judged(self, question: Question, plan: Plan) -> Verdict:
        """Return what a plan does not keep of the expectations that a plan decides."""
        measured = self._measured(question, plan)
        return judge(by_shape(question.query), measured, self.places, self.sizes)
