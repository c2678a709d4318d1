"""How near a volume is to the statistics it was asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One statistic: what was asked, what ANALYZE found, and how far apart they may be."""

    name: str
    asked: float
    got: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether it is within its tolerance."""
        return abs(self.asked - self.got) <= self.tolerance * (1 + 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnNearness:
    """The statistics of a column, or of a table as a whole (`column` is None).

    `yields` says what the statistics gave way to, where they did.
    """

    table: str
    column: str | None
    measures: tuple[Measure, ...]
    yields: str | None = None

    @property
    def missed(self) -> tuple[Measure, ...]:
        """What is not within its tolerance."""
        return tuple(measure for measure in self.measures if not measure.holds)
