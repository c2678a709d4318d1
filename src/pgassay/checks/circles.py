"""Circles in a directed graph: its strongly connected components (Tarjan 1972), iteratively."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Node = TypeVar("Node")


def circles(edges: Mapping[Node, Collection[Node]]) -> Iterator[frozenset[Node]]:
    """Yield each set of two or more nodes that all lead to each other.

    Args:
        edges: the nodes that each node leads to.
    """
    number: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    for start in edges:
        if start in number:
            continue
        path = [(start, iter(edges.get(start, ())))]
        _enter(start, number, lowest, stack, on_stack)
        while path:
            node, further = path[-1]
            following = next(further, None)
            if following is None:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[node])
                if lowest[node] == number[node]:
                    component = _leave(node, stack, on_stack)
                    if len(component) > 1:
                        yield component
            elif following not in number:
                _enter(following, number, lowest, stack, on_stack)
                path.append((following, iter(edges.get(following, ()))))
            elif following in on_stack:
                lowest[node] = min(lowest[node], number[following])


def _enter(
    node: Node,
    number: dict[Node, int],
    lowest: dict[Node, int],
    stack: list[Node],
    on_stack: set[Node],
) -> None:
    number[node] = lowest[node] = len(number)
    stack.append(node)
    on_stack.add(node)


def _leave(node: Node, stack: list[Node], on_stack: set[Node]) -> frozenset[Node]:
    found = set()
    while True:
        one = stack.pop()
        on_stack.discard(one)
        found.add(one)
        if one == node:
            return frozenset(found)
