"""The words of a volume: how many rows, of which parents, at which times, with which values.

A profile describes what differs from what is derived from the catalog (`plan`). Names are those
of the profile's file; `reading` holds them against the catalog.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.core.statistics import ColumnStatistics

ROWS = 20_000
POOL = 500
SHAPES = ("even", "tail", "zipf")
WORKING_WEEK = (1.0, 1.05, 1.05, 1.0, 0.9, 0.45, 0.4)
WAKING_DAY = (
    *(0.25, 0.15, 0.1, 0.1, 0.1, 0.2, 0.4, 0.7, 1.0, 1.3, 1.5, 1.5),
    *(1.3, 1.3, 1.4, 1.5, 1.5, 1.4, 1.2, 1.1, 1.1, 1.0, 0.8, 0.5),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The span of time that rows come from, and their rhythm in it.

    Args:
        start: the first moment; None takes that of the partitions that exist.
        end: the first moment after it.
        growth: how many times as many rows a day at the end as at the beginning.
        week: weights of the days, Monday first.
        day: weights of the 24 hours.
    """

    start: datetime | None = None
    end: datetime | None = None
    growth: float = 2.0
    week: tuple[float, ...] = WORKING_WEEK
    day: tuple[float, ...] = WAKING_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How many children parents have.

    Args:
        mean: of all parents, those without any included.
        none: the share of parents without any.
        least: the fewest of a parent that has any.
        most: the largest number.
        shape: `even`, `tail` (log-normal), `zipf`, or `steps`, which statistics lead to.
        tail: sigma of the log-normal, or the exponent.
        steps: how many children are the first of their parent, the second, and so on, as shares
            of all children.
    """

    mean: float = 1.0
    none: float = 0.0
    least: int | None = None
    most: int | None = None
    shape: str = "tail"
    tail: float = 1.0
    steps: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Which row a column refers to.

    At most one of `source`, `within` and `earlier` is given; otherwise any parent that was there
    by then is drawn.

    Args:
        table: what it refers to, where no foreign key says so.
        of: sections of that table that are referred to; all of them if empty.
        skew: the exponent of Zipf's law by which some parents have more children.
        never: the share of parents that no row refers to.
        null: the share of rows that refer to nothing.
        source: the same row as another path of references ends at.
        within: a path to an ancestor that the row referred to belongs to as well (`.`: the row
            itself is the ancestor).
        distinct: among the rows of one parent, no two refer to the same.
        place: of those within, the one at this place (0 the first, -1 the last).
        earlier: an earlier row of the same table, of the same parent where rows are grouped.
        first: only rows from this place among their siblings refer to something.
    """

    table: QualifiedName | None = None
    of: tuple[str, ...] = ()
    skew: float = 0.0
    never: float = 0.0
    null: float | None = None
    source: str | None = None
    within: str | None = None
    distinct: bool = False
    place: int | None = None
    earlier: bool = False
    first: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A column that is computed from the rows around it; exactly one is given.

    Args:
        position: counts the rows of one parent, from this number.
        source: what a column at the end of a path of references holds.
        count: how many rows of `table.column` refer to this row.
        total: the sum of `table.column` over the rows of the same parent.
        running: the sum of a column over the rows of the same parent up to this one.
        add: the sum of columns of this row.
        first: true for the first row of each parent, for this share of parents.
        same: true where two paths end at the same row.
        of: for `count` and `total`, the path to the parent in question (the row itself).
    """

    position: int | None = None
    source: str | None = None
    count: str | None = None
    total: str | None = None
    running: str | None = None
    add: tuple[str, ...] = ()
    first: float | None = None
    same: tuple[str, str] | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows of a table that came about in one way.

    Args:
        name: what other sections call it.
        rows: how many, at the scale of 1; with `per`, of all parents together.
        per: the reference whose rows these are the children of; they stand together, in order.
        of: sections of the parent that have such children; all of them if empty.
        spread: how many children a parent has.
        delay: the mean time between a parent and its first child, and from child to child; None
            spreads them over the rest of the period.
        references: by column (any of a key's), or by the name of a link that no column holds.
        formulas: by column.
        weights: how often a column has which value, by column.
        nulls: the share of NULL, by column.
        values: a value for all rows, by column; None is NULL.
        statistics: what the planner is to find, by column, where nothing else decides it.
    """

    name: str = "rows"
    rows: int | None = None
    per: str | None = None
    of: tuple[str, ...] = ()
    spread: Spread = field(default_factory=Spread)
    delay: timedelta | None = None
    references: Mapping[str, Reference] = field(default_factory=dict)
    formulas: Mapping[str, Formula] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    nulls: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    statistics: Mapping[str, ColumnStatistics] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Extended statistics of some columns: how many combinations there are, or who decides whom.

    Args:
        columns: which.
        distinct: how many combinations; negative as a share of the rows.
        decides: a column that they decide.
        degree: in which share of the rows they do.
    """

    columns: tuple[str, ...]
    distinct: float | None = None
    decides: str | None = None
    degree: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableVolume:
    """One table: its sections, in the order in which their rows stand in each chunk.

    Args:
        name: it.
        sections: see there.
        fixed: whether it has as many rows at every scale.
        counted: whether no more is said than how many rows there are and what their statistics
            are; how they come about follows from the catalog.
        partitions: the share of the rows in each partition, by its name.
        together: extended statistics.
    """

    name: QualifiedName
    sections: tuple[Section, ...]
    fixed: bool = False
    counted: bool = False
    partitions: Mapping[str, float] = field(default_factory=dict)
    together: tuple[Joint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A volume as it is asked for.

    Args:
        name: what it is called.
        scale: how many times the described number of rows.
        rows: rows of a table that is not described, at the scale of 1.
        pool: how many rows of content are drawn for a table at most.
        seed: decides all that is random; None leaves it to the command.
        period: the time that rows come from.
        tables: what is described.
        taken: the file was taken from a database, and stands for itself.
    """

    name: str
    scale: float = 1.0
    rows: int = ROWS
    pool: int = POOL
    seed: int | None = None
    period: Period = field(default_factory=Period)
    tables: Mapping[QualifiedName, TableVolume] = field(default_factory=dict)
    taken: bool = False

    @property
    def asks(self) -> bool:
        """Whether it says which statistics the planner is to find."""
        return any(s.statistics for table in self.tables.values() for s in table.sections)
