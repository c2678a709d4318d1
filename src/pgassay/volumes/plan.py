"""What was decided of each table and section of a volume."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.catalog import Column, Table
    from pgassay.core.statistics import ColumnStatistics
    from pgassay.volumes.profile import Formula, Reference, Section
    from pgassay.volumes.shape import Tie


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """How a column's values are dealt out.

    Attributes:
        statistics: what the planner is to find.
        listed: the values there can be, in order, where a type or a CHECK names them all.
        start: the first of numbers, in units of their scale.
        step: from one number to the next.
    """

    statistics: ColumnStatistics
    listed: tuple[str, ...] = ()
    start: int = 1
    step: int = 1


@dataclass(kw_only=True)
class SectionPlan:
    """What was decided of a section.

    Attributes:
        spec: what the profile says.
        group: the tie whose target's children the rows are; None for rows by the calendar.
        references: how each tie's row is chosen.
        formulas: columns that are computed from rows.
        distinct: ties that are distinct among siblings.
        spaced: ties that are distinct among all rows.
        numbered: texts that get the row's number.
        days: dates that count the days from the parent's first.
        dealt: columns whose values a parent (`siblings`) or the table has once each.
        siblings: see `dealt`.
        once: columns of content that must not repeat, so that each row of it is taken once.
        calm: predicates of unique indexes that only the first row of a parent may satisfy.
        most: no parent may have more children; None for no limit.
        least: no parent should have fewer, where the profile says nothing.
        excuse: why `most` is what it is.
        ranked: columns whose values are dealt out as their statistics say.
        frequent: ties whose rows are dealt out so.
        follows: columns that another one decides, and in which share of the rows.
        yields: why a column's statistics give way, by column.
    """

    spec: Section
    group: str | None = None
    references: dict[str, Reference] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)
    distinct: set[str] = field(default_factory=set)
    spaced: set[str] = field(default_factory=set)
    numbered: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    dealt: tuple[str, ...] = ()
    siblings: bool = False
    once: list[tuple[str, ...]] = field(default_factory=list)
    calm: list[str] = field(default_factory=list)
    most: int | None = None
    least: int = 0
    excuse: str = ""
    ranked: dict[str, Deal] = field(default_factory=dict)
    frequent: dict[str, ColumnStatistics] = field(default_factory=dict)
    follows: dict[str, tuple[str, float]] = field(default_factory=dict)
    yields: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class TablePlan:
    """What was decided of a table.

    Attributes:
        table: it.
        described: whether the profile speaks of it.
        fixed: whether it has as many rows at every scale.
        ties: its references, by name.
        names: the tie that a column is called by in paths.
        givers: the tie that a column gets its value from, and the column it is there.
        keys: columns that depend on the row's number alone.
        birth: the column that says when a row came about.
        partitions: the share of the rows in each partition, by its name.
    """

    table: Table
    described: bool
    fixed: bool
    ties: dict[str, Tie]
    names: dict[str, str]
    givers: dict[str, tuple[str, str]]
    keys: set[str] = field(default_factory=set)
    birth: Column | None = None
    partitions: Mapping[str, float] = field(default_factory=dict)
    sections: list[SectionPlan] = field(default_factory=list)

    def always(self, section: SectionPlan, name: str) -> bool:
        """Whether a reference always leads somewhere: it has to, or the profile says so."""
        told = section.references[name].null == 0.0
        return not self.ties[name].optional or name == section.group or told

    def tie(self, name: str, where: str) -> str:
        """Return the name of the tie that a column or a link is called by."""
        found = self.names.get(name)
        if found is None:
            raise ConfigError(
                f'"{name}" refers to nothing',
                where=f"{where}: {self.table.name}",
                expected=suggestion(name, self.names),
            )
        return found
