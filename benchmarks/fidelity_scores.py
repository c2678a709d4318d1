"""The scores of the fidelity benchmark: how many plans are alike, and how far costs are off."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.plan import Node, Plan

HEAD = (
    "| stage | plans | same shape | and rows | identical | cost within 10 % | p90 | worst |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)
_NEAR = 1.1


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


def compared(name: str, truth: Mapping[str, Plan], got: Mapping[str, Plan]) -> Score:
    """Return how many plans are alike."""
    score = Score(name=name)
    for key, plan in truth.items():
        score.asked += 1
        other = got.get(key)
        if other is None:
            score.others.append(f"{key}: not asked on the stage")
            continue
        ours, theirs = list(plan.nodes()), list(other.nodes())
        same = list(map(_what, ours)) == list(map(_what, theirs))
        rows = same and all(_rows(a) == _rows(b) for a, b in zip(ours, theirs, strict=True))
        costs = same and all(a.estimate == b.estimate for a, b in zip(ours, theirs, strict=True))
        score.shape += same
        score.rows += rows
        score.costs += costs
        pair = sorted((max(_cost(plan), 0.01), max(_cost(other), 0.01)))
        score.ratios.append(pair[1] / pair[0])
        if not costs:
            what = "another plan" if not same else "other costs" if rows else "other rows"
            score.others.append(
                f"{key}: {what}, cost {_cost(plan):,.2f} and {_cost(other):,.2f}"
                + ("" if same else f": {_first(ours, theirs)}")
            )
    return score


def _first(ours: list[Node], theirs: list[Node]) -> str:
    """Return in words where two plans part."""
    here, there = next(
        ((a, b) for a, b in zip(ours, theirs, strict=False) if _what(a) != _what(b)),
        (ours[-1], theirs[-1]),
    )
    return f"{_words(here)} and {_words(there)}"


def _words(node: Node) -> str:
    of = node.index or (node.relation.name if node.relation else "")
    return f"{node.type} {of}".strip()


def _what(node: Node) -> tuple[object, ...]:
    return node.type, node.index, node.relation, node.join_type, node.strategy


def _rows(node: Node) -> float | None:
    return node.estimate.rows if node.estimate else None


def _cost(plan: Plan) -> float:
    return plan.root.estimate.total_cost if plan.root.estimate else 0.0
