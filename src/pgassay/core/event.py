"""Events: what the engine yields while it runs. Every report is a listener; none asks a database.

The order of a run: `RunStarted`, then phases (`PhaseStarted` … `PhaseFinished`) with their
`CaseFinished`, `FindingMade`, `Progressed` and `Told`, then `RunFinished`. Exhibits
(`core.exhibit`) come where they are seen.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - fields are decoded by their annotations
from dataclasses import dataclass, field

from pgassay.core.case import Outcome  # noqa: TC001 - as above
from pgassay.core.exhibit import Exhibit
from pgassay.core.finding import Finding  # noqa: TC001 - as above
from pgassay.core.nearness import ColumnNearness  # noqa: TC001 - as above
from pgassay.core.trace import RevisionTrace, StatementTrace  # noqa: TC001 - as above
from pgassay.core.traffic import Traffic  # noqa: TC001 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A run begins.

    `server` says in one line which PostgreSQL it runs on and why; `seed` decides everything that
    is random.
    """

    command: str
    system: str
    server: str
    postgres: str
    seed: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStarted:
    """A phase of the flow begins: route, catalog, drift, cases, rules."""

    system: str
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something a person wants to know that is no finding."""

    system: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """How far a long phase is: `done` of `total` units."""

    system: str
    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsCopied:
    """So many more rows, of so many bytes, were copied into a table (a partition's into its root).

    `asked` is how many rows the table is to have.
    """

    system: str
    table: str
    rows: int
    size: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePopulated:
    """A table has its rows: how many were asked for and got, and the bytes with its indexes.

    `asked` is None where a kept database is older than what is known of it.
    """

    system: str
    table: str
    rows: int
    asked: int | None
    size: int
    index_size: int
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsCompared:
    """The statistics of a column, or of a table as a whole, were compared with the profile's."""

    system: str
    nearness: ColumnNearness


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFinished:
    """One case has its outcome."""

    system: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryMeasured:
    """One plan of a hot query was executed: what it counted, and how it was asked.

    `asked` is the run (typical, heaviest, absent) and the kind of plan; `figures` are counts, and
    `ms`, which is told and never judged.
    """

    system: str
    query: str
    asked: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTraced:
    """One statement of a revision ran and was watched. `revision` is the id of its revision."""

    system: str
    revision: str
    statement: StatementTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionTraced:
    """A revision ran to its end, or to its error. Its statements were told before."""

    system: str
    trace: RevisionTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingMade:
    """One problem was found."""

    system: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseFinished:
    """A phase has ended. `counts` are its figures, in the order to be shown."""

    system: str
    phase: str
    seconds: float
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """The run has ended with a verdict. `kept` says where the evidence is, if any was kept."""

    system: str
    passed: bool
    seconds: float
    kept: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StallSeen:
    """Clients' statements stood behind a migration on one relation, from `began` to `ended`.

    Times are seconds from the migration's start; `longest` is how long one statement waited,
    `mode` the lock of the migration that was in the way, `scene` who else was in the database.
    """

    system: str
    revision: str
    scene: str
    relation: str
    mode: str
    began: float
    ended: float
    longest: float
    waits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficSeen:
    """A migration ran among clients: all that was seen, throughput over time included."""

    system: str
    revision: str
    traffic: Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class StandstillTold:
    """The one line of a migration under live traffic: for how long the site stands still."""

    system: str
    revision: str
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansCompared:
    """The hot queries were explained on both sides of a migration: how many plans, how many moved.

    `better` names, in words, what became much better. `at` says at what size, as in
    `the size of prod.json`, where that is not the one of this run.
    """

    system: str
    revision: str
    plans: int
    changed: int
    better: tuple[str, ...] = ()
    at: str = ""


Event = (
    RunStarted
    | PhaseStarted
    | Told
    | Progressed
    | RowsCopied
    | TablePopulated
    | StatisticsCompared
    | CaseFinished
    | QueryMeasured
    | StatementTraced
    | RevisionTraced
    | StallSeen
    | TrafficSeen
    | StandstillTold
    | PlansCompared
    | FindingMade
    | PhaseFinished
    | RunFinished
    | Exhibit
)
