"""A plan that was only explained, as if it had run as the planner expects."""

from __future__ import annotations

from pgassay.core.plan import Estimate, Node, Plan
from pgassay.plans.assumed import as_expected, by_shape
from pgassay.plans.measure import rows_of
from pgassay.plans.query import HotQuery, NoSort, RowsRead, SharedBuffers, UsesIndex


def node(type_: str, rows: float, *children: Node, relationship: str | None = None) -> Node:
    return Node(
        type=type_, estimate=Estimate(rows=rows), children=children, relationship=relationship
    )


def test_the_inner_side_runs_once_for_each_outer_row() -> None:
    outer = node("Seq Scan", 50, relationship="Outer")
    inner = node("Index Scan", 3, relationship="Inner")
    root = as_expected(Plan(root=node("Nested Loop", 150, outer, inner))).root
    assert [rows_of(child) for child in root.children] == [50, 150]
    assert all(n.executed for n in root.walk())


def test_only_what_a_plan_decides_is_kept() -> None:
    kept, left = (UsesIndex(names=("i",)), NoSort()), (RowsRead(most=1), SharedBuffers(most=1))
    query = HotQuery(name="q", title="q", sql="select", expectations=(*kept, *left))
    assert by_shape(query).expectations == kept
