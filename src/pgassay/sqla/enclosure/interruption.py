"""Inside the enclosure: the statements of a revision are noted, and can be stopped at.

A statement counts from the moment when Alembic calls `upgrade()` or `downgrade()` until it has
written its version; what env.py does around that (locks, settings) does not. Statements are seen
where SQLAlchemy hands them to a driver, so that every driver is served alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.runtime import migration as alembic_migration
from sqlalchemy import Engine, NullPool, create_engine, event, text

from pgassay.sqla.enclosure.process import STOPPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.route import Target


class Interruption:
    """Notes statements, and fails or waits before some of them.

    Args:
        target: where the locks are that it waits for.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._within = False
        self._fail_at: int | None = None
        self._gates: Mapping[int, int] = {}
        self._ours = False
        self.statements: list[tuple[str, bool]] = []
        _announce_steps(self)
        event.listen(Engine, "before_cursor_execute", self._before)

    def begin(self, *, fail_at: int | None, gates: Mapping[int, int]) -> None:
        """Forget what was noted, and stop before these statements, counted from 1.

        Args:
            fail_at: raises an error before this one.
            gates: waits before these until the advisory lock of that key is free.
        """
        self.statements = []
        self._within = False
        self._fail_at, self._gates = fail_at, gates

    def end(self) -> None:
        """Stop at nothing any more."""
        self._within = False
        self._fail_at, self._gates = None, {}

    def enter(self) -> None:
        """Note what is executed from now on."""
        self._within = True

    def leave(self) -> None:
        """Note nothing any more."""
        self._within = False

    def _before(self, connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not self._within or self._ours:
            return
        self.statements.append((statement, _is_alone(connection)))
        number = len(self.statements)
        if number in self._gates:
            self._wait(self._gates[number])
        if number == self._fail_at:
            raise RuntimeError(f"{STOPPED}, before its statement {number}")

    def _wait(self, key: int) -> None:
        engine = create_engine(
            self._target.url("psycopg"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        self._ours = True
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        finally:
            self._ours = False


def _is_alone(connection: Any) -> bool:
    """Whether a statement is a transaction of its own, as far as the driver says it."""
    driver = connection.connection.dbapi_connection
    if driver is None:
        return False
    return bool(
        getattr(driver, "autocommit", False)
        or str(getattr(driver, "isolation_level", "")).lower() == "autocommit"
    )


def _announce_steps(listener: Interruption) -> None:
    """Let Alembic tell when a revision's own function begins, and when its version is written."""
    step, heads = alembic_migration.RevisionStep, alembic_migration.HeadMaintainer
    made, written = step.__init__, heads.update_to_step

    def init(self: Any, *arguments: Any, **more: Any) -> None:
        made(self, *arguments, **more)
        function = self.migration_fn

        def announced(*given: Any, **named: Any) -> Any:
            listener.enter()
            return function(*given, **named)

        self.migration_fn = announced

    def update_to_step(self: Any, *arguments: Any) -> Any:
        try:
            return written(self, *arguments)
        finally:
            listener.leave()

    step.__init__ = init  # type: ignore[method-assign]  # of this process
    heads.update_to_step = update_to_step  # type: ignore[method-assign,assignment]  # of this process
