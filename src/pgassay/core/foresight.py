"""What ANALYZE would find in a volume that is not made: rows, and what a sample of them shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.names import QualifiedName


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnForeseen:
    """A column.

    Args:
        distinct: how many different values, NULL aside.
        common: how often the most frequent ones occur, as shares of all rows, the largest first.
        correlation: as `pg_stats` has it; None where the order of the values is not known.
        null: the share of NULL; None where it stays as it is.
        width: bytes of a value, on average; likewise.
        stated: whether a profile says all this, so that nothing of it is an estimate.
    """

    distinct: float
    common: tuple[float, ...] = ()
    correlation: float | None = None
    null: float | None = None
    width: int | None = None
    stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationForeseen:
    """A table, a partition, or a partitioned table with all of its rows."""

    rows: int
    columns: Mapping[str, ColumnForeseen] = field(default_factory=dict)


Foresight = dict["QualifiedName", RelationForeseen]
"""By relation: those that hold rows, and partitioned tables."""
