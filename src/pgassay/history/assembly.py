"""From what was seen to traces: looks are compared two by two, and locks held to their end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName
from pgassay.core.trace import (
    IndexBuild,
    LockMode,
    LockTaken,
    Rewrite,
    RowsWritten,
    Scan,
    StatementTrace,
)
from pgassay.history.looks import Known, Look, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Bits of pg_event_trigger_table_rewrite_reason() (Event Trigger Functions, 9.30.2).
_REASONS = {1: "persistence", 2: "column default", 4: "column type", 8: "access method"}
_MODES = {mode.value: mode for mode in LockMode}
_WORDS = re.compile(r"(?:--[^\n]*\n|/\*.*?\*/|\s)*([A-Za-z]+(?:\s+[A-Za-z]+)?)", re.DOTALL)


@dataclass(slots=True)
class _State:
    """What is known of the database at a moment, carried from look to look."""

    files: dict[int, int] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    counts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    indexes: dict[int, tuple[int, str, str, bool, bool]] = field(default_factory=dict)

    def copy(self) -> _State:
        return _State(dict(self.files), dict(self.sizes), dict(self.counts), dict(self.indexes))

    def take(self, look: Look) -> None:
        for oid, (file, size) in look.files.items():
            self.files[oid], self.sizes[oid] = file, size
        self.counts |= look.counts
        self.indexes |= look.indexes


@dataclass(slots=True)
class _Open:
    """The transaction that is running: its statements are finished when its end is known."""

    number: int
    transaction: float
    begun: float
    before: _State
    statements: list[tuple[float, StatementTrace]] = field(default_factory=list)


def assemble(
    records: Sequence[Record], known: Mapping[int, Known]
) -> tuple[tuple[StatementTrace, ...], tuple[float, ...]]:
    """Return the statements of a revision, and the seconds of each of its transactions.

    Args:
        records: what the client sent, in order.
        known: the relations that were there before.
    """
    start = records[0].begun if records else 0.0
    statements: list[StatementTrace] = []
    seconds: list[float] = []
    for session in dict.fromkeys(record.session for record in records):
        own = [record for record in records if record.session == session]
        found, took = _Assembly(known, start).of(own)
        statements += (replace(one, transaction=one.transaction + len(seconds)) for one in found)
        seconds += took
    statements.sort(key=lambda one: one.begun)
    numbered = (replace(one, number=number) for number, one in enumerate(statements, 1))
    return tuple(numbered), tuple(seconds)


class _Assembly:
    """The records of one session, taken in order."""

    def __init__(self, known: Mapping[int, Known], start: float) -> None:
        self._known = known
        self._start = start
        self._state = _State()
        self._open: _Open | None = None
        self._last: Look | None = None
        self._done: list[StatementTrace] = []
        self._seconds: list[float] = []
        self._before_rollback = self._state

    def of(self, records: Sequence[Record]) -> tuple[list[StatementTrace], list[float]]:
        for record in records:
            self._take(record)
        if records:
            self._close(records[-1].ended)
        return self._done, self._seconds

    def _take(self, record: Record) -> None:
        before = record.before or self._last or Look(what="client")
        behind = [look for look in record.looks if look.what != "client"]
        clients = [look for look in record.looks if look.what == "client"]
        after = clients[-1] if clients else None
        latest = after or (behind[-1] if behind else before)
        transaction = latest.transaction or before.transaction
        other = self._open is not None and transaction != self._open.transaction
        # Who ends a transaction of his own says so; behind this statement it was over unasked.
        torn = other and not record.autocommit and record.then is None
        if self._open is None or record.autocommit or other:
            self._close(record.begun)
            number = len(self._seconds) + 1
            self._open = _Open(number, transaction, record.begun, self._state.copy())
        if record.before is not None:
            self._state.take(record.before)
            if not self._open.statements:
                self._open.before = self._state.copy()
        for begun, statement in self._statements(record, before, behind, after):
            self._open.statements.append((begun, replace(statement, ended_transaction=torn)))
            torn = False
        self._last = after or self._last
        if record.then is not None:
            word, at = record.then
            self._close(at)
            if word == "rollback":
                self._state = self._before_rollback
        elif record.autocommit:
            self._close(record.ended)

    def _close(self, at: float) -> None:
        """End the transaction that is open: now it is known how long its locks were held."""
        if self._open is None:
            return
        self._before_rollback = self._open.before
        earlier: list[LockTaken] = []
        for begun, statement in self._open.statements:
            if statement.autocommit:
                self._done.append(statement)
                continue
            locks = tuple(replace(lock, held=max(0.0, at - begun)) for lock in statement.locks)
            self._done.append(replace(statement, locks=locks, held=tuple(earlier)))
            earlier += locks
        if self._open.statements:
            self._seconds.append(max(0.0, at - self._open.begun))
        self._open = None
        self._last = None

    def _statements(
        self, record: Record, before: Look, behind: Sequence[Look], after: Look | None
    ) -> Iterator[tuple[float, StatementTrace]]:
        """Yield what one record comes to: a statement, or each of several."""
        assert self._open is not None
        pieces = list(_pieces(before, behind, after))
        commands = [piece for piece in pieces if piece.tag]
        made: list[tuple[_Piece, StatementTrace]] = [
            (piece, self._piece(piece, record)) for piece in pieces
        ]
        parts = [(p, s) for p, s in made if p.tag or _has_effect(s)]
        if len(commands) <= 1 and (len(parts) <= 1 or record.autocommit):
            whole = _merged([s for _, s in made], record, commands)
            whole = replace(whole, begun=record.begun - self._start)
            yield record.begun, self._with_watched(whole, record)
            return
        for piece, statement in parts:
            begun = record.begun + max(0.0, piece.start.at - before.at)
            seconds = max(0.0, piece.end.at - piece.start.at)
            tag, since = piece.tag or _by_effect(statement), begun - self._start
            yield begun, replace(statement, tag=tag, seconds=seconds, begun=since, error=None)
        if record.error:
            yield record.begun, self._with_watched(_merged([], record, ()), record)

    def _piece(self, piece: _Piece, record: Record) -> StatementTrace:
        """Return what happened between two looks."""
        assert self._open is not None
        start, end, state = piece.start, piece.end, self._state
        same = start.transaction == end.transaction
        new = end.locks - start.locks if same else end.locks
        counts = {
            oid: tuple(b - a for a, b in zip(state.counts[oid], now, strict=True))
            for oid, now in end.counts.items()
            if oid in state.counts and state.counts[oid] != now
        }
        files = {oid for oid, (file, _) in end.files.items() if state.files.get(oid) != file}
        built = {oid: one for oid, one in end.indexes.items() if oid not in state.indexes}
        reasons = {look.rewritten: look.reason for look in piece.rewrites}
        statement = StatementTrace(
            number=0,
            text=record.text,
            tag=piece.tag,
            transaction=self._open.number,
            autocommit=record.autocommit,
            locks=tuple(self._locks(new)),
            rewrites=tuple(self._rewrites(files, end, reasons)),
            scans=tuple(
                Scan(relation=self._known[oid].name, scans=c[0], rows=c[1])
                for oid, c in sorted(counts.items())
                if c[0] > 0 and oid in self._known
            ),
            builds=tuple(self._builds(built, new)),
            written=tuple(
                RowsWritten(
                    relation=self._known[oid].name, inserted=c[2], updated=c[3], deleted=c[4]
                )
                for oid, c in sorted(counts.items())
                if any(n > 0 for n in c[2:]) and oid in self._known
            ),
            wal=max(0, end.wal - start.wal) if end.wal and start.wal else 0,
            lock_timeout=start.lock_timeout,
            statement_timeout=start.statement_timeout,
            transaction_timeout=start.transaction_timeout,
            warnings=record.warnings,
            objects=piece.objects,
            source=record.source,
        )
        state.take(end)
        return statement

    def _locks(self, new: Iterable[tuple[int, str]]) -> Iterator[LockTaken]:
        for oid, mode in sorted(new, key=lambda one: (-_MODES[one[1]].rank, one[0])):
            if oid in self._known:
                yield self._lock(oid, mode)

    def _lock(self, oid: int, mode: str, *, granted: bool = True, held: float = 0.0) -> LockTaken:
        known = self._known[oid]
        return LockTaken(
            relation=known.name,
            mode=_MODES[mode],
            granted=granted,
            held=held,
            index_of=self._table_of(known),
        )

    def _table_of(self, known: Known) -> QualifiedName | None:
        owner = self._known.get(known.owner) if known.owner else None
        return owner.name if owner else None

    def _rewrites(
        self, files: Iterable[int], end: Look, reasons: Mapping[int, int]
    ) -> Iterator[Rewrite]:
        for oid in sorted(files):
            known = self._known.get(oid)
            if known is None:
                continue
            bits = reasons.get(oid, 0)
            yield Rewrite(
                relation=known.name,
                index_of=self._table_of(known),
                reason=", ".join(word for bit, word in _REASONS.items() if bits & bit),
                emptied=not bits and not known.is_index and end.files[oid][1] == 0,
            )

    def _builds(
        self,
        built: Mapping[int, tuple[int, str, str, bool, bool]],
        new: Iterable[tuple[int, str]],
    ) -> Iterator[IndexBuild]:
        strong = {oid for oid, mode in new if _MODES[mode].blocks_writes}
        for _, (table, schema, name, unique, valid) in sorted(built.items()):
            known = self._known.get(table)
            if known is not None:
                yield IndexBuild(
                    index=QualifiedName(schema, name),
                    table=known.name,
                    unique=unique,
                    valid=valid,
                    concurrently=table not in strong and known.kind != "p",
                )

    def _with_watched(self, statement: StatementTrace, record: Record) -> StatementTrace:
        """Add what a second connection saw."""
        seen = record.watched
        seconds = max(0.0, record.ended - record.begun - seen.parked)
        known = {(lock.relation, lock.mode) for lock in statement.locks}
        locks = list(statement.locks)
        for oid, mode, granted, held in seen.locks:
            if oid not in self._known:
                continue
            # What was asked for was also granted, if the statement came to its end.
            lock = self._lock(oid, mode, granted=granted or not record.error, held=held)
            if (lock.relation, lock.mode) not in known:
                known.add((lock.relation, lock.mode))
                locks.append(lock)
        if record.autocommit:
            locks = [replace(lock, held=seconds) for lock in locks]
        by_table = {lock.relation for lock in locks if lock.mode.blocks_writes}
        builds = tuple(
            replace(
                build,
                phases=seen.phases,
                concurrently=record.autocommit
                and build.table not in by_table
                and "concurrently" in record.text.lower(),
            )
            for build in statement.builds
        )
        return replace(
            statement,
            seconds=seconds,
            locks=tuple(sorted(locks, key=lambda one: (-one.mode.rank, str(one.relation)))),
            builds=builds,
            waited_for=seen.waited_for,
        )


@dataclass(frozen=True, slots=True)
class _Piece:
    """The way from one look to the next: a DDL command, or what lies between two."""

    start: Look
    end: Look
    tag: str = ""
    objects: tuple[str, ...] = ()
    rewrites: tuple[Look, ...] = ()


def _pieces(before: Look, behind: Sequence[Look], after: Look | None) -> Iterator[_Piece]:
    here, started = before, None
    dropped: list[str] = []
    rewrites: list[Look] = []
    objects: tuple[str, ...] = ()
    for look in behind:
        if look.what == "drop":
            dropped += [f"dropped {one}" for one in look.objects]
        elif look.what == "rewrite":
            rewrites.append(look)
        elif look.what == "start":
            if not look.whole:
                yield _Piece(here, look)
                here = look
            started = look
        elif look.what == "end" and look.whole:
            objects = look.objects
        elif look.what == "end":
            # DROP has no command_end objects of its own; what it dropped was told before.
            yield _Piece(here, look, look.tag, (*look.objects, *dropped), tuple(rewrites))
            here, started = look, None
            dropped, rewrites = [], []
    if after is not None:
        tag = started.tag if started is not None else ""
        yield _Piece(here, after, tag, (*objects, *dropped), tuple(rewrites))
    elif started is not None:
        yield _Piece(started, started, started.tag, tuple(dropped), tuple(rewrites))


def _has_effect(statement: StatementTrace) -> bool:
    return bool(
        statement.rewrites
        or statement.scans
        or statement.builds
        or statement.written
        or any(lock.mode.rank >= LockMode.ROW_EXCLUSIVE.rank for lock in statement.locks)
    )


def _merged(
    parts: Sequence[StatementTrace], record: Record, commands: Sequence[_Piece]
) -> StatementTrace:
    """Return one statement for all that a record showed."""
    first = parts[0] if parts else StatementTrace(number=0, text=record.text, tag="")
    first = replace(first, warnings=record.warnings)
    locks: dict[tuple[QualifiedName, LockMode], LockTaken] = {}
    for part in parts:
        for lock in part.locks:
            locks.setdefault((lock.relation, lock.mode), lock)
    return replace(
        first,
        tag=commands[0].tag if commands else _first_words(record.text),
        autocommit=record.autocommit,
        locks=tuple(locks.values()),
        rewrites=tuple(one for part in parts for one in part.rewrites),
        scans=tuple(one for part in parts for one in part.scans),
        builds=tuple(one for part in parts for one in part.builds),
        written=tuple(one for part in parts for one in part.written),
        objects=tuple(one for part in parts for one in part.objects),
        wal=sum(part.wal for part in parts),
        rows=record.rows,
        source=record.source,
        error=record.error,
        refusal=record.refusal,
    )


def _by_effect(statement: StatementTrace) -> str:
    """Return what one of several statements must have been, which no event trigger told of."""
    written = statement.written
    for word, rows in (
        ("UPDATE", sum(one.updated for one in written)),
        ("INSERT", sum(one.inserted for one in written)),
        ("DELETE", sum(one.deleted for one in written)),
    ):
        if rows:
            return word
    return "query"


def _first_words(text: str) -> str:
    """Return the command as its first words say it: `UPDATE`, `LOCK TABLE`, `DO`."""
    found = _WORDS.match(text)
    if found is None:
        return "?"
    words = found[1].upper().split()
    return " ".join(words) if words[0] in _OF_TWO else words[0]


_OF_TWO = frozenset({"ALTER", "CREATE", "DROP", "LOCK", "REFRESH", "SET", "COMMENT", "REINDEX"})
