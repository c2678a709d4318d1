"""Plans before and behind: the hot queries explained on both sides, and what became of each."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import PgassayError
from pgassay.core.event import Event, PlansCompared, Told
from pgassay.core.finding import Severity
from pgassay.plans.baseline import better, compare, entry_of
from pgassay.plans.judgement import judge
from pgassay.plans.places import Places
from pgassay.plans.query import UsesIndex
from pgassay.plans.shape import shape
from pgassay.postgres.explain import QueryRefusedError
from pgassay.postgres.session import PipelineSession
from pgassay.run.migration.accepting import Judged, told
from pgassay.run.migration.live import hot_queries
from pgassay.run.migration.parts import framed
from pgassay.run.query_bench import QueryBench, Question

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    import psycopg

    from pgassay.core.catalog import Catalog
    from pgassay.core.finding import Finding
    from pgassay.plans.ground import Measured
    from pgassay.plans.query import HotQuery
    from pgassay.run.migration.ground import Ground
    from pgassay.run.migration.parts import PartEvents
    from pgassay.run.stage_values import Elsewhere

SLUG = "plan_behind"


def plans(ground: Ground) -> PartEvents:
    """Explain the hot queries on both sides and tell which plans are others."""
    yield from framed(ground, "plans", _compared(ground))


def _compared(ground: Ground) -> Iterator[Event]:
    queries = hot_queries(ground)
    if not queries:
        yield Told(system=ground.name, text="there is no hot query whose plan could change")
        return
    with ExitStack() as stack:
        before = _side(ground, stack, ground.populated(aside=True), ground.before)
        behind = _side(ground, stack, ground.upgraded, ground.behind)
        comparison = Comparison(before, behind, ground.selection.label)
        judged: list[Judged] = []
        for query in queries:
            began = perf_counter()
            trial = Trial(kind=SLUG, subject=Subject(object=query.name), title="before and behind")
            findings = tuple(comparison.findings(query))
            judged.append(Judged(trial=trial, findings=findings, seconds=perf_counter() - began))
        yield PlansCompared(
            system=ground.name,
            revision=ground.selection.label,
            plans=comparison.plans,
            changed=comparison.changed,
            better=tuple(comparison.better),
        )
        production = ground.order.production
        if production is not None and production.snapshot is not None:
            from pgassay.run.migration.plans_at import plans_at  # noqa: PLC0415 - only where asked

            yield from plans_at(ground, production, queries, comparison.values, judged)
        yield from told(ground, judged, (SLUG,))


class Side:
    """The hot queries on one side of a migration."""

    def __init__(
        self, connection: psycopg.Connection[object], catalog: Catalog, kept: frozenset[str]
    ) -> None:
        self.connection = connection
        self.places = Places(catalog)
        self.bench = QueryBench(PipelineSession(connection), self.places, kept=kept)

    def questions(self, query: HotQuery) -> list[Question]:
        """Return a query with the values of each run; none where this side lacks what it names."""
        try:
            return list(self.bench.questions([query]))
        except PgassayError:
            return []

    def planned(self, question: Question) -> tuple[str, ...] | None:
        """Return what the planner intends, as a shape; None where this side refuses it."""
        try:
            plan = self.bench.explainer.plan(
                question.statement, replace(question.how, analyze=False)
            )
        except QueryRefusedError:
            return None
        return shape(plan, self.places)

    def measured(self, question: Question) -> Measured | None:
        """Return the plan of a question, executed; None where this side refuses it."""
        try:
            return self.bench.measured(question)
        except QueryRefusedError:
            return None

    def unkept(self, query: HotQuery, measured: Measured) -> dict[str, str]:
        """Return which expectations of a query a plan does not keep, with what was found."""
        verdict = judge(query, measured, self.places, self.bench.sizes)
        return {finding.expected: finding.title for finding in verdict.findings}


class Comparison:
    """Plans of both sides, query by query.

    Attributes:
        plans: how many were compared.
        changed: how many of them have a finding.
        better: what became much better, in words.
        values: what queries were asked with, by query, run and parameter.
    """

    def __init__(self, before: Side, behind: Side, revision: str) -> None:
        self._before, self._behind, self._revision = before, behind, revision
        self._analysed = False
        self.plans = self.changed = 0
        self.better: list[str] = []
        self.values: Elsewhere = {}

    def findings(self, query: HotQuery) -> Iterator[Finding]:
        """Yield what became worse of a query's plans, or other.

        A query that is refused on either side is left to the rolling deploy. One of which both
        sides intend the same is not executed: the rows are the same.
        """
        for question in self._before.questions(query):
            for parameter, value in zip(query.parameters, question.values, strict=True):
                self.values[query.name, question.run, parameter.name] = value
            intended = self._before.planned(question)
            now_intended = self._behind.planned(question)
            if intended is None or now_intended is None:
                continue
            self.plans += 1
            if intended == now_intended:
                continue
            then, now = self._before.measured(question), self._behind.measured(question)
            if then is None or now is None:
                continue
            found, note = self._held(question, then, now)
            if note:
                self.better.append(f"{query.name} ({question.asked}): {note}")
            if any(f.severity is Severity.ERROR for f in found):
                found = self._with_statistics(question, then, found)
            self.changed += bool(found)
            yield from found

    def _held(self, question: Question, then: Measured, now: Measured) -> tuple[list[Finding], str]:
        query = question.query
        entry = entry_of(query, then, self._before.places)
        later = entry_of(query, now, self._behind.places)
        unkept = self._before.unkept(query, then)
        broken = [
            title for text, title in self._behind.unkept(query, now).items() if text not in unkept
        ]
        broken += gone(query, then.run, unkept, self._before.places, self._behind.places)
        found = [self._worded(one, broken) for one in compare(entry, later, query, now)]
        return found, better(entry, later)

    def _with_statistics(
        self, question: Question, then: Measured, found: list[Finding]
    ) -> list[Finding]:
        """Return the findings that are left once statistics are new; mild ones if none is."""
        if not self._analysed:
            self._behind.connection.execute("analyze")
            self._analysed = True
        now = self._behind.measured(question)
        if now is None:
            return found
        left, _ = self._held(question, then, now)
        if any(f.severity is Severity.ERROR for f in left):
            return left
        return [
            replace(
                finding,
                severity=Severity.WARNING,
                title=f"{finding.title}, until its tables are analysed",
                fix="ANALYZE the tables at the end of the revision",
            )
            for finding in found
        ]

    def _worded(self, finding: Finding, broken: list[str]) -> Finding:
        """Return a finding of the bench in words that fit; what breaks an expectation is an error.

        A plan that reads more, and still keeps what its query asks for, is for people to judge.
        """
        worse = finding.severity is Severity.ERROR
        return replace(
            finding,
            slug=SLUG,
            subject=Subject(object=finding.subject.object, part=finding.discriminator),
            severity=Severity.ERROR if broken else Severity.WARNING,
            found="; ".join([*broken, finding.found]),
            title=f"{'worse' if worse else 'another'} plan behind {self._revision}",
            expected="a plan that keeps what it kept before" if broken else "the plan of before",
            fix="see what the revision took from it: an index, statistics, an order of columns",
            evidence=tuple(
                "the plan of before was:" if line == "the accepted plan was:" else line
                for line in finding.evidence
            ),
            discriminator=self._revision,
        )


def gone(
    query: HotQuery, run: str, unkept: Container[str], before: Places, behind: Places
) -> list[str]:
    """Return what tells of indexes that a query expects, and that are there no more."""
    wanted = (e for e in query.expected(run) if isinstance(e, UsesIndex))
    return [
        f"{' and '.join(one.names)} {'is' if len(one.names) == 1 else 'are'} gone"
        for one in wanted
        if one.text not in unkept
        and any(before.index_named(name) for name in one.names)
        and not any(behind.index_named(name) for name in one.names)
    ]


def _side(ground: Ground, stack: ExitStack, database: str, catalog: Catalog) -> Side:
    connection = stack.enter_context(ground.server.connect(database))
    return Side(connection, catalog, frozenset(ground.request.system.settings))
