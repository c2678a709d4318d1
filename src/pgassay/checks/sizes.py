"""What the planner's statistics say of a table or a column, partitions taken together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pgassay.checks.ground import Ground
    from pgassay.core.names import QualifiedName
    from pgassay.core.statistics import ColumnStatistics


def rows_of(ground: Ground, name: QualifiedName) -> float:
    """Return how many rows a table has, those of its partitions among them; 0 if not known."""
    assert ground.statistics is not None
    for table in ground.statistics.tables:
        if table.name == name:
            parts = ground.statistics.partitions_of(name) if table.divided else (table,)
            return sum(part.rows or 0.0 for part in parts)
    return 0.0


def column_of(ground: Ground, name: QualifiedName, column: str) -> ColumnStatistics | None:
    """Return the statistics of a column, None where there are none to be seen."""
    assert ground.statistics is not None
    for table in ground.statistics.tables:
        if table.name == name:
            return next((c.statistics for c in table.columns if c.name == column), None)
    return None
