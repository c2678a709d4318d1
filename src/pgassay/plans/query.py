"""A hot query: what is asked, with which values, and what its plan must keep to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

RUNS = ("typical", "heaviest", "absent")
"""Which values a query is asked with: an ordinary parent, the one with most rows, one not there."""


class SourceKind(StrEnum):
    """Where a value comes from."""

    CONSTANT = "constant"
    COLUMN = "column"
    QUERY = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSource:
    """Where one value comes from: a constant, a column (`table.column`), a query for one value."""

    kind: SourceKind
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryParameter:
    """One parameter (`:name` in the file) and its sources by run; `typical` is always there."""

    name: str
    sources: tuple[tuple[str, ValueSource], ...] = ()
    line: int = 0

    def source(self, run: str) -> ValueSource | None:
        """Return the source of a run, None where it has none of its own."""
        return dict(self.sources).get(run)


class Growth(StrEnum):
    """How a count grows with the volume, from the best to the worst."""

    CONSTANT = "constant"
    LOGARITHMIC = "logarithmic"
    LINEAR = "linear"
    LINEARITHMIC = "n log n"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One line of a query's header.

    Args:
        text: as it was written.
        run: the run that it is about; None for all.
        line: where it stands.
    """

    text: str = ""
    run: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesIndex(Expectation):
    """Some node uses one of these indexes; with `only`, without reading the table."""

    names: tuple[str, ...]
    only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSequentialScan(Expectation):
    """These relations are not read from end to end; with no name, none is."""

    relations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Partitions(Expectation):
    """So many partitions of a table are touched at most."""

    relation: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPerRow(Expectation):
    """So many rows are read for each row returned (or written), at most."""

    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead(Expectation):
    """So many rows are read at most."""

    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedBuffers(Expectation):
    """So many shared buffers are touched at most."""

    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSpill(Expectation):
    """Nothing is written to temporary files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSort(Expectation):
    """The order comes from an index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatesWithin(Expectation):
    """No node's rows are estimated wrong by more than this factor."""

    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins(Expectation):
    """Only these join methods occur, as node types."""

    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grows(Expectation):
    """What is read grows no faster than this with the volume."""

    most: Growth


class PlanMode(StrEnum):
    """Which plan is asked for: one for these values, or the one that holds for any."""

    CUSTOM = "custom"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True, kw_only=True)
class HotQuery:
    """One query of a system.

    Args:
        name: its name: that of the file.
        title: what it is for, in a few words.
        why: why it is hot.
        often: how often it runs, in words.
        sql: the statement, `$1 … $n` for its parameters.
        parameters: in the order of their numbers.
        expectations: what its plan must keep to.
        modes: which plans are judged.
        limit_ms: it is cancelled after so many milliseconds.
        parallel: whether parallel workers may be planned.
        file: as people name it.
        line: where the statement begins in it.
    """

    name: str
    title: str
    why: str = ""
    often: str = ""
    sql: str
    parameters: tuple[QueryParameter, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    modes: tuple[PlanMode, ...] = (PlanMode.CUSTOM,)
    limit_ms: int = 10_000
    parallel: bool = False
    file: str = ""
    line: int = 1

    @property
    def runs(self) -> tuple[str, ...]:
        """The runs that some parameter has values for; `typical` always."""
        own = {run for parameter in self.parameters for run, _ in parameter.sources}
        return tuple(run for run in RUNS if run == "typical" or run in own)

    def expected(self, run: str) -> tuple[Expectation, ...]:
        """Return the expectations of a run: its own, and those of all that it does not replace."""
        own = [e for e in self.expectations if e.run == run]
        replaced = {_topic(e) for e in own}
        common = [e for e in self.expectations if e.run is None and _topic(e) not in replaced]
        return (*common, *own)


def _topic(expectation: Expectation) -> tuple[type, str]:
    relation = expectation.relation if isinstance(expectation, Partitions) else ""
    return type(expectation), relation
