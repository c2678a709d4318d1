"""Traffic: what clients do while a migration runs, and what was seen of it. All of it is data.

Times are seconds from the start of the migration; before it they are negative.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName  # noqa: TC001 - fields are decoded by annotations

if TYPE_CHECKING:
    from pgassay.core.statement import Statement


class Moment(StrEnum):
    """When a statement began, seen from the migration."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Scene(StrEnum):
    """Who else is in the database: short transactions alone, or some that stay open as well."""

    SHORT = "short transactions"
    LONG = "transactions that stay open"


class Holder(StrEnum):
    """A transaction that stays open on one relation.

    READER has read from it and keeps its snapshot, as a report or a dump does; WRITER has changed
    a row and does nothing more, as an application that waits for somebody else.
    """

    READER = "a reader"
    WRITER = "a writer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One short transaction of a client.

    Args:
        name: what it is called in reports: a hot query's name, or `read projects`.
        statements: one runs by itself, several in one transaction.
        tables: what it reads or writes, as far as it is known.
        source: `file:line` where it stands, if it does.
    """

    name: str
    statements: tuple[Statement, ...]
    tables: tuple[QualifiedName, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One client's statement waited behind the migration, as pg_locks showed it.

    Args:
        relation: what it waited for; a row's lock counts as its table's, None if unknown.
        wanted: the mode that the statement asked for.
        held: the mode of the migration that was in its way, held or asked for.
        queued: the migration did not have its lock yet: it waited itself, and others behind it.
        began: when the wait began (pg_locks.waitstart).
        ended: when it was last seen.
        pid: of the client's backend.
    """

    relation: QualifiedName | None
    wanted: str
    held: str
    queued: bool = False
    began: float
    ended: float
    pid: int = 0

    @property
    def seconds(self) -> float:
        """How long it was seen waiting."""
        return self.ended - self.began


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The migration waited behind a transaction that stayed open.

    Args:
        relation: what it wanted to lock; None for a wait for a transaction to end.
        mode: the mode that it asked for.
        holder: which kind of transaction was in its way.
        seconds: how long it waited until it gave up, or until it was let go.
        clients: how many clients were seen waiting behind it at once.
        gave_up: it ended the wait itself, as with lock_timeout.
        patient: it was let go only after the patience of the observer was at its end.
    """

    relation: QualifiedName | None
    mode: str
    holder: Holder
    seconds: float
    clients: int = 0
    gave_up: bool = False
    patient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A client's statement was refused, `count` times at this moment with this SQLSTATE."""

    unit: str
    moment: Moment
    sqlstate: str
    message: str
    count: int
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How many units were finished and how many failed in the span that begins at `at`."""

    at: float
    finished: int
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What clients got through at one moment."""

    seconds: float = 0.0
    finished: int = 0
    failed: int = 0

    @property
    def per_second(self) -> float:
        """Units finished in a second."""
        return self.finished / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What was seen while a migration ran among clients.

    Args:
        scene: who else was in the database.
        seconds: how long the migration took.
        clients: how many there were.
        units: how many different ones they ran.
        rates: what they got through, by moment.
        waits: every wait behind the migration.
        held: every wait of the migration behind a transaction that stayed open.
        failures: what was refused.
        left_out: units that were refused before the migration began, with the reason.
        samples: throughput over time.
        refused: what the migration ended with, empty if it came through.
        again: whether it came through when it was run again after it had given up; None if it
            was not tried.
        refused_again: what it ended with then, empty if it came through or was not tried.
    """

    scene: Scene
    seconds: float
    clients: int
    units: int
    rates: dict[Moment, Rate] = field(default_factory=dict)
    waits: tuple[Wait, ...] = ()
    held: tuple[Held, ...] = ()
    failures: tuple[Failure, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    samples: tuple[Sample, ...] = ()
    refused: str = ""
    again: bool | None = None
    refused_again: str = ""

    @property
    def standstill(self) -> float:
        """The longest time that a statement was seen waiting behind the migration."""
        return max((wait.seconds for wait in self.waits), default=0.0)
