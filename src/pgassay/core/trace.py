"""A revision trace: what one migration did, statement by statement, as it was seen happening.

Plain data, serialisable by `core.codec`. Seconds are told and projected, never judged by
themselves; what is judged are locks, rewrites, scans, rows and catalogs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName  # noqa: TC001 - the codec resolves annotations
from pgassay.core.route import Revision  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator


class LockMode(StrEnum):
    """The table-level lock modes, weakest first (PostgreSQL, Explicit Locking, 13.3.1).

    The values are as pg_locks.mode spells them, the word `Lock` left out.
    """

    ACCESS_SHARE = "AccessShare"
    ROW_SHARE = "RowShare"
    ROW_EXCLUSIVE = "RowExclusive"
    SHARE_UPDATE_EXCLUSIVE = "ShareUpdateExclusive"
    SHARE = "Share"
    SHARE_ROW_EXCLUSIVE = "ShareRowExclusive"
    EXCLUSIVE = "Exclusive"
    ACCESS_EXCLUSIVE = "AccessExclusive"

    @property
    def rank(self) -> int:
        """Its place in that order, from 0."""
        return _ORDER.index(self)

    @property
    def blocks_writes(self) -> bool:
        """Whether INSERT, UPDATE and DELETE (ROW EXCLUSIVE) wait for it."""
        return self.rank >= LockMode.SHARE.rank

    @property
    def blocks_reads(self) -> bool:
        """Whether SELECT (ACCESS SHARE) waits for it."""
        return self is LockMode.ACCESS_EXCLUSIVE

    @property
    def sql(self) -> str:
        """As LOCK TABLE spells it: `SHARE UPDATE EXCLUSIVE`."""
        return "".join(f" {c}" if c.isupper() else c.upper() for c in self.value).strip()


_ORDER = list(LockMode)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTaken:
    """A lock on a relation that was there before the revision.

    Args:
        relation: the table, view or index.
        mode: how strong.
        granted: False where it was asked for and not seen granted (the statement waited).
        held: seconds from the statement's beginning to the end of its transaction: how long
            others would have waited at most.
        index_of: the table, where the relation is an index.
    """

    relation: QualifiedName
    mode: LockMode
    granted: bool = True
    held: float = 0.0
    index_of: QualifiedName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A relation whose storage was written anew (its relfilenode changed).

    Args:
        relation: a table, or an index.
        index_of: the table, where the relation is an index.
        reason: why, as PostgreSQL tells event triggers: `column type`, `default`, …; empty where
            it does not.
        emptied: whether the new storage is empty (TRUNCATE) instead of a copy.
    """

    relation: QualifiedName
    index_of: QualifiedName | None = None
    reason: str = ""
    emptied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A table that was read sequentially: how often, and how many rows came out."""

    relation: QualifiedName
    scans: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBuild:
    """An index that was built on a table that was there before.

    `phases` are the phases of pg_stat_progress_create_index that were seen, where it was built
    outside a transaction.
    """

    index: QualifiedName
    table: QualifiedName
    unique: bool = False
    concurrently: bool = False
    valid: bool = True
    phases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsWritten:
    """Rows that a statement wrote into a table that was there before."""

    relation: QualifiedName
    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.inserted + self.updated + self.deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the server refused a statement: its SQLSTATE, and the names in the diagnostics."""

    sqlstate: str
    table: str | None = None
    column: str | None = None
    constraint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTrace:
    """What one statement did. One of a DO block, a function or a string of several is its own.

    Args:
        number: its place in the revision, from 1.
        text: the statement as the client sent it (the whole string, if it sent several).
        tag: PostgreSQL's command tag (`ALTER TABLE`, `CREATE INDEX`), or the first words of the
            statement where no event trigger told it.
        seconds: how long it took.
        begun: seconds from the revision's beginning.
        transaction: which transaction of the revision, from 1.
        autocommit: whether it ran outside a transaction block.
        locks: new ones: modes that the transaction did not hold on that relation before.
        held: what the transaction held already when the statement began.
        rewrites: relations written anew.
        scans: tables read sequentially.
        builds: indexes built.
        written: rows written.
        rows: the row count that the server reported for it; None where it reports none.
        wal: bytes of write-ahead log.
        lock_timeout: the setting in milliseconds when it ran; 0 is none.
        statement_timeout: likewise.
        transaction_timeout: likewise; 0 before PostgreSQL 17, which brought it.
        warnings: the SQLSTATEs of the warnings that the server gave.
        ended_transaction: whether the transaction that the client had opened was over behind it,
            though the client had not ended it.
        objects: what the event trigger says it touched, `type identity`.
        source: `file:line` of the revision that sent it.
        error: the server's words where it failed, with the SQLSTATE.
        refusal: the same by the server's diagnostics.
        waited_for: what it was seen waiting for, where a lock of its own made it hang.
    """

    number: int
    text: str
    tag: str
    seconds: float = 0.0
    begun: float = 0.0
    transaction: int = 1
    autocommit: bool = False
    locks: tuple[LockTaken, ...] = ()
    held: tuple[LockTaken, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    scans: tuple[Scan, ...] = ()
    builds: tuple[IndexBuild, ...] = ()
    written: tuple[RowsWritten, ...] = ()
    rows: int | None = None
    wal: int = 0
    lock_timeout: int = 0
    statement_timeout: int = 0
    transaction_timeout: int = 0
    warnings: tuple[str, ...] = ()
    ended_transaction: bool = False
    objects: tuple[str, ...] = ()
    source: str | None = None
    error: str | None = None
    refusal: Refusal | None = None
    waited_for: str | None = None

    def strongest(self) -> dict[QualifiedName, LockTaken]:
        """Return the strongest new lock on each relation, indexes among them."""
        found: dict[QualifiedName, LockTaken] = {}
        for lock in self.locks:
            known = found.get(lock.relation)
            if known is None or known.mode.rank < lock.mode.rank:
                found[lock.relation] = lock
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionTrace:
    """What one revision did to a database.

    Args:
        revision: which one; for a plain SQL file, its name.
        statements: in order. Those of Alembic's own table are left out.
        seconds: from its first statement to its last commit.
        transactions: seconds of each transaction, by number from 1.
        wal: bytes of write-ahead log.
        sizes: rows of each table before the revision (exact) and its bytes with indexes.
        error: why it ended early, if it did.
    """

    revision: Revision
    statements: tuple[StatementTrace, ...] = ()
    seconds: float = 0.0
    transactions: tuple[float, ...] = ()
    wal: int = 0
    sizes: tuple[RelationSize, ...] = ()
    error: str | None = None

    def rows_of(self, relation: QualifiedName) -> int:
        """Return how many rows a table had before; 0 for one that was not there."""
        return next((size.rows for size in self.sizes if size.relation == relation), 0)

    def locks(self) -> Iterator[tuple[StatementTrace, LockTaken]]:
        """Yield every new lock and the statement that took it."""
        for statement in self.statements:
            for lock in statement.locks:
                yield statement, lock


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationSize:
    """How much a table held before the revision; a partitioned one what its partitions hold.

    `bytes` are those of the table with indexes and TOAST, `heap` those of the table alone; 0 is
    unknown, where all that is known is a number of rows.
    """

    relation: QualifiedName
    rows: int
    bytes: int
    heap: int = 0
