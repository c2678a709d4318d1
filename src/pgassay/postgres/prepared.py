"""A statement prepared once and executed many times, with as little around it as can be.

What is timed is one round trip over a Unix socket: Bind, Execute, Sync, and the rows as they come
(PostgreSQL documentation, Extended Query). No value is converted, no object made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from psycopg import pq

from pgassay.core.errors import SchemaError
from pgassay.plans.query import PlanMode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg

    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Statement, Value

_FINE = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)
# Planner settings that decide which plan is timed; the same as where plans are judged.
_SETTINGS = ("jit = off", "max_parallel_workers_per_gather = 0", "statement_timeout = '60s'")


class Stopwatch:
    """Runs statements on one connection in autocommit mode, which nobody else uses meanwhile."""

    def __init__(self, connection: psycopg.Connection[object]) -> None:
        self._pg = connection.pgconn
        self._names: dict[tuple[str, PlanMode], bytes] = {}
        self._mode: PlanMode | None = None
        for setting in _SETTINGS:
            self.do(f"set {setting}")

    def do(self, *commands: str) -> None:
        """Run commands that are not timed.

        Raises:
            SchemaError: the server refuses one.
        """
        for command in commands:
            self._fine(self._pg.exec_(command.encode()), command)

    def prepare(self, statement: Statement, mode: PlanMode = PlanMode.CUSTOM) -> Prepared:
        """Return a statement ready to run; what was prepared once is not prepared again.

        Raises:
            SchemaError: the server refuses it.
        """
        key = (statement.sql, mode)
        if key not in self._names:
            name = f"pgassay_{len(self._names)}".encode()
            self._fine(self._pg.prepare(name, statement.sql.encode()), statement.sql)
            self._names[key] = name
        if mode is not self._mode:
            self.do(f"set plan_cache_mode = force_{mode}_plan")
            self._mode = mode
        return Prepared(self._pg, self._names[key], statement.values)

    def rest(self, tables: Iterable[QualifiedName]) -> None:
        """Clear away what rolled-back writes left in tables, so that the next finds the same."""
        for table in tables:
            self.do(f"vacuum (truncate off, index_cleanup on) {table.sql}")

    @staticmethod
    def _fine(result: pq.abc.PGresult, sql: str) -> None:
        if result.status not in _FINE:
            raise SchemaError(
                result.error_message.decode(errors="replace").strip(),
                where=f"a statement that is timed: {sql}",
                expected="a statement that runs",
            )


class Prepared:
    """One prepared statement with its values; `run` is what a clock is held against."""

    def __init__(self, pg: pq.abc.PGconn, name: bytes, values: tuple[Value, ...]) -> None:
        self._pg, self._name = pg, name
        self._values = [None if value is None else value.encode() for value in values]

    def run(self) -> int:
        """Execute it and return how many rows came back, or were written.

        Raises:
            SchemaError: the server refuses it.
        """
        # libpq takes NULL among the values; psycopg's annotation leaves that out.
        result = self._pg.exec_prepared(self._name, cast("Sequence[bytes]", self._values))
        if result.status not in _FINE:
            Stopwatch._fine(result, self._name.decode())  # noqa: SLF001 - the same module's
        return result.ntuples or result.command_tuples or 0
