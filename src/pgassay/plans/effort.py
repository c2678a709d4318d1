"""Expectations about what a query costs: rows read, buffers, sorts, spills, guesses, joins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.plans.ground import Ground, Problem
from pgassay.plans.measure import misses, rows_of, spills, total_buffers
from pgassay.plans.tree import headline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.plan import Node, Plan
    from pgassay.plans.query import (
        EstimatesWithin,
        Joins,
        NoSort,
        NoSpill,
        RowsPerRow,
        RowsRead,
        SharedBuffers,
    )

_TRIFLE = 100  # rows: sorted in no time; the planner is right not to care for their order
_FEW = 10  # rows: a guess of 1 where there are 8 misleads nobody
_JOINS = frozenset(("Nested Loop", "Hash Join", "Merge Join"))
_SORTS = frozenset(("Sort", "Incremental Sort"))


def rows_returned(plan: Plan) -> float:
    """Return the rows that a statement gave back, or wrote where it gives none."""
    root = plan.root
    if root.type == "ModifyTable" and rows_of(root) == 0:
        return sum(rows_of(child) for child in root.children if child.relationship == "Outer")
    return rows_of(root)


def rows_per_row(ground: Ground, wanted: RowsPerRow) -> Iterator[Problem]:
    """Judge how many rows are read for each that is returned; none returned counts as one."""
    returned = rows_returned(ground.plan)
    read = ground.counted_rows()
    if read > wanted.most * max(returned, 1.0):
        each = read / max(returned, 1.0)
        yield _too_many_rows(
            ground,
            f"reads {each:,.1f} rows for each row returned",
            f"{read:,.0f} rows read, {returned:,.0f} returned",
        )


def rows_read_at_most(ground: Ground, wanted: RowsRead) -> Iterator[Problem]:
    """Judge how many rows are read."""
    read = ground.counted_rows()
    if read > wanted.most:
        yield _too_many_rows(ground, f"reads {read:,.0f} rows", f"{read:,.0f} rows read")


def shared_buffers(ground: Ground, wanted: SharedBuffers) -> Iterator[Problem]:
    """Judge how many shared buffers are touched, those of excused scans aside."""
    touched = total_buffers(ground.plan).shared
    if touched <= wanted.most:
        return
    touched -= sum(ground.own[number].shared for number in ground.excused)
    if touched <= wanted.most:
        return
    node = max(ground.plan.nodes(), key=lambda node: ground.own[node.number].shared)
    yield Problem(
        title=f"touches {touched:,} shared buffers",
        found=f"{touched:,}, of them {ground.own[node.number].shared:,} by {headline(node)}",
        nodes=(node,),
        fix=ground.remedy.of_access(node),
    )


def no_spill(ground: Ground, wanted: NoSpill) -> Iterator[Problem]:
    """Judge that nothing goes to temporary files."""
    del wanted
    for spill in spills(ground.plan):
        yield Problem(
            title=f"{spill.node.type} spills to disk",
            found=f"{headline(spill.node)} wrote temporary files of {spill.kilobytes:,} kB",
            nodes=(spill.node,),
            fix="an index that gives the order, fewer rows, or more work_mem for this query",
        )


def no_sort(ground: Ground, wanted: NoSort) -> Iterator[Problem]:
    """Judge that the order comes from an index."""
    del wanted
    for node in ground.plan.nodes():
        if node.type not in _SORTS or not node.executed:
            continue
        below = [inner for inner in node.walk() if inner.relation]
        rows = sum(map(rows_of, node.children))
        if rows <= _TRIFLE:
            continue
        if below and ground.is_small(below):
            ground.tell_small(below)
            continue
        yield Problem(
            title=f"sorts {rows:,.0f} rows",
            found=f"{node.type} by {', '.join(node.sorting.key if node.sorting else ())}",
            nodes=(node,),
            fix=ground.remedy.of_access(below[0]) if below else "",
        )


def estimates(ground: Ground, wanted: EstimatesWithin) -> Iterator[Problem]:
    """Judge how far the planner's guesses of rows are off; the worst node is shown."""
    for miss in misses(ground.plan):
        if miss.factor <= wanted.factor:
            return
        if max(miss.estimated, miss.actual) > _FEW:
            yield Problem(
                title=f"rows guessed wrong by {miss.factor:,.0f} times",
                found=f"{headline(miss.node)}: {miss.estimated:,.0f} rows estimated, "
                f"{miss.actual:,.0f} found",
                nodes=(miss.node,),
                fix=ground.remedy.of_estimate(miss.node),
            )
            return


def joins(ground: Ground, wanted: Joins) -> Iterator[Problem]:
    """Judge which join methods occur."""
    for node in ground.plan.nodes():
        if node.type in _JOINS and node.type not in wanted.methods and node.executed:
            below = [inner for inner in node.walk() if inner.relation]
            if ground.is_small(below):
                ground.tell_small(below)
                continue
            if _few_rows_meet_a_small_table(ground, node):
                continue
            yield Problem(
                title=f"joins by {node.type}",
                found=f"{headline(node)}: {rows_of(node):,.0f} rows",
                nodes=(node,),
                fix=ground.remedy.of_estimate(node),
            )


def _few_rows_meet_a_small_table(ground: Ground, join: Node) -> bool:
    """Whether one side is a scan that is excused already, and the other brings few rows to it.

    Looking those up one by one would touch about as many pages as reading the table does.
    """
    sides = [[node for node in side.walk() if node.relation] for side in join.children]
    excused = [bool(side) and all(n.number in ground.excused for n in side) for side in sides]
    others = [
        child for child, is_excused in zip(join.children, excused, strict=True) if not is_excused
    ]
    return any(excused) and sum(map(rows_of, others)) <= _TRIFLE


def _too_many_rows(ground: Ground, title: str, found: str) -> Problem:
    node = ground.wasteful()
    return Problem(title=title, found=found, nodes=(node,), fix=ground.remedy.of_access(node))
