"""Plans before and behind, at production's size: the hot queries on two stages.

Nothing is executed there. A plan is worse where it does not keep what its query asks for, or costs
more by the planner's own reckoning; another plan that costs no more is counted and let be.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import MachineError, PgassayError, SchemaError
from pgassay.core.event import Event, PlansCompared, Told
from pgassay.core.finding import Finding, Severity
from pgassay.plans.assumed import by_shape
from pgassay.plans.flips import changed_lines
from pgassay.plans.judgement import judge
from pgassay.plans.tree import tree
from pgassay.postgres.explain import QueryRefusedError
from pgassay.run.bench_at import cost_of
from pgassay.run.migration.accepting import Judged
from pgassay.run.migration.plans import SLUG, gone
from pgassay.run.migration.staged import Stages
from pgassay.run.snapshotting import missing_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.plan import Plan
    from pgassay.plans.ground import Measured
    from pgassay.plans.query import HotQuery
    from pgassay.run.migration.ground import Ground
    from pgassay.run.migration.production import Production
    from pgassay.run.production import StageBench
    from pgassay.run.query_bench import Question
    from pgassay.run.stage_values import Elsewhere

SIZE = "at production's size"
_WORSE = 1.2  # times the cost of before
_MUCH = 2.0
_FEW = 6


def plans_at(
    ground: Ground,
    production: Production,
    queries: Sequence[HotQuery],
    elsewhere: Elsewhere,
    judged: list[Judged],
) -> Iterator[Event]:
    """Compare the plans of hot queries at the size of a snapshot.

    Args:
        ground: whose revisions.
        production: with a snapshot.
        queries: those to ask.
        elsewhere: values that they were asked with on this run's rows.
        judged: what is found is added to it, to be told with what was found at this run's size.
    """
    snapshot = production.snapshot
    assert snapshot is not None
    try:
        with Stages(ground=ground, snapshot=snapshot) as stages:
            yield from _about(ground, production, stages)
            comparison = StagedComparison(ground, stages, elsewhere)
            judged.extend(comparison.judged(query) for query in queries)
    except (MachineError, SchemaError) as error:
        trial = Trial(kind=SLUG, subject=Subject(object=ground.selection.label), title=SIZE)
        reason = f"{error.found}{f' ({error.where})' if error.where else ''}"
        judged.append(Judged(trial=trial, findings=(), seconds=0.0, unproven=reason))
        return
    yield PlansCompared(
        system=ground.name,
        revision=ground.selection.label,
        plans=comparison.plans,
        changed=comparison.changed,
        better=tuple(comparison.better),
        at=f"the size of {production.name}",
    )


def _about(ground: Ground, production: Production, stages: Stages) -> Iterator[Told]:
    rows, name = stages.before.stage.snapshot.rows, production.name
    told = [
        f"{name}: {rows:,.0f} rows",
        *(f"{name} misses {one}" for one in missing_in(stages.snapshot)),
    ]
    if stages.differences:
        number = len(stages.differences)
        more = f"; and {number - _FEW} more" if number > _FEW else ""
        told.append(
            f"{name} is of another schema than the one before {ground.selection.label}: "
            f"{'; '.join(stages.differences[:_FEW])}{more}"
        )
    if stages.fits_behind:
        told.append(
            f"{name} fits the schema behind {ground.selection.label} better: it may have run"
        )
    told += [*stages.before.stage.told]
    told += [one for found in stages.doubts.values() for one in found]
    for text in dict.fromkeys(told):
        yield Told(system=ground.name, text=text)


class StagedComparison:
    """Plans on both stages, query by query.

    Attributes:
        plans: how many were compared.
        changed: how many of them have a finding.
        better: what became much cheaper, in words.
    """

    def __init__(self, ground: Ground, stages: Stages, elsewhere: Elsewhere) -> None:
        kept = ground.request.system.settings
        self._before = stages.before.bench(kept, elsewhere)
        self._behind = stages.behind.bench(kept, elsewhere)
        self._doubts, self._label = stages.doubts, ground.selection.label
        self.plans = self.changed = 0
        self.better: list[str] = []

    def judged(self, query: HotQuery) -> Judged:
        """Return what became of a query's plans, and why that may not be certain."""
        began = perf_counter()
        found: list[Finding] = []
        doubts: dict[str, None] = {}
        for question in self._questions(query):
            pair = _measured(self._before, question), _measured(self._behind, question)
            if pair[0] is None or pair[1] is None:
                continue  # left to the rolling deploy
            self.plans += 1
            unsure = self._unsure(pair[1].plan)
            doubts |= dict.fromkeys(unsure)
            finding = self._finding(question, pair[0], pair[1], unsure)
            if finding is not None:
                self.changed += 1
                found.append(finding)
        unknown = self._before.values.unknown.get(query.name)
        if unknown is not None:
            doubts[f"the value of :{unknown} comes from a query, and there are no rows"] = None
        return Judged(
            trial=Trial(kind=SLUG, subject=Subject(object=query.name), title=SIZE),
            findings=tuple(found),
            seconds=perf_counter() - began,
            unproven="; ".join(doubts),
        )

    def _questions(self, query: HotQuery) -> list[Question]:
        """Return a query with the values of each run; none where `before` lacks what it names."""
        try:
            return list(self._before.questions([query]))
        except PgassayError:
            return []

    def _unsure(self, plan: Plan) -> list[str]:
        places = self._behind.places
        read = dict.fromkeys(places.root(n.relation) for n in plan.nodes() if n.relation)
        return [told for name in read for told in self._doubts.get(name, ())]

    def _finding(
        self, question: Question, then: Measured, now: Measured, unsure: Sequence[str]
    ) -> Finding | None:
        before = self._before.shape_of(then.plan)
        behind = self._behind.shape_of(now.plan)
        was, is_ = cost_of(then.plan), cost_of(now.plan)
        if before == behind and is_ <= was * _MUCH:
            return None
        broken = self._broken(question, then, now)
        costs = f"cost {was:,.0f} → {is_:,.0f}"
        if not broken and is_ <= was * _WORSE:
            if is_ * _MUCH <= was:
                self.better.append(f"{question.query.name} ({question.asked}): {costs}")
            return None
        old, new = changed_lines(before, behind)
        change = [f"{new} instead of {old}"] if before != behind else []
        worse = is_ > was * _WORSE
        severity = Severity.ERROR if broken and not unsure else Severity.WARNING
        doubts = [f"not certain: {one}" for one in unsure]
        return Finding(
            slug=SLUG,
            # What is accepted of one run at this run's size is not accepted there unseen.
            subject=Subject(object=question.query.name, part=f"{question.asked}, production"),
            title=f"{'worse' if worse else 'another'} plan behind {self._label} {SIZE}",
            found="; ".join([*broken, costs, *change, *doubts]),
            expected="a plan that keeps what it kept before" if broken else "the plan of before",
            why=question.query.why,
            fix="see what the revision took from it: an index, statistics, an order of columns",
            evidence=(*tree(now.shown or now.plan), "the plan of before was:", *before),
            severity=severity,
            source=question.query.file or None,
            discriminator=self._label,
        )

    def _broken(self, question: Question, then: Measured, now: Measured) -> list[str]:
        """Return what expectations are not kept any more, in words."""
        kept = _unkept(self._before, question, then)
        places = self._before.places, self._behind.places
        found = _unkept(self._behind, question, now)
        return [
            *(title for text, title in found.items() if text not in kept),
            *gone(question.query, then.run, kept, *places),
        ]


def _measured(bench: StageBench, question: Question) -> Measured | None:
    try:
        return bench.measured(question)
    except QueryRefusedError:
        return None


def _unkept(bench: StageBench, question: Question, measured: Measured) -> Mapping[str, str]:
    verdict = judge(by_shape(question.query), measured, bench.places, bench.sizes)
    return {finding.expected: finding.title for finding in verdict.findings}
