"""The shape of a plan: what it does, without what changes from night to night.

Left out are costs, counts, values, parameter numbers, aliases, and which months of a partitioned
table exist: a scan of three partitions has the shape of a scan of one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.plan import Node, Plan
    from pgassay.plans.places import Places

_GATHERING = ("Append", "Merge Append")
_PATTERNS = (
    # 'text'::type, with `::type` of one word, of two, or with a length; numbers; parameters.
    (
        re.compile(r"[EB]?'(?:[^']|'')*'(?:::[a-z_\"][\w\".]*(?: [a-z]+)*(?:\(\d+\))?(?:\[\])?)?"),
        "?",
    ),
    (re.compile(r"(?<![\w.$\"])-?\d+(?:\.\d+)?(?![\w\"])"), "?"),
    (re.compile(r"\$\d+"), "?"),
    (re.compile(r"\((?:hashed )?(?:InitPlan|SubPlan) (?:\d+|\?)\)(?:\.col(?:\d+|\?))?"), "?"),
)


def shape(plan: Plan, places: Places) -> tuple[str, ...]:
    """Return the lines of a plan's shape."""
    return tuple(_lines(plan.root, 0, places, None))


def indexes_of(plan: Plan, places: Places) -> tuple[str, ...]:
    """Return the indexes that a plan uses, those of whole tables, in alphabetical order."""
    above = {child.number: node for node in plan.nodes() for child in node.children}
    found = set()
    for node in plan.nodes():
        higher = above.get(node.number)
        while higher is not None and higher.relation is None:
            higher = above.get(higher.number)
        if (name := places.index_of(node, higher)) is not None:
            found.add(str(name))
    return tuple(sorted(found))


def _lines(node: Node, depth: int, places: Places, above: Node | None) -> Iterator[str]:
    if node.type in _GATHERING and node.children:
        parts = dict.fromkeys(tuple(_lines(c, depth, places, node)) for c in node.children)
        if len(parts) == 1:
            yield from next(iter(parts))
            return
    yield "  " * depth + " ".join(_words(node, places, above))
    below = node if node.relation is not None else above
    seen: set[tuple[str, ...]] = set()
    for child in node.children:
        lines = tuple(_lines(child, depth + 1, places, below))
        if node.type not in _GATHERING or lines not in seen:
            seen.add(lines)
            yield from lines


def _words(node: Node, places: Places, above: Node | None) -> Iterator[str]:
    yield node.operation if node.type == "ModifyTable" and node.operation else node.type
    if node.join_type and node.join_type != "Inner":
        yield node.join_type
    if node.type == "Aggregate" and node.strategy != "Plain":
        yield f"({node.strategy})"
    if node.scan_direction == "Backward":
        yield "Backward"
    if (index := places.index_of(node, above)) is not None:
        yield f"using {quote(index.name)}"
    if node.relation is not None:
        yield f"on {places.root(node.relation)}"
    elif node.cte or node.function:
        yield f"on {node.cte or node.function}"
    if node.subplan:
        yield f"as {re.split(r' [0-9(]', node.subplan)[0]}"
    alias = node.alias or (above.alias if above else None)
    for label, text in node.conditions.items():
        yield f"[{label}: {_normal(text, alias)}]"
    if node.sorting and node.sorting.key:
        yield f"[Sort Key: {', '.join(re.sub(r'^[^.]+[.]', '', key) for key in node.sorting.key)}]"


def _normal(text: str, alias: str | None) -> str:
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    for name in (alias, quote(alias)) if alias else ():
        text = re.sub(rf"(?<![\w\".]){re.escape(name)}\.", "", text)
    return text
