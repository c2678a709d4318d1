"""A system at production's size: its migrated database as a stage, and the hot queries there."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.errors import MachineError
from pgassay.plans.assumed import as_expected, by_shape
from pgassay.plans.ground import Measured
from pgassay.plans.judgement import Verdict, judge
from pgassay.plans.places import Places
from pgassay.plans.shape import shape
from pgassay.postgres.servers import AUTO, USUAL_ROOM, ServerKind
from pgassay.postgres.servers.opening import choose
from pgassay.postgres.stage import Stage, within_reach
from pgassay.run.query_bench import QueryBench, Question
from pgassay.run.stage_values import Elsewhere, StageValues
from pgassay.run.stand import Request, Stand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pgassay.core.plan import Plan
    from pgassay.core.snapshot import Snapshot
    from pgassay.core.statement import Statement
    from pgassay.plans.query import HotQuery
    from pgassay.postgres.servers import ClusterCache, TemplateStore
    from pgassay.postgres.stage import Ingredient
    from pgassay.postgres.stage.stage import StageExplainer


class ReachableStand(Stand):
    """A stand on a server whose files are within reach, wherever one can be had."""

    def _store(self, room: int = USUAL_ROOM, cache: ClusterCache | None = None) -> TemplateStore:
        """Return the store of a server whose files are within reach, wherever one can be had."""
        store = super()._store(room, cache)
        if store.choice not in (AUTO, ServerKind.CONTAINER):
            return store
        for kind in (ServerKind.EMBEDDED, ServerKind.SYSTEM):
            with contextlib.suppress(MachineError):
                choose(kind, store.declaration)
                return replace(store, choice=kind)
        return store  # what it lacks is told by whoever opens it


class ProductionStand(ReachableStand):
    """A stand whose migrated database becomes a stage; a context manager.

    Attributes:
        production: the stage, at the scale that it was last set to.
    """

    def __init__(
        self,
        request: Request,
        snapshot: Snapshot,
        *,
        scale: float = 1.0,
        without: Collection[Ingredient] = (),
        strict: bool = False,
    ) -> None:
        """Build or clone the databases, and make one a stage.

        Raises:
            ConfigError, SchemaError, MachineError: as a stand and a stage do.
        """
        super().__init__(request)
        self.elsewhere: Elsewhere = {}
        try:
            within_reach(self.server)  # before anything is dropped: it is a throwaway of ours
            self._catalog = self.catalogs[self.proven]  # read before the server stops
            database = self.clone()
            self._rest()
            self._leave_only(database)
            self.production = Stage(
                self.server,
                database,
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
        values = StageValues(self.production.snapshot, self.places, explainer, self.elsewhere)
        return StageBench(self.places, explainer, values)

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


class StageBench(QueryBench):
    """Asks hot queries of a stage: plans, and never an execution."""

    explainer: StageExplainer
    executes = False

    def __init__(self, places: Places, explainer: StageExplainer, values: StageValues) -> None:
        self.places = places
        self.explainer = explainer
        self.values = values
        self._values = values

    def questions(self, queries: Iterable[HotQuery]) -> Iterator[Question]:
        """Yield the questions, parallel workers allowed as production allows them."""
        yield from super().questions(replace(query, parallel=True) for query in queries)

    def planned(self, question: Question, *before: Statement) -> Plan:
        """Return the plan of a question.

        Raises:
            QueryRefusedError: the server refuses it.
        """
        return self.explainer.plan(
            question.statement, replace(question.how, analyze=False, before=before)
        )

    def measured(self, question: Question) -> Measured:
        """Return the plan of a question, with the planner's estimates for what was not counted."""
        plan = self.planned(question)
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

    def judged(self, question: Question) -> tuple[Measured, Verdict]:
        """Return a plan and what it does not keep of the expectations that a plan decides."""
        measured = self.measured(question)
        return measured, judge(by_shape(question.query), measured, self.places, self.sizes)
