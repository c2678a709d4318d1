"""The observer: looks at the locks while a migration runs and lets open transactions go in time.

Whoever is in the database and is none of ours is the migration, by whatever driver it came and
over however many connections.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from pgassay.core.traffic import Held, Wait
from pgassay.history.traffic.stalls import stops, strength

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.names import QualifiedName
    from pgassay.postgres.traffic.holders import OpenTransaction
    from pgassay.postgres.traffic.locks import Locks, Look, Waiting

_PERIOD = 0.004  # seconds between two looks
_ROW_LOCKS = frozenset(["transactionid", "tuple"])


@dataclass(slots=True)
class _Open:
    """A wait of the migration behind an open transaction that is not over yet."""

    held: Held
    began: float
    let_go: float | None = None

    def over(self, began: float) -> bool:
        """Whether a wait that began then is another one, since this one's holder let go before."""
        return self.let_go is not None and began > self.let_go


class Observer(threading.Thread):
    """Looks until it is told to stop.

    Args:
        locks: over a connection of its own.
        clients: the backends of the clients.
        holders: the transactions that stay open; none where there are only short ones.
        glance: seconds that a wait of the migration is watched to see who queues behind it.
        patience: seconds after which a migration that waits, with clients behind it, is called one
            that waits without a limit.
        limit: seconds after which the sessions of a migration that does not end are ended.
    """

    def __init__(
        self,
        locks: Locks,
        *,
        clients: frozenset[int],
        holders: Sequence[OpenTransaction] = (),
        glance: float,
        patience: float,
        limit: float,
    ) -> None:
        super().__init__(name="pgassay observer", daemon=True)
        self.looks = 0
        self.error: Exception | None = None
        self._locks, self._clients, self._holders = locks, clients, {h.pid: h for h in holders}
        self._ours = frozenset([locks.pid, *clients, *self._holders])
        self._glance, self._patience, self._limit = glance, patience, limit
        self.ended_it = False
        self._patient = False
        self._done = threading.Event()
        self._waits: dict[tuple[int, str, int | None, int], Wait] = {}
        self._open: dict[tuple[int, int], _Open] = {}
        self._held: list[Held] = []

    def run(self) -> None:
        """Look again and again."""
        begun = monotonic()
        try:
            while not self._done.is_set():
                self._look()
                if monotonic() - begun > self._limit and not self.ended_it:
                    self.ended_it = True
                    self._locks.end(self._ours)
                self._done.wait(_PERIOD)
        except Exception as error:  # noqa: BLE001 - raised again where the observer is asked
            self.error = error

    def stop(self) -> None:
        """Let it end, and wait for that."""
        self._done.set()
        self.join()
        for one in self._open.values():
            self._held.append(replace(one.held, gave_up=one.let_go is None))
        self._open.clear()

    def waits(self, began: float) -> tuple[Wait, ...]:
        """Return the waits of clients, in seconds from a time of the monotonic clock."""
        return tuple(
            replace(w, began=w.began - began, ended=w.ended - began) for w in self._waits.values()
        )

    @property
    def held(self) -> tuple[Held, ...]:
        """The waits of the migration behind open transactions."""
        return tuple(self._held)

    def _look(self) -> None:
        now, look = monotonic(), self._locks.look()
        self.looks += 1
        migration = look.backends - self._ours
        queued: set[int] = set()
        for one in look.waiting if migration else ():
            at = look.at(one.pid, migration) if one.pid in self._clients else None
            if at is not None:
                queued.add(one.pid)
                self._note(one, at, look, migration, now)
        self._see_to_holders(look, migration, len(queued), now)

    def _note(
        self, one: Waiting, at: Waiting, look: Look, migration: frozenset[int], now: float
    ) -> None:
        """Note that a client waits; `at` is where it, or who is before it, meets the migration."""
        began = now - one.seconds
        # A wait is the same as before if it began when that one did, give or take a look.
        key = (one.pid, one.kind, one.relation, round(began * 20))
        known = next(
            (k for k in (key, (*key[:3], key[3] - 1), (*key[:3], key[3] + 1)) if k in self._waits),
            None,
        )
        if known is not None:
            self._waits[known] = replace(self._waits[known], ended=now)
            return
        mode, queued = self._in_the_way(at, look, migration)
        self._waits[key] = Wait(
            relation=self._locks.name(at.relation or self._written(at, look)),
            wanted=one.mode if one.kind not in _ROW_LOCKS else "row lock",
            held=mode,
            queued=queued,
            began=began,
            ended=now,
            pid=one.pid,
        )

    @staticmethod
    def _in_the_way(one: Waiting, look: Look, migration: frozenset[int]) -> tuple[str, bool]:
        """Return the migration's strongest mode on what is waited for, and whether it has it."""
        if one.kind in _ROW_LOCKS or one.relation is None:
            return "row lock", False
        modes = [
            pair for pid in migration for pair in (look.modes or {}).get((pid, one.relation), ())
        ]
        if not modes:
            return "", False
        mode, granted = max(modes, key=lambda pair: strength(pair[0]))
        return mode, not granted

    @staticmethod
    def _written(one: Waiting, look: Look) -> int | None:
        """Return a table that a backend writes: its row is what it waits for."""
        found = [
            oid
            for (pid, oid), modes in (look.modes or {}).items()
            if pid == one.pid and ("RowExclusiveLock", True) in modes
        ]
        return min(found, default=None)

    def _see_to_holders(
        self, look: Look, migration: frozenset[int], clients: int, now: float
    ) -> None:
        seen = set()
        for one, holder in self._behind_holders(look, migration):
            key = (one.pid, holder.pid)
            seen.add(key)
            if key in self._open and self._open[key].over(now - one.seconds):
                self._held.append(self._open[key].held)
                self._come_back(self._open.pop(key), holder)
            if key not in self._open:
                self._open[key] = _Open(
                    Held(
                        relation=self._relation(one, holder),
                        mode=one.mode if one.kind == "relation" else one.kind,
                        holder=holder.kind,
                        seconds=0.0,
                    ),
                    now - one.seconds,
                )
            self._watch(self._open[key], holder, clients, now)
        for key in [k for k in self._open if k not in seen]:
            ended = self._open.pop(key)
            self._held.append(replace(ended.held, gave_up=ended.let_go is None))
            self._come_back(ended, self._holders[key[1]])

    @staticmethod
    def _come_back(wait: _Open, holder: OpenTransaction) -> None:
        if wait.let_go is not None and wait.held.mode in _ROW_LOCKS:
            holder.open()

    def _behind_holders(
        self, look: Look, migration: frozenset[int]
    ) -> Iterator[tuple[Waiting, OpenTransaction]]:
        for one in look.waiting:
            if one.pid in migration:
                for blocker in one.blockers:
                    if blocker in self._holders:
                        yield one, self._holders[blocker]

    def _relation(self, one: Waiting, holder: OpenTransaction) -> QualifiedName | None:
        return self._locks.name(one.relation) or holder.relation

    def _watch(self, wait: _Open, holder: OpenTransaction, clients: int, now: float) -> None:
        """Note how long the migration waits and who does behind it; let the holder go in time."""
        if wait.let_go is not None:
            return
        waited = now - wait.began
        most = max(wait.held.clients, clients)
        wait.held = replace(wait.held, seconds=waited, clients=most)
        if not holder.ready:
            return
        stopping = bool(stops(wait.held.mode)) or most > 0
        if stopping and not self._patient:
            if waited < self._patience:
                return
            self._patient = True
            wait.held = replace(wait.held, patient=True)
        elif waited < self._glance and not (stopping and most):
            return
        wait.let_go = monotonic()
        holder.let_go(come_back=wait.held.mode not in _ROW_LOCKS)
