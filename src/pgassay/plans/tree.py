"""A plan as text, near to what EXPLAIN prints, with what matters on each line and a mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.names import quote
from pgassay.plans.measure import own_buffers, rows_of, rows_read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgassay.core.plan import Buffers, Node, Plan

_MARK = "=> "
_HIDDEN = ("Output", "Hash Keys")


def tree(plan: Plan, marked: Collection[int] = ()) -> tuple[str, ...]:
    """Return the lines of a plan; those of the nodes in `marked` begin with `=>`."""
    own = own_buffers(plan)
    lines = list(_lines(plan.root, 0, own, frozenset(marked)))
    lines += [f"   settings: {name} = {value}" for name, value in plan.settings.items()]
    return tuple(lines)


def headline(node: Node) -> str:
    """Return what a node is, in one line: `Index Scan using i on t`."""
    words = [f"Parallel {node.type}" if node.parallel_aware else node.type]
    if node.type == "ModifyTable" and node.operation:
        words = [node.operation]
    if node.join_type and node.join_type != "Inner":
        words.append(f"{node.join_type} Join")
    if node.type == "Aggregate" and node.strategy and node.strategy != "Plain":
        words.append(f"({node.strategy})")
    if node.scan_direction == "Backward":
        words.append("Backward")
    if node.index:
        words.append(f"{'on' if node.relation is None else 'using'} {quote(node.index)}")
    if node.relation is not None:
        words.append(f"on {node.relation if node.relation.schema else quote(node.relation.name)}")
        if node.alias and node.alias != node.relation.name:
            words.append(quote(node.alias))
    elif node.cte or node.function:
        words.append(f"on {node.cte or node.function}")
    return " ".join(words)


def _lines(
    node: Node, depth: int, own: dict[int, Buffers], marked: frozenset[int]
) -> Iterator[str]:
    margin = _MARK if node.number in marked else "   "
    indent = "  " * depth
    aside = f"{node.subplan}: " if node.subplan else ""
    yield f"{margin}{indent}{aside}{headline(node)}  ({'; '.join(_figures(node, own))})"
    for line in details(node):
        yield f"   {indent}    {line}"
    for child in node.children:
        yield from _lines(child, depth + 1, own, marked)


def _figures(node: Node, own: dict[int, Buffers]) -> Iterator[str]:
    estimated = f"{node.estimate.rows:,.0f} estimated" if node.estimate else ""
    if node.actual is None:
        yield f"rows {estimated}".strip()
        if node.estimate:
            yield f"cost {node.estimate.total_cost:,.2f}"
        return
    if not node.executed:
        yield "never executed"
        return
    loops = f" in {node.actual.loops:,.0f} loops" if node.actual.loops > 1 else ""
    each = " each" if loops and estimated else ""
    yield f"rows {rows_of(node):,.0f}{loops}, {estimated}{each}".removesuffix(", ")
    if (read := rows_read(node)) > rows_of(node):
        yield f"read {read:,.0f}"
    if shared := own[node.number].shared:
        yield f"buffers {shared:,}"
    if temp := own[node.number].temp:
        yield f"temporary {temp * 8:,} kB"


def details(node: Node) -> Iterator[str]:
    """Yield what a node asks and sorts by, one a line."""
    for label, text in node.conditions.items():
        yield f"{label}: {text}"
    for label, texts in node.lists.items():
        if label not in _HIDDEN:
            yield f"{label}: {', '.join(texts)}"
    if node.sorting and node.sorting.key:
        yield f"Sort Key: {', '.join(node.sorting.key)}"
    if node.heap and node.heap.fetches:
        yield f"Heap Fetches: {node.heap.fetches:,}"
    if node.subplans_removed:
        yield f"Subplans Removed: {node.subplans_removed}"
