"""A case: one executable expectation derived from the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.finding import Finding
    from pgassay.core.statement import Reply, Statement, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a case, a finding or a drift speaks of.

    `object` is the relation, type or function, as people write it (`users`, `audit."Log"`), and
    `part` the column, constraint, index, trigger, … within it.
    """

    object: str
    part: str | None = None

    def __str__(self) -> str:
        """`users.email`, or `users` alone."""
        return f"{self.object}.{self.part}" if self.part else self.object


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The server takes the statement.

    `returns` is the exact list of rows it must give back, in text; `count` the rows it must
    affect. None asks nothing. `columns` says what the values of a row are, for people.
    """

    returns: tuple[tuple[Value, ...], ...] | None = None
    count: int | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server refuses the statement, with this SQLSTATE and these diagnostics.

    `sqlstate` holds for every major; `by_major` overrides it from that major on (RESTRICT is
    23503 before 18 and 23001 from 18 on). None in a diagnostic asks nothing. The message text is
    never asked.
    """

    sqlstate: str
    by_major: Mapping[int, str] = field(default_factory=dict)
    constraint: str | None = None
    table: str | None = None
    column: str | None = None

    def expected_sqlstate(self, major: int) -> str:
        """Return the SQLSTATE that a server of that major must report."""
        known = [since for since in self.by_major if since <= major]
        return self.by_major[max(known)] if known else self.sqlstate


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The statement is an EXPLAIN (FORMAT JSON): what its plan must show.

    `index`: an index that some node must use; `index_only`: without reading the table.
    `indexes`: more of them, each of which must be used. `unused`: an index that no node may use.
    `conditioned`: by an Index Cond, with no Filter left over. `without`: node types that must
    not occur (`Sort`). `relations`: exactly the relations (partitions) that may be scanned, as
    `schema.name` unquoted; needs EXPLAIN (VERBOSE).
    """

    index: str | None = None
    index_only: bool = False
    indexes: frozenset[str] = frozenset()
    unused: str | None = None
    conditioned: bool = False
    without: frozenset[str] = frozenset()
    relations: frozenset[str] | None = None


Expectation = Accepted | Refused | Planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One statement of a case and what must happen. A refused step is the last of its case."""

    statement: Statement
    expect: Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One executable expectation derived from the contract.

    Args:
        kind: the slug: the module under `pgassay.cases` that derives it.
        subject: what it is about.
        title: what must happen, in words: `duplicate refused`.
        needs: statements that put the rows in place; each must be accepted. Cases that share
            the same needs (equal tuples) are run on top of them together.
        steps: the statement under test, then what proves its result. Everything is rolled back.
        why: why it matters, in one sentence, for the finding.
        promise: what the contract says, as a person would write it (`email varchar(255) not
            null`), for the finding.
    """

    kind: str
    subject: Subject
    title: str
    needs: tuple[Statement, ...] = ()
    steps: tuple[Step, ...]
    why: str = ""
    promise: str = ""

    @property
    def name(self) -> str:
        """The part of its id that follows the system's name: unique within a system."""
        return f"{self.subject}: {self.kind}: {self.title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """A promise that no case could be derived for, and why. Told, never skipped in silence.

    `fails` makes the gate red: a promise of which pgassay says that it is always proven.
    """

    kind: str
    subject: Subject
    title: str
    reason: str
    fails: bool = False

    @property
    def name(self) -> str:
        """As of a case."""
        return f"{self.subject}: {self.kind}: {self.title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One expectation whose proof is more than statements: drift, a rule, a property, a schedule.

    The run layer pairs it with what performs it; reports treat it like a case.
    """

    kind: str
    subject: Subject
    title: str

    @property
    def name(self) -> str:
        """As of a case."""
        return f"{self.subject}: {self.kind}: {self.title}"


class Status(StrEnum):
    """What became of a case."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"  # its needs were refused: nothing is known of the promise
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one case or trial.

    `findings` are a trial's; a failed case becomes one in the run layer. `replies` are the
    server's answers to the steps, as far as they ran. `reason` says in words what differed; it
    is empty where the case passed. `step` is the index of the step that differed. `seconds` is
    the share of the batch, for listing, never for judging.
    """

    case: Case | Trial | Unproven
    status: Status
    reason: str = ""
    step: int | None = None
    replies: tuple[Reply, ...] = ()
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
