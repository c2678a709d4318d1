"""Ending a revision at one of its statements: who is ended, and how far the statement had come."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import psycopg

from pgassay.core.errors import PgassayError, TrialError
from pgassay.postgres.gates import Gate, Gates
from pgassay.postgres.servers.local import LocalServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from pgassay.core.route import Revision
    from pgassay.run.history.course import Course, Steps

_PATIENCE = 120.0  # seconds for a statement, before it is taken for one that never ends
_PAUSE = 0.01
# Each by itself, in one round trip; those that the attempt itself has locked are left out.
_LOCK_ALL = """
do $$
declare name text;
begin
  for name in
    select pg_catalog.format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by c.oid
  loop
    begin
      execute 'lock table ' || name || ' in row exclusive mode nowait';
    exception when lock_not_available or undefined_table then null;
    end;
  end loop;
end $$
"""
# The migration's own sessions: not this one, not whoever stands at a gate. Whether one waits is
# asked of the locks: whoever has been let through a gate is still called waiting in
# pg_stat_activity until it wakes up.
_OTHERS = """
select a.pid, exists (select from pg_catalog.pg_locks w where w.pid = a.pid and not w.granted)
from pg_catalog.pg_stat_activity a
where a.datname = pg_catalog.current_database() and a.backend_type = 'client backend'
  and a.pid <> all(%s::int[])
  and not exists (select from pg_catalog.pg_locks l
    where l.pid = a.pid and l.locktype = 'advisory' and not l.granted)
"""
# What sessions are at.
_AT = """
select a.pid, pg_catalog.concat_ws(' ', a.state, 'in', pg_catalog.quote_literal(a.query),
  'waits for ' || a.wait_event_type || ' ' || a.wait_event)
from pg_catalog.pg_stat_activity a where a.pid = any(%s::int[])
"""
_TERMINATE = "select pg_catalog.pg_terminate_backend(pid) from unnest(%s::int[]) pid"


class Way(StrEnum):
    """Who is ended."""

    CLIENT = "client"
    SESSION = "session"
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """How an attempt ended. `words` say when, as in `ended while it waited for other writers`."""

    words: str


class Killer:
    """Ends one attempt of a revision on one database.

    Args:
        course: the history and the server.
        database: where it runs; at the revision before.
        revision: which.
    """

    def __init__(self, course: Course, database: str, revision: Revision) -> None:
        self._course, self._database, self._revision = course, database, revision
        self._history: Steps | None = None

    def close(self) -> None:
        """End the process; harmless twice."""
        if self._history is not None:
            self._history.__exit__(None, None, None)
            self._history = None

    @property
    def history(self) -> Steps:
        """The history on the database, in a process that lives until it is killed."""
        if self._history is None:
            self._history = self._course.open(self._database).__enter__()
        return self._history

    def kill(self, number: int, way: Way) -> Killed:
        """Run the revision and end it at a statement, counted from 1.

        It is held before the statement, all tables are locked as a writer locks them, and it is
        let go: it waits for the writer, or comes to its end. Then the client, the session or the
        server is ended.

        Raises:
            TrialError: the attempt does not come that far.
        """
        course = self._course
        with (
            course.server.connect(self._database) as watching,
            course.server.connect(self._database, autocommit=False) as writing,
            ThreadPoolExecutor(1) as pool,
        ):
            history = self.history
            gates = Gates(watching)
            with _both(gates) as (here, next_):
                run = pool.submit(
                    history.stepped,
                    self._revision.id,
                    gates={number: here.key, number + 1: next_.key},
                )
                if not here.wait(_PATIENCE, run.done):
                    raise TrialError(
                        f"the attempt did not come to its statement {number}: {_said(run)}"
                    )
                _lock_all(writing)
                here.open()
                own = [watching.info.backend_pid, writing.info.backend_pid]
                words = self._course_of(watching, own, next_, run)
                self._end(way, watching, own, history)
            with suppress(psycopg.Error):
                writing.rollback()
            _settle(run)
        if way is not Way.SESSION:
            self.close()
        self._quiet()
        return Killed(words=words)

    def _course_of(
        self,
        watching: psycopg.Connection[tuple[object, ...]],
        own: list[int],
        next_: Gate,
        run: Future[Any],
    ) -> str:
        """Wait until the statement waits for the writer or has ended; say which."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if next_.is_waited_at():
                return "when it had run"
            if run.done():
                return "when the whole revision had run"
            if any(waits for _, waits in watching.execute(_OTHERS, [own])):
                return "while it waited for other writers"
            time.sleep(_PAUSE)
        raise TrialError(f"the statement does not end within {_PATIENCE:.0f} s")

    def _end(
        self,
        way: Way,
        watching: psycopg.Connection[tuple[object, ...]],
        own: list[int],
        history: Steps,
    ) -> None:
        match way:
            case Way.CLIENT:
                history.kill()
            case Way.SESSION:
                pids = [pid for pid, _ in watching.execute(_OTHERS, [own])]
                watching.execute(_TERMINATE, [pids])
                # Those alone: the client connects anew to tidy up, and waits at the next gate.
                _until_gone(watching, lambda: [pid for pid, _ in watching.execute(_AT, [pids])])
            case Way.SERVER:
                server = self._course.server
                assert isinstance(server, LocalServer)
                server.crash()
                history.kill()

    def _quiet(self) -> None:
        """Wait until every session of the attempt is gone: a killed client's may still work."""
        with self._course.server.connect(self._database) as connection:
            own = [connection.info.backend_pid]
            _until_gone(connection, lambda: [pid for pid, _ in connection.execute(_OTHERS, [own])])


def _until_gone(
    watching: psycopg.Connection[tuple[object, ...]], left: Callable[[], list[object]]
) -> None:
    """Wait until no session of these is left."""
    deadline = time.monotonic() + _PATIENCE
    while pids := left():
        if time.monotonic() > deadline:
            at = "; ".join(str(what) for _, what in watching.execute(_AT, [pids]))
            raise TrialError(f"a session of the attempt does not end: {at}")
        time.sleep(_PAUSE)


@contextmanager
def _both(gates: Gates) -> Iterator[tuple[Gate, Gate]]:
    with gates.shut() as one, gates.shut() as other:
        yield one, other


def _lock_all(writing: psycopg.Connection[tuple[object, ...]]) -> None:
    """Lock every table as a writer does, but for those that the attempt itself has locked."""
    writing.execute(_LOCK_ALL)


def _settle(run: Future[Any]) -> None:
    """Wait for the end of an attempt, whatever it is."""
    with suppress(PgassayError):
        run.result(_PATIENCE)


def _said(run: Future[Any]) -> str:
    error = run.exception() if run.done() else None
    return str(error) if error else "it has ended before"
