"""A second connection: it sees what a statement that commits by itself locks and waits for.

Such a statement has let go of its locks before anybody could ask on its own connection. So a gate
is put up: a transaction that holds ACCESS SHARE on every table, and a snapshot. CREATE INDEX
CONCURRENTLY and its like wait for it, as they wait for any older transaction; a statement that
wants ACCESS EXCLUSIVE queues behind it. Both are looked at while they wait, then let go.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from pgassay.history.looks import Watched

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_PAUSE = 0.002  # seconds between two looks at a statement that commits by itself
_LEISURE = 0.2  # … and at one within a transaction, of which its own connection tells more
_LOCKS = """
select l.relation::bigint, l.mode, l.granted
from pg_catalog.pg_locks l
where l.pid = %(pid)s and l.locktype = 'relation' and l.relation >= 16384
"""
_WAITING = """
select a.wait_event_type = 'Lock', pg_catalog.pg_blocking_pids(a.pid)
from pg_catalog.pg_stat_activity a where a.pid = %(pid)s
"""
_PHASE = "select p.phase from pg_catalog.pg_stat_progress_create_index p where p.pid = %(pid)s"
_BLOCKERS = """
select a.pid, a.state, a.query
from pg_catalog.pg_stat_activity a where a.pid = any(%(pids)s)
"""
_TABLES = """
select n.nspname, c.relname, c.relkind
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't'
  and n.nspname not in ('information_schema', 'pgassay_trace') and n.nspname not like 'pg\\_%'
order by c.oid
"""


@dataclass(slots=True)
class _Watch:
    """One statement being watched."""

    pid: int
    gated: bool
    stop: threading.Event = field(default_factory=threading.Event)
    locks: dict[tuple[int, str], tuple[bool, float, float]] = field(default_factory=dict)
    phases: dict[str, None] = field(default_factory=dict)
    parked: float = 0.0
    waited_for: str | None = None


class Observer:
    """Watches the sessions of one database from outside; a context manager.

    Args:
        conninfo: the database.
        patience: seconds that a statement may wait for a lock before it is cancelled.
    """

    def __init__(self, conninfo: str, *, patience: float = 20.0) -> None:
        self._conninfo = conninfo
        self._patience = patience
        self._eye = psycopg.connect(conninfo, autocommit=True)
        self._gate: psycopg.Connection[Any] | None = None
        self._gate_pid = 0
        self._watch: _Watch | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close both connections."""
        self.close()

    def close(self) -> None:
        """Close both connections."""
        if self._watch is not None:
            self.finish()
        self._eye.close()
        if self._gate is not None:
            self._gate.close()

    def begin(self, pid: int, *, gated: bool) -> None:
        """Watch a session's next statement; `gated` if it commits by itself."""
        if gated:
            self._put_up_gate()
        self._watch = _Watch(pid, gated)
        self._thread = threading.Thread(target=self._run, args=(self._watch,), daemon=True)
        self._thread.start()

    def finish(self) -> Watched:
        """Stop watching and return what was seen."""
        assert self._watch is not None
        assert self._thread is not None
        watch, self._watch = self._watch, None
        watch.stop.set()
        self._thread.join()
        if watch.gated:
            self._take_gate_away()
        return Watched(
            locks=tuple(
                (oid, mode.removesuffix("Lock"), granted, last - first)
                for (oid, mode), (granted, first, last) in watch.locks.items()
            ),
            phases=tuple(watch.phases),
            parked=watch.parked,
            waited_for=watch.waited_for,
        )

    def _put_up_gate(self) -> None:
        if self._gate is None:
            self._gate = psycopg.connect(self._conninfo, autocommit=True)
            self._gate_pid = self._gate.info.backend_pid
        rows = self._gate.execute(_TABLES).fetchall()
        tables = [sql.Identifier(*name) for *name, kind in rows if kind != "m"]
        views = [sql.Identifier(*name) for *name, kind in rows if kind == "m"]
        self._gate.execute("begin isolation level repeatable read")
        self._gate.execute("select 1 from pg_catalog.pg_class limit 1")  # takes the snapshot
        if tables:
            self._gate.execute(
                sql.SQL("lock table {} in access share mode").format(sql.SQL(", ").join(tables))
            )
        for view in views:  # LOCK TABLE does not take them
            self._gate.execute(sql.SQL("select from {} limit 0").format(view))

    def _take_gate_away(self) -> None:
        if self._gate is not None and self._gate.info.transaction_status != 0:
            self._gate.execute("rollback")

    def _run(self, watch: _Watch) -> None:
        pause = _PAUSE if watch.gated else _LEISURE
        blocked_since: float | None = None
        gate = watch.gated
        while not watch.stop.wait(pause):
            now = time.monotonic()
            waiting, blockers = self._look(watch, now)
            if gate and waiting and self._gate_pid in blockers:
                self._look(watch, now)  # what it holds while it waits
                self._take_gate_away()
                gate = False
                watch.parked += time.monotonic() - now
                blocked_since = None
                continue
            if not waiting:
                blocked_since = None
            elif blocked_since is None:
                blocked_since = now
            elif now - blocked_since > self._patience and watch.waited_for is None:
                watch.waited_for = self._blockers(blockers)
                self._eye.execute("select pg_catalog.pg_cancel_backend(%s)", [watch.pid])

    def _look(self, watch: _Watch, now: float) -> tuple[bool, list[int]]:
        given = {"pid": watch.pid}
        if watch.gated:
            for oid, mode, granted in self._eye.execute(_LOCKS, given).fetchall():
                before, first, _ = watch.locks.get((oid, mode), (False, now, now))
                watch.locks[oid, mode] = (granted or before, first, now)
            for (phase,) in self._eye.execute(_PHASE, given).fetchall():
                watch.phases[phase] = None
        row = self._eye.execute(_WAITING, given).fetchone()
        return (bool(row[0]), list(row[1])) if row else (False, [])

    def _blockers(self, pids: list[int]) -> str:
        rows = self._eye.execute(_BLOCKERS, {"pids": pids}).fetchall()
        told = [f"session {pid} ({state}): {' '.join(query.split())[:200]}"
                for pid, state, query in rows]  # fmt: skip
        return "; ".join(told) or "a lock"
