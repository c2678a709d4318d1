"""A plan: what EXPLAIN (FORMAT JSON) says, as typed nodes.

Names are PostgreSQL's own (Using EXPLAIN; src/backend/commands/explain.c of 16 to 18). Counts of a
node are as the server prints them: rows per loop, buffers with those of the nodes beneath. What
they come to is worked out in `pgassay.plans`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName  # noqa: TC001 - a field of a dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.core.codec import Json

NODE_TYPES = frozenset(
    (
        "Result",
        "ProjectSet",
        "ModifyTable",
        "Append",
        "Merge Append",
        "Recursive Union",
        "BitmapAnd",
        "BitmapOr",
        "Nested Loop",
        "Merge Join",
        "Hash Join",
        "Seq Scan",
        "Sample Scan",
        "Gather",
        "Gather Merge",
        "Index Scan",
        "Index Only Scan",
        "Bitmap Index Scan",
        "Bitmap Heap Scan",
        "Tid Scan",
        "Tid Range Scan",
        "Subquery Scan",
        "Function Scan",
        "Table Function Scan",
        "Values Scan",
        "CTE Scan",
        "Named Tuplestore Scan",
        "WorkTable Scan",
        "Foreign Scan",
        "Custom Scan",
        "Materialize",
        "Memoize",
        "Sort",
        "Incremental Sort",
        "Group",
        "Aggregate",
        "WindowAgg",
        "Unique",
        "SetOp",
        "LockRows",
        "Limit",
        "Hash",
    )
)  # fmt: skip
"""Every node type that explain.c of 16 to 18 can print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffers:
    """Pages of 8 kB, by where they were and what became of them (EXPLAIN, BUFFERS)."""

    shared_hit: int = 0
    shared_read: int = 0
    shared_dirtied: int = 0
    shared_written: int = 0
    local_hit: int = 0
    local_read: int = 0
    local_dirtied: int = 0
    local_written: int = 0
    temp_read: int = 0
    temp_written: int = 0

    @property
    def shared(self) -> int:
        """Shared buffers touched, wherever they were: the same on a cold and a warm cache."""
        return self.shared_hit + self.shared_read

    @property
    def temp(self) -> int:
        """Pages of temporary files, written or read, whichever is more."""
        return max(self.temp_read, self.temp_written)

    def __add__(self, other: Buffers) -> Buffers:
        return self._with(other, 1)

    def __sub__(self, other: Buffers) -> Buffers:
        return self._with(other, -1)

    def _with(self, other: Buffers, sign: int) -> Buffers:
        names = [f.name for f in fields(Buffers)]
        return Buffers(**{n: getattr(self, n) + sign * getattr(other, n) for n in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wal:
    """What was written to the write-ahead log (EXPLAIN, WAL)."""

    records: int = 0
    full_page_images: int = 0
    bytes: int = 0
    buffers_full: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the planner expected: costs in its own unit, rows per loop, bytes per row."""

    startup_cost: float = 0.0
    total_cost: float = 0.0
    rows: float = 0.0
    width: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """What happened: rows per loop (whole numbers before 18), loops; times where TIMING was on."""

    rows: float = 0.0
    loops: float = 0.0
    startup_ms: float | None = None
    total_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Rows per loop that were read and thrown away, by what threw them away."""

    filter: float = 0.0
    index_recheck: float = 0.0
    join_filter: float = 0.0
    conflict_filter: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """How a Sort or an Incremental Sort went; space in kB."""

    key: tuple[str, ...] = ()
    presorted_key: tuple[str, ...] = ()
    method: str | None = None
    space_used: int | None = None
    space_type: str | None = None
    full_sort_groups: Mapping[str, Json] | None = None
    presorted_groups: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a Hash, a hashed Aggregate, a Memoize or a tuple store held; sizes in kB."""

    peak: int | None = None
    disk: int | None = None
    hash_buckets: int | None = None
    original_hash_buckets: int | None = None
    hash_batches: int | None = None
    original_hash_batches: int | None = None
    hashagg_batches: int | None = None
    planned_partitions: int | None = None
    storage: str | None = None
    maximum_storage: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memoized:
    """How a Memoize node's cache did."""

    key: str | None = None
    mode: str | None = None
    hits: int = 0
    misses: int = 0
    evictions: int = 0
    overflows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Modified:
    """What a ModifyTable node did."""

    conflict_resolution: str | None = None
    conflict_arbiters: tuple[str, ...] = ()
    inserted: float = 0.0
    updated: float = 0.0
    deleted: float = 0.0
    skipped: float = 0.0
    conflicting: float = 0.0
    targets: tuple[Mapping[str, Json], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """How a table was visited on behalf of an index."""

    fetches: int | None = None
    exact_blocks: int | None = None
    lossy_blocks: int | None = None
    index_searches: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Parallel workers of a Gather or Gather Merge."""

    workers_planned: int = 0
    workers_launched: int | None = None
    single_copy: bool = False
    params_evaluated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """TABLESAMPLE."""

    method: str | None = None
    parameters: tuple[str, ...] = ()
    seed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What one parallel worker says of a node."""

    number: int = 0
    actual: Actual | None = None
    buffers: Buffers | None = None
    wal: Wal | None = None
    sorting: Sorting | None = None
    memory: Memory | None = None
    memoized: Memoized | None = None
    heap: Heap | None = None
    others: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node of a plan.

    Args:
        number: its place in the plan, counted from 0 in the order of the printed tree.
        type: the node type, also one that is not in `NODE_TYPES`.
        relationship: what it is to the node above: Outer, Inner, Member, InitPlan, SubPlan, …
        relation: the table or partition; its schema is empty where EXPLAIN was not VERBOSE.
        conditions: what rows must satisfy, by the server's label: Index Cond, Filter, Hash Cond, …
        lists: lists of expressions by label: Output, Group Key, Order By, …
        others: what this reader has no field for, as it came.
        children: the nodes beneath, in order.
    """

    number: int = 0
    type: str
    relationship: str | None = None
    estimate: Estimate | None = None
    actual: Actual | None = None
    buffers: Buffers | None = None
    wal: Wal | None = None
    relation: QualifiedName | None = None
    alias: str | None = None
    index: str | None = None
    scan_direction: str | None = None
    strategy: str | None = None
    partial_mode: str | None = None
    operation: str | None = None
    command: str | None = None
    join_type: str | None = None
    inner_unique: bool | None = None
    parallel_aware: bool = False
    async_capable: bool = False
    disabled: bool = False
    subplan: str | None = None
    subplans_removed: int = 0
    cte: str | None = None
    function: str | None = None
    tuplestore: str | None = None
    provider: str | None = None
    window: str | None = None
    grouping_sets: tuple[Json, ...] = ()
    conditions: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    removed: Removed | None = None
    sorting: Sorting | None = None
    memory: Memory | None = None
    memoized: Memoized | None = None
    modified: Modified | None = None
    heap: Heap | None = None
    gathering: Gathering | None = None
    sampling: Sampling | None = None
    workers: tuple[Worker, ...] = ()
    others: Mapping[str, Json] = field(default_factory=dict)
    children: tuple[Node, ...] = ()

    @property
    def executed(self) -> bool:
        """Whether it ran at all; False also of a plan that was only explained."""
        return self.actual is not None and self.actual.loops > 0

    def walk(self) -> Iterator[Node]:
        """Yield it and all nodes beneath, in the order of the printed tree."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerCalls:
    """What one trigger was called for; those of foreign keys among them."""

    name: str | None = None
    constraint: str | None = None
    relation: str | None = None
    calls: float = 0.0
    ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One statement's plan.

    Args:
        root: the topmost node.
        settings: planner settings that are not the built-in ones.
        planning: buffers that planning touched.
        planning_memory: kB that planning used.
        planning_ms: told, never judged; execution_ms likewise.
        triggers: what was called.
        others: what this reader has no field for (JIT, Serialization, …), as it came.
    """

    root: Node
    settings: Mapping[str, str] = field(default_factory=dict)
    planning: Buffers | None = None
    planning_memory: int | None = None
    planning_ms: float | None = None
    execution_ms: float | None = None
    query_id: int | None = None
    triggers: tuple[TriggerCalls, ...] = ()
    others: Mapping[str, Json] = field(default_factory=dict)

    def nodes(self) -> Iterator[Node]:
        """Yield every node, in the order of the printed tree."""
        return self.root.walk()
