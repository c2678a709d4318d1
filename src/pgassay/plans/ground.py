"""What every judge of a plan stands on: the plan, the catalog, sizes, what another plan shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName
from pgassay.core.plan import Plan
from pgassay.plans.measure import own_buffers, rows_of, rows_read, total_rows_read
from pgassay.plans.remedy import Remedy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgassay.core.plan import Node
    from pgassay.plans.places import Places, Size
    from pgassay.plans.query import HotQuery, PlanMode

SMALL = 64
"""Pages (8 kB each) up to which reading a whole table may be right whatever its indexes."""

SEQUENTIAL = "Seq Scan"

WhatIf = Callable[[QualifiedName | None], Plan | None]
"""The plan with sequential scans off and, where an index is given, its table's others hidden.

None where the server does not allow to try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One plan of a query, with everything that judging it needs.

    Args:
        run: typical, heaviest or absent.
        mode: custom or generic.
        plan: as EXPLAIN (ANALYZE, BUFFERS) gave it.
        script: what shows it again in psql.
        what_if: tries another plan.
        shown: the plan as people are to see it, where `plan` has estimates for what was counted.
    """

    run: str
    mode: PlanMode
    plan: Plan
    script: tuple[str, ...] = ()
    what_if: WhatIf = field(default=lambda _: None, compare=False)
    shown: Plan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a plan does not keep of one expectation; `nodes` are marked in the tree."""

    title: str
    found: str
    nodes: tuple[Node, ...] = ()
    fix: str = ""
    evidence: tuple[str, ...] = ()


class Ground:
    """One plan and what is known around it; gathers what is told without being a finding."""

    def __init__(
        self,
        query: HotQuery,
        measured: Measured,
        places: Places,
        sizes: Mapping[QualifiedName, Size],
    ) -> None:
        self.query, self.measured = query, measured
        self.plan = measured.plan
        self.places, self.sizes = places, sizes
        self.remedy = Remedy(self.plan, places, sizes)
        self.own = own_buffers(self.plan)
        self.told: list[str] = []

    def scans(self) -> Iterator[Node]:
        """Yield the nodes that read a table."""
        return (n for n in self.plan.nodes() if n.relation and n.type != "ModifyTable")

    def root(self, node: Node) -> QualifiedName | None:
        """Return the table that a node reads, the whole where it reads a partition."""
        return self.places.root(node.relation) if node.relation else None

    @cached_property
    def excused(self) -> frozenset[int]:
        """Sequential scans of tables so small that they are right, as another plan shows."""
        small = [
            node
            for node in self.plan.nodes()
            if node.type == SEQUENTIAL and node.executed and self.is_small((node,))
        ]
        forced = self.measured.what_if(None) if small else None
        if forced is None:
            return frozenset()
        still = {n.relation for n in forced.nodes() if n.type == SEQUENTIAL}
        found = [node for node in small if node.relation not in still]
        self.tell_small(found)
        return frozenset(node.number for node in found)

    def counted_rows(self) -> float:
        """Return the rows read, without those of scans that are excused."""
        excused = sum(rows_read(n) for n in self.plan.nodes() if n.number in self.excused)
        return total_rows_read(self.plan) - excused

    def wasteful(self) -> Node:
        """Return the node that threw most rows away; if none did, the one that read most."""
        nodes = list(self.plan.nodes())
        return max(nodes, key=lambda node: (rows_read(node) - rows_of(node), rows_read(node)))

    def is_small(self, nodes: Iterable[Node]) -> bool:
        """Whether all relations together are so small that an index may not be worth it."""
        relations = {node.relation for node in nodes if node.relation}
        sizes = [self.sizes.get(relation) for relation in relations]
        return all(s is not None for s in sizes) and sum(s.pages for s in sizes if s) <= SMALL

    def tell_small(self, nodes: Iterable[Node], index: QualifiedName | None = None) -> None:
        """Say that small tables are read from end to end, and rightly."""
        could = f" ({index.name} could serve)" if index else ""
        for relation in dict.fromkeys(n.relation for n in nodes if n.relation):
            size = self.sizes.get(relation)
            if size is not None and size.pages:  # of an empty one there is nothing to tell
                pages = f"{size.pages:,} {'page' if size.pages == 1 else 'pages'}"
                self.told.append(f"{relation} has {pages}: reading all of it is right{could}")

    def index_of(self, node: Node, plan: Plan | None = None) -> QualifiedName | None:
        """Return the index that a node uses, the whole table's where it is a partition's."""
        return self.places.index_of(node, self._above(node, plan or self.plan))

    def holder(self, node: Node) -> Node:
        """Return the node that reads the table: for a Bitmap Index Scan, the one above it."""
        return node if node.relation else self._above(node, self.plan) or node

    def _above(self, node: Node, plan: Plan) -> Node | None:
        above = {child.number: n for n in plan.nodes() for child in n.children}
        higher = above.get(node.number)
        while higher is not None and higher.relation is None:
            higher = above.get(higher.number)
        return higher
