"""The scores of the fidelity benchmark: how many plans are alike, and how far costs are off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import quantiles
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName  # noqa: TC001 - dataclass fields
from pgassay.core.plan import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.plan import Plan

HEAD = (
    "| stage | plans | same shape | and rows | identical | cost within 10 % | p90 | worst |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)
_NEAR = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One node of a plan: what it does, to what, and what the planner expects of it."""

    type: str
    index: str | None = None
    relation: QualifiedName | None = None
    join: str | None = None
    strategy: str | None = None
    estimate: Estimate = field(default_factory=Estimate)


Outlines = Mapping[str, tuple[Step, ...]]
"""Plans by the names of what was asked."""


@dataclass(slots=True, kw_only=True)
class Score:
    """How many plans are alike, and which are not.

    Attributes:
        shape: the same nodes, indexes and relations in the same order.
        rows: the same estimates of rows in every node as well.
        costs: and the same costs and widths.
        ratios: of each pair's total costs, the larger by the smaller.
        others: in words, each that is not identical.
    """

    name: str
    asked: int = 0
    shape: int = 0
    rows: int = 0
    costs: int = 0
    ratios: list[float] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def near(self) -> int:
        """How many plans cost the same but for a tenth."""
        return sum(ratio <= _NEAR for ratio in self.ratios)

    @property
    def ninth(self) -> float:
        """The ratio of costs that nine of ten plans do not exceed."""
        return quantiles(self.ratios, n=10)[-1] if len(self.ratios) > 1 else 1.0

    @property
    def worst(self) -> float:
        """The largest ratio of costs."""
        return max(self.ratios, default=1.0)

    def row(self) -> str:
        """Return the line of a table."""
        return (
            f"| {self.name} | {self.asked} | {self.shape} | {self.rows} | {self.costs} "
            f"| {self.near} | {self.ninth:,.3g} | {self.worst:,.3g} |"
        )


def outline(plan: Plan) -> tuple[Step, ...]:
    """Return what of a plan is compared: its nodes, in the order of the printed tree."""
    return tuple(
        Step(
            type=node.type,
            index=node.index,
            relation=node.relation,
            join=node.join_type,
            strategy=node.strategy,
            estimate=node.estimate or Estimate(),
        )
        for node in plan.nodes()
    )


def compared(name: str, truth: Outlines, got: Outlines) -> Score:
    """Return how many plans are alike."""
    score = Score(name=name)
    for key, ours in truth.items():
        score.asked += 1
        theirs = got.get(key)
        if theirs is None:
            score.others.append(f"{key}: not asked on the stage")
            continue
        same = list(map(_what, ours)) == list(map(_what, theirs))
        pairs = list(zip(ours, theirs, strict=True)) if same else []
        rows = same and all(a.estimate.rows == b.estimate.rows for a, b in pairs)
        costs = same and all(a.estimate == b.estimate for a, b in pairs)
        score.shape += same
        score.rows += rows
        score.costs += costs
        here, there = (max(steps[0].estimate.total_cost, 0.01) for steps in (ours, theirs))
        score.ratios.append(max(here, there) / min(here, there))
        if not costs:
            what = "another plan" if not same else "other costs" if rows else "other rows"
            parting = "" if same else f": {_parting(ours, theirs)}"
            score.others.append(f"{key}: {what}, cost {here:,.2f} and {there:,.2f}{parting}")
    return score


def _parting(ours: Sequence[Step], theirs: Sequence[Step]) -> str:
    """Return in words where two plans part."""
    here, there = next(
        ((a, b) for a, b in zip(ours, theirs, strict=False) if _what(a) != _what(b)),
        (ours[-1], theirs[-1]),
    )
    return f"{_words(here)} and {_words(there)}"


def _words(step: Step) -> str:
    of = step.index or (step.relation.name if step.relation else "")
    return f"{step.type} {of}".strip()


def _what(step: Step) -> Step:
    return replace(step, estimate=Estimate())
