"""What a plan comes to: rows read, buffers of each node alone, spills, estimates that missed.

EXPLAIN prints rows per loop and buffers with those of everything beneath. Here loops are counted
in, and each buffer belongs to one node: what an InitPlan or a CTE touched is inside the node that
first asked for it, not inside the one that it is printed under, so it is taken out there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.plan import Buffers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.plan import Node, Plan, Worker

_WRITES = "ModifyTable"
_BITMAP = "Bitmap Index Scan"
_BITMAP_HEAP = "Bitmap Heap Scan"
_ASIDE = ("InitPlan", "SubPlan")
# What must have read all of its input before it gives a row.
_BLOCKING = frozenset(("Sort", "Hash", "Aggregate", "Bitmap Index Scan", "SetOp", "ModifyTable"))
_EARLY_JOINS = frozenset(("Semi", "Anti", "Right Semi"))
_ROUNDED = 0.5  # before 18 rows per loop are printed as whole numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Spill:
    """A node that wrote temporary files, and how many kB."""

    node: Node
    kilobytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A node whose rows the planner guessed wrong by a factor; rows are per loop."""

    node: Node
    factor: float
    estimated: float
    actual: float


def rows_of(node: Node) -> float:
    """Return the rows that a node returned, over all loops."""
    return node.actual.rows * node.actual.loops if node.actual else 0.0


def rows_read(node: Node) -> float:
    """Return the rows that a node itself read from a table, those it threw away among them.

    For a Bitmap Heap Scan that is the entries that the indexes beneath found, where they are more.
    """
    if node.relation is None or node.type in (_WRITES, _BITMAP) or node.actual is None:
        return 0.0
    thrown = node.removed.filter + node.removed.index_recheck if node.removed else 0.0
    read = (node.actual.rows + thrown) * node.actual.loops
    if node.type == _BITMAP_HEAP:
        below = [inner for inner in node.walk() if inner.type == _BITMAP]
        read = max(read, sum(map(rows_of, below)))
    return read


def total_rows_read(plan: Plan) -> float:
    """Return the rows read by all scans of a plan."""
    return sum(map(rows_read, plan.nodes()))


def total_buffers(plan: Plan) -> Buffers:
    """Return the buffers that the whole plan touched."""
    return plan.root.buffers or Buffers()


def own_buffers(plan: Plan) -> dict[int, Buffers]:
    """Return what each node touched by itself, by its number; they add up to the whole."""
    own: dict[int, Buffers] = {}
    for node in plan.nodes():
        below = [c.buffers for c in node.children if c.buffers and c.relationship != "InitPlan"]
        own[node.number] = sum((b for b in below), start=Buffers())
        own[node.number] = (node.buffers or Buffers()) - own[node.number]
    for node in plan.nodes():
        for aside in node.children:
            if aside.relationship == "InitPlan" and aside.buffers:
                _take_out(aside.buffers, node, aside, own)
    return own


def spills(plan: Plan) -> list[Spill]:
    """Return the nodes that wrote temporary files, the largest first."""
    own = own_buffers(plan)
    found = [
        Spill(node=node, kilobytes=kilobytes)
        for node in plan.nodes()
        if (kilobytes := max(own[node.number].temp * 8, _on_disk(node)))
    ]
    return sorted(found, key=lambda spill: -spill.kilobytes)


def misses(plan: Plan) -> list[Miss]:
    """Return how far each executed node's estimate was off, the worst first.

    A node that was not asked for all its rows (under a LIMIT, in a semi-join) can only have been
    estimated too low. Zero rows count as one, on both sides, as the planner counts them.
    """
    found = []
    for node, partial in _with_partial(plan.root, partial=False):
        if node.estimate is None or node.actual is None or not node.executed:
            continue
        if node.type in (_WRITES, "BitmapAnd", "BitmapOr"):
            continue  # their rows are not counted
        estimated = max(node.estimate.rows, 1.0)
        rounding = _ROUNDED if node.actual.loops > 1 and node.actual.rows % 1 == 0 else 0.0
        high = max(node.actual.rows + rounding, 1.0)
        low = max(node.actual.rows - rounding, 1.0)
        too_low = low / estimated
        too_high = 1.0 if partial else estimated / high
        factor = max(too_low, too_high, 1.0)
        found.append(
            Miss(node=node, factor=factor, estimated=node.estimate.rows, actual=node.actual.rows)
        )
    return sorted(found, key=lambda miss: -miss.factor)


def _with_partial(node: Node, *, partial: bool) -> Iterator[tuple[Node, bool]]:
    """Yield each node and whether it may have been left before its last row."""
    yield node, partial
    below = (partial and node.type not in _BLOCKING) or node.type == "Limit"
    for child in node.children:
        early = child.relationship in _ASIDE or _left_early(node, child)
        yield from _with_partial(child, partial=below or early)


def _left_early(node: Node, child: Node) -> bool:
    if node.type == "Merge Join":
        return True  # it ends with the shorter side
    if node.type == "Nested Loop" and child.relationship == "Inner":
        return bool(node.inner_unique) or node.join_type in _EARLY_JOINS
    return False


def _take_out(buffers: Buffers, above: Node, aside: Node, own: dict[int, Buffers]) -> None:
    """Take an InitPlan's buffers out of the nodes that asked for it."""
    inner = {node.number for node in aside.walk()}
    users = [
        node for node in above.walk() if node.number not in inner and _uses(node, aside.subplan)
    ]
    rest = buffers
    for user in [*users, above]:
        taken = rest if user is above else _least(rest, own[user.number])
        own[user.number] -= taken
        rest -= taken


def _uses(node: Node, subplan: str | None) -> bool:
    if subplan is None:
        return False
    if subplan.startswith("CTE "):
        return node.cte == subplan.removeprefix("CTE ")
    # `InitPlan 1 (returns $0,$1)` up to 16; since 17 `InitPlan 1`, told as `(InitPlan 1).col1`.
    names = re.findall(r"\$\d+", subplan) or [subplan.split(" (")[0]]
    texts = [*node.conditions.values(), *(t for some in node.lists.values() for t in some)]
    return any(re.search(rf"{re.escape(name)}(?!\d)", text) for name in names for text in texts)


def _least(one: Buffers, other: Buffers) -> Buffers:
    names = Buffers.__slots__
    return Buffers(**{n: max(0, min(getattr(one, n), getattr(other, n))) for n in names})


def _on_disk(node: Node) -> int:
    """Return what a node says itself of its files, in kB."""
    holders: list[Node | Worker] = [node, *node.workers]
    said = [0]
    for holder in holders:
        if holder.sorting and holder.sorting.space_type == "Disk":
            said.append(holder.sorting.space_used or 0)
        if holder.memory:
            said.append(holder.memory.disk or 0)
            if holder.memory.storage == "Disk":
                said.append(holder.memory.maximum_storage or 0)
    return max(said)
