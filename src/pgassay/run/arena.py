"""The arena: where the orders of schedules are played, each on the same empty tables.

Emptying a few dozen tables takes less than a millisecond, a fresh copy of the database fifty; so
one copy serves all orders, unless the migrations put rows into it or the server gives no right to
look past the triggers.
"""

from __future__ import annotations

import weakref
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.catalog import TableKind
from pgassay.core.errors import TrialError
from pgassay.core.statement import Statement
from pgassay.postgres.servers import Capability
from pgassay.postgres.two_sessions import TwoSessions

if TYPE_CHECKING:
    from pgassay.core.catalog import Table
    from pgassay.core.schedule import Course, Order, Schedule
    from pgassay.run.stand import Stand


class Arena:
    """Plays schedules on copies of what the migrations built."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._two: TwoSessions | None = None
        self._database = ""

    def play(self, schedule: Schedule, order: Order) -> Course:
        """Play one order from the beginning and return what happened."""
        if self._two is None:
            self._open()
        elif self._can_be_emptied:
            self._empty(self._two)
        else:
            self.close()
            self._open()
        assert self._two is not None
        try:
            return self._two.perform(schedule, order)
        except TrialError:
            self.close()  # a step may still be under way
            raise

    def close(self) -> None:
        """Let go of the database."""
        if self._two is not None:
            self._two.close()
            self._two = None
            self._stand.server.drop_database(self._database)

    def _open(self) -> None:
        # Also of a populated stand: a schedule says what whole tables hold at its end.
        self._database = self._stand.aligned(self._stand.proven)
        self._two = TwoSessions(self._stand.server.conninfo(self._database))
        weakref.finalize(self, self._two.close)  # nobody knows which trial will be the last

    @cached_property
    def _tables(self) -> list[Table]:
        tables = self._stand.catalogs[self._stand.proven].roots()
        return [table for table in tables if table.kind is not TableKind.FOREIGN]

    @cached_property
    def _can_be_emptied(self) -> bool:
        """Whether the tables are empty to begin with, as they are before the migrations' rows."""
        stand = self._stand
        if Capability.SUPERUSER not in stand.server.capabilities or not self._tables:
            return False
        held = " or ".join(f"exists (select from {t.name.sql})" for t in self._tables)
        fresh = stand.session(stand.lent(stand.proven))
        return fresh.run(Statement(f"select {held}")).rows == (("f",),)

    def _empty(self, two: TwoSessions) -> None:
        deletes = [f"delete from {table.name.sql}" for table in self._tables]
        past_triggers = "set local session_replication_role = replica"
        two.aside([Statement(sql) for sql in ("begin", past_triggers, *deletes, "commit")])
