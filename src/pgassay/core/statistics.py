"""What the planner knows of a database: sizes and statistics, without a row of it.

Names and meanings are those of `pg_class`, `pg_stats` and `pg_stats_ext` (PostgreSQL documentation,
System Views).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName  # noqa: TC001 - dataclass fields

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnStatistics:
    """One row of `pg_stats`.

    Args:
        null: the share of NULL.
        width: bytes of a value that is not NULL, on average, as it is stored.
        distinct: different values; negative: as a share of the rows (`n_distinct`). 0 is unknown.
        common: how often the most common values occur, as shares of all rows, the largest first.
        correlation: between the order of the values and that of the rows, from -1 to 1; None for
            types without an order.
        values: the most common values as text, in the order of `common`; empty if not read.
        bounds: the bounds of the histogram as text; empty if not read.
        bins: how many bounds the histogram has, where they are not read.
        elements: the most common elements of arrays and lexemes of texts, as text, in order.
        element_shares: how often they occur, then the least, the most and the share of NULL.
        element_counts: the histogram of how many different elements a value has.
        lengths: the histogram of the lengths of ranges, and `empty` the share of empty ones.
        range_bounds: the histogram of the bounds of ranges.
        inherited: of a table with all its children; of a partitioned one always.
    """

    null: float = 0.0
    width: int = 0
    distinct: float = 0.0
    common: tuple[float, ...] = ()
    correlation: float | None = None
    values: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    bins: int = 0
    elements: tuple[str, ...] = ()
    element_shares: tuple[float, ...] = ()
    element_counts: tuple[float, ...] = ()
    lengths: tuple[float, ...] = ()
    empty: float | None = None
    range_bounds: tuple[str, ...] = ()
    inherited: bool = False

    def kinds(self, rows: float) -> float:
        """Return how many different values so many rows have; 0 is unknown."""
        found = -self.distinct * rows if self.distinct < 0 else self.distinct
        return min(found, rows * (1 - self.null)) if rows else 0.0

    def without_values(self) -> ColumnStatistics:
        """Return the same without a value of the database."""
        return replace(self, values=(), bounds=(), elements=(), range_bounds=())


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnKnown:
    """A column, and what is known of it.

    Args:
        readable: whether the role may SELECT it, without which `pg_stats` does not show it.
        statistics: None where there are none, or they may not be seen.
    """

    name: str
    type: str
    readable: bool
    statistics: ColumnStatistics | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Extended statistics of some columns.

    Args:
        columns: of which.
        distinct: how many different combinations, by columns (`ndistinct`).
        dependencies: to what degree some columns decide another, by columns, the last of which is
            the one decided (`dependencies`).
        readable: whether `pg_stats_ext` shows what was gathered.
    """

    name: str
    columns: tuple[str, ...]
    distinct: Mapping[tuple[str, ...], float]
    dependencies: Mapping[tuple[str, ...], float]
    readable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStatistics:
    """One table.

    Args:
        rows: `reltuples`; None where it was never analyzed or vacuumed.
        pages: `relpages`.
        outside: bytes that are stored out of line (TOAST).
        divided: whether it is partitioned and has no rows itself.
        parent: the partitioned table it is a partition of.
        secured: whether row security hides its statistics from this role.
    """

    name: QualifiedName
    rows: float | None
    pages: int = 0
    outside: int = 0
    divided: bool = False
    parent: QualifiedName | None = None
    secured: bool = False
    columns: tuple[ColumnKnown, ...] = ()
    together: tuple[Together, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStatistics:
    """Everything that was read, and by whom.

    Args:
        version: of the server, as a number (`server_version_num`).
        values: columns whose values were asked for, as `schema.table.column`.
    """

    database: str
    role: str
    version: int
    taken: str
    tables: tuple[TableStatistics, ...]
    values: tuple[str, ...] = ()

    def partitions_of(self, name: QualifiedName) -> tuple[TableStatistics, ...]:
        """Return the partitions with rows of their own below a table, at any depth."""
        found: list[TableStatistics] = []
        for table in self.tables:
            if table.parent == name:
                found += self.partitions_of(table.name) if table.divided else [table]
        return tuple(found)
