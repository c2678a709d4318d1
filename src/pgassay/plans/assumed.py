"""A plan that was only explained, as if it had run just as the planner expects.

So what judges a plan's shape judges this one too: which index, which partitions, what is read from
end to end, sorted, joined how. What only an execution counts is not judged: buffers, rows thrown
away, spills, wrong estimates, growth.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.plan import Actual
from pgassay.plans.query import Joins, NoSequentialScan, NoSort, Partitions, UsesIndex

if TYPE_CHECKING:
    from pgassay.core.plan import Node, Plan
    from pgassay.plans.query import Expectation, HotQuery

BY_SHAPE: tuple[type[Expectation], ...] = (UsesIndex, NoSequentialScan, Partitions, NoSort, Joins)
"""The expectations that a plan alone decides."""


def by_shape(query: HotQuery) -> HotQuery:
    """Return a query with those of its expectations that its plan alone decides."""
    kept = tuple(e for e in query.expectations if isinstance(e, BY_SHAPE))
    return replace(query, expectations=kept)


def as_expected(plan: Plan) -> Plan:
    """Return a plan whose counts are the planner's estimates."""
    return replace(plan, root=_node(plan.root, 1.0))


def _node(node: Node, loops: float) -> Node:
    rows = node.estimate.rows if node.estimate else 0.0
    children = []
    outer = 1.0
    for child in node.children:
        inner = node.type == "Nested Loop" and child.relationship == "Inner"
        again = node.type != "Nested Loop" and child.relationship == "SubPlan"
        times = loops * (max(outer, 1.0) if inner else max(rows, 1.0) if again else 1.0)
        children.append(_node(child, times))
        if child.relationship == "Outer" and child.estimate:
            outer = child.estimate.rows
    return replace(node, actual=Actual(rows=rows, loops=loops), children=tuple(children))
