"""One database with rows, and the hot queries that are asked there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from pgassay.core.case import Subject
from pgassay.core.finding import Finding
from pgassay.core.statement import Statement
from pgassay.plans.effort import rows_returned
from pgassay.plans.ground import Measured
from pgassay.plans.judgement import asked
from pgassay.plans.measure import total_buffers, total_rows_read
from pgassay.postgres.explain import (
    NO_SEQUENTIAL_SCAN,
    Asked,
    Explainer,
    QueryRefusedError,
    others_hidden,
)
from pgassay.run.query_values import Values

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pgassay.core.names import QualifiedName
    from pgassay.core.plan import Plan
    from pgassay.core.statement import Value
    from pgassay.plans.places import Places, Size
    from pgassay.plans.query import HotQuery, PlanMode
    from pgassay.postgres.session import PipelineSession

_CANCELLED = "57014"
_WRITES = "ModifyTable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One query with one run's values, for one kind of plan."""

    query: HotQuery
    run: str
    mode: PlanMode
    values: tuple[Value, ...]

    @property
    def statement(self) -> Statement:
        """The statement with its values."""
        return Statement(self.query.sql, self.values)

    @property
    def asked(self) -> str:
        """The run and the kind of plan."""
        return asked(self.run, self.mode)

    @property
    def how(self) -> Asked:
        """How it is explained."""
        query = self.query
        return Asked(mode=self.mode, limit_ms=query.limit_ms, parallel=query.parallel)


class ValueFinder(Protocol):
    """Finds the values that a query is asked with."""

    def of(self, query: HotQuery, run: str) -> tuple[Value, ...] | None:
        """Return the values of a run, in the order of the parameters; None if it has none."""
        ...


class QueryBench:
    """Asks hot queries of one database.

    Args:
        session: on the database, for this alone.
        places: the names in it.
        kept: settings that the system declares.

    Attributes:
        executes: whether a question is executed, or only explained.
    """

    executes = True

    def __init__(
        self, session: PipelineSession, places: Places, *, kept: Collection[str] = ()
    ) -> None:
        self.places = places
        self.explainer = Explainer(session, kept=kept)
        self._values: ValueFinder = Values(session, places)

    @cached_property
    def sizes(self) -> Mapping[QualifiedName, Size]:
        """How large the relations are."""
        return self.explainer.sizes()

    def questions(self, queries: Iterable[HotQuery]) -> Iterator[Question]:
        """Yield each query with the values of each run, for each kind of plan.

        What reads comes first: what a write leaves behind, though it is undone, takes up pages.
        """
        writes: list[Question] = []
        for query in queries:
            for run in query.runs:
                values = self._values.of(query, run)
                if values is None:
                    continue
                for mode in query.modes:
                    question = Question(query=query, run=run, mode=mode, values=values)
                    if self.written(question):
                        writes.append(question)
                    else:
                        yield question
        yield from writes

    def measured(self, question: Question) -> Measured:
        """Return the plan of a question, executed.

        Raises:
            QueryRefusedError: the server refuses it or has cancelled it.
        """
        # The first execution in a session also reads each index's metapage, and for a write what
        # the catalogs say of triggers and references: counts that depend on what was asked before.
        self.explainer.plan(question.statement, question.how)
        plan = self.explainer.plan(question.statement, question.how)
        return Measured(
            run=question.run,
            mode=question.mode,
            plan=plan,
            script=self.explainer.script(question.statement, question.how),
            what_if=lambda index: self._instead(question, index),
        )

    def cost(self, question: Question, *before: Statement) -> float:
        """Return what the planner expects a question to cost; it is not executed."""
        how = replace(question.how, analyze=False, before=before)
        estimate = self.explainer.plan(question.statement, how).root.estimate
        return estimate.total_cost if estimate else 0.0

    def buffers(self, question: Question, *before: Statement) -> int:
        """Return the shared buffers that a question touches."""
        how = replace(question.how, before=before)
        return total_buffers(self.explainer.plan(question.statement, how)).shared

    def _instead(self, question: Question, index: QualifiedName | None) -> Plan | None:
        if index is not None and not self.explainer.can_hide:
            return None
        hide = (others_hidden(index),) if index is not None else ()
        how = replace(question.how, before=(NO_SEQUENTIAL_SCAN, *hide), analyze=self.executes)
        try:
            return self.explainer.plan(question.statement, how)
        except QueryRefusedError:
            return None  # it takes longer than its limit that way

    def written(self, question: Question) -> tuple[QualifiedName, ...]:
        """Return the tables that a question writes, as far as its plan tells."""
        try:
            plan = self.explainer.plan(question.statement, replace(question.how, analyze=False))
        except QueryRefusedError:
            return ()  # told where it is asked
        found = (n.relation for n in plan.nodes() if n.type == _WRITES and n.relation)
        return tuple(dict.fromkeys(self.places.root(relation) for relation in found))


def figures_of(measured: Measured) -> Mapping[str, float]:
    """Return what a plan counted, for reports."""
    plan = measured.plan
    estimate = plan.root.estimate
    return {
        "buffers": total_buffers(plan).shared,
        "rows_read": total_rows_read(plan),
        "rows": rows_returned(plan),
        "cost": estimate.total_cost if estimate else 0.0,
        "ms": plan.execution_ms or 0.0,
    }


def refused(question: Question, error: QueryRefusedError) -> Finding:
    """Return the finding of a query that the server refuses or has cancelled."""
    query, refusal = question.query, error.refusal
    cancelled = refusal.sqlstate == _CANCELLED
    limit = f"{query.limit_ms / 1000:g} s"
    return Finding(
        slug="plan",
        subject=Subject(object=query.name),
        title=f"{f'cancelled after {limit}' if cancelled else 'refused'} ({question.asked})",
        found=f"{refusal.sqlstate} {refusal.message}",
        expected=f"an answer within {limit}" if cancelled else "a query that runs",
        why=query.why,
        fix="explain it without ANALYZE, or allow it more: -- limit: 1 min" if cancelled else "",
        evidence=(question.statement.script(),),
        source=f"{query.file}:{query.line + error.line}",
        discriminator=question.asked,
    )
