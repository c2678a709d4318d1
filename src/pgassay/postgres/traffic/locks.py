"""Locks as a second connection sees them: who waits for what, and behind whom.

`pg_locks.waitstart` says when a wait began, `pg_blocking_pids` who is in the way: holders of a lock
that conflicts, and those that stand before in its queue (System Views, pg_locks; System Information
Functions). Asking takes no lock on any relation of the database under test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import psycopg

# The relation of a wait for another transaction is that of the row, on which the waiter holds a
# lock of kind "tuple" meanwhile; where it has that no more, the one that it writes. All of it from
# one look at the locks: by the next, the wait may be over.
_WAITING = """
with locks as materialized (select * from pg_catalog.pg_locks)
select l.pid, l.locktype, coalesce(l.relation, t.relation, w.relation)::int8, l.mode,
  greatest(extract(epoch from clock_timestamp() - coalesce(l.waitstart, clock_timestamp())), 0)
    ::float8,
  pg_catalog.pg_blocking_pids(l.pid)
from locks l
left join locks t on t.pid = l.pid and t.locktype = 'tuple' and t.granted
left join lateral (
  select min(o.relation) from locks o
  where l.locktype = 'transactionid' and o.pid = l.pid and o.locktype = 'relation'
    and o.mode = 'RowExclusiveLock' and o.granted
) w(relation) on true
where not l.granted
"""
_MODES = """
select l.pid, l.relation::int8, l.mode, l.granted
from pg_catalog.pg_locks l
where l.locktype = 'relation' and l.relation is not null
  and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
"""
_BACKENDS = """
select pid from pg_catalog.pg_stat_activity
where datname = current_database() and backend_type = 'client backend'
"""
_END = """
select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> all(%s)
"""
# An index by the name of its table: a statement waits for the one or the other.
_NAMES = """
select c.oid::int8, n.nspname, r.relname
from pg_catalog.pg_class c
left join pg_catalog.pg_index i on i.indexrelid = c.oid
join pg_catalog.pg_class r on r.oid = coalesce(i.indrelid, c.oid)
join pg_catalog.pg_namespace n on n.oid = r.relnamespace
where r.relkind in ('r', 'p', 'm', 'v', 'S', 'f')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One backend that waits at this moment; `seconds` so far."""

    pid: int
    kind: str
    relation: int | None
    mode: str
    seconds: float
    blockers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the locks showed.

    Args:
        waiting: who waits.
        backends: sessions of clients in this database, ours among them; only where somebody waits.
        modes: table locks by backend and relation, with whether they are granted.
    """

    waiting: tuple[Waiting, ...] = ()
    backends: frozenset[int] = frozenset()
    modes: Mapping[tuple[int, int], tuple[tuple[str, bool], ...]] | None = None

    def at(self, pid: int, others: frozenset[int]) -> Waiting | None:
        """Return the wait at which a backend stands behind one of the others, through whomever.

        Its own, or that of the one at the head of those it waits for; None if it waits for none.
        """
        waits = {w.pid: w for w in self.waiting}
        seen: set[int] = set()
        ahead = [pid]
        while ahead:
            one = waits.get(ahead.pop(0))
            if one is None or one.pid in seen:
                continue
            if others.intersection(one.blockers):
                return one
            seen.add(one.pid)
            ahead.extend(one.blockers)
        return None


class Locks:
    """Looks at the locks of one database over a connection of its own in autocommit mode."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.pid = connection.info.backend_pid
        self._names: dict[int, QualifiedName] = {}
        self.learn()

    def learn(self) -> None:
        """Note the names of all relations; what was known keeps its name, whatever renames it."""
        for oid, schema, name in self._rows(_NAMES):
            self._names.setdefault(oid, QualifiedName(schema, name))

    def name(self, oid: int | None) -> QualifiedName | None:
        """Return the name that a relation had when it was first known; an index has its table's."""
        return None if oid is None else self._names.get(oid)

    def end(self, ours: Iterable[int]) -> None:
        """End every session of a client in this database that is none of ours."""
        self._connection.execute(_END.encode(), [list(ours)])

    def look(self) -> Look:
        """Return who waits, and, if anybody does, who holds what."""
        waiting = tuple(
            Waiting(
                pid=pid, kind=kind, relation=oid, mode=mode, seconds=age, blockers=tuple(blockers)
            )
            for pid, kind, oid, mode, age, blockers in self._rows(_WAITING)
        )
        if not waiting:
            return Look()
        modes: dict[tuple[int, int], tuple[tuple[str, bool], ...]] = {}
        for pid, oid, mode, granted in self._rows(_MODES):
            modes[pid, oid] = (*modes.get((pid, oid), ()), (mode, granted))
        backends = frozenset(pid for (pid,) in self._rows(_BACKENDS))
        return Look(waiting, backends, modes)

    def _rows(self, sql: str) -> Iterable[tuple[Any, ...]]:
        return self._connection.execute(sql.encode()).fetchall()
