"""Exhibits: what a run saw that is no verdict, small enough to be kept and drawn. Each is an event.

Names are as people write them (`users`, `audit."Log"`), so that a report needs no catalog.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSeen:
    """A table of the database under test that is no partition.

    `kind` is ordinary, partitioned or foreign; `partition_key` is as `pg_get_partkeydef` has it.
    """

    system: str
    table: str
    kind: str = "ordinary"
    columns: int = 0
    partition_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionSeen:
    """A partition, its bound, and how many rows it has where they were counted.

    `since` and `until` are the ends of a range of time (ISO 8601, the upper one exclusive); None
    where the bound is another.
    """

    system: str
    table: str
    partition: str
    bound: str
    since: str | None = None
    until: str | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A table that a delete reaches through one foreign key.

    `fate` is what happens to its rows: deleted, set null, set default, refused. `columns` are the
    key's, or the part of them that is set; `via` is the table that the key refers to.
    """

    table: str
    fate: str
    columns: tuple[str, ...]
    key: str
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteReaches:
    """What a delete of one row of a table can reach, nearest first."""

    system: str
    table: str
    reaches: tuple[Reached, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One node of a plan, as it is shown.

    Args:
        text: what it is: `Index Scan using i on t`.
        estimated: rows that the planner expected of each loop.
        rows: rows of all loops together; None where it was never executed.
        loops: how often it ran.
        read: rows that it read; as many as it returned, or more.
        buffers: shared buffers that it touched itself, without those of the nodes beneath.
        hot: whether no other node touched more.
        details: conditions and keys, one a line.
        steps: the nodes beneath, in order.
    """

    text: str
    estimated: float | None = None
    rows: float | None = None
    loops: float = 1.0
    read: float = 0.0
    buffers: int = 0
    hot: bool = False
    details: tuple[str, ...] = ()
    steps: tuple[PlanStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSeen:
    """The plan of a hot query as it was executed; `asked` is the run and the kind of plan."""

    system: str
    query: str
    asked: str
    root: PlanStep
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWithout:
    """What one plan touched with all indexes, and without one."""

    query: str
    asked: str
    buffers: int
    without: int
    matters: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexTried:
    """An index was hidden: which plans changed, and what else needs it.

    `size` is in bytes, with those of all partitions.
    """

    system: str
    table: str
    index: str
    size: int
    constraint: str = ""
    foreign_keys: tuple[str, ...] = ()
    losses: tuple[QueryWithout, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumePoint:
    """What a plan counted where the largest table that it reads has so many rows."""

    rows: float
    returned: float
    buffers: float
    read: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthFitted:
    """How the buffers of a plan grow: `a + b·f(rows)`, f named by `growth`; `error` is relative."""

    system: str
    query: str
    asked: str
    growth: str
    a: float
    b: float
    error: float
    points: tuple[VolumePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NightBefore:
    """What a plan touched on an earlier night under the same conditions; `at` is ISO 8601."""

    system: str
    query: str
    asked: str
    at: str
    buffers: float
    ms: float = 0.0


Exhibit = (
    TableSeen | PartitionSeen | DeleteReaches | PlanSeen | IndexTried | GrowthFitted | NightBefore
)
