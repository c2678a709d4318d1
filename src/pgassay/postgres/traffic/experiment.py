"""A migration among clients: what they do before, during and after it, and what they meet."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from pgassay.core.errors import MachineError, PgassayError
from pgassay.core.traffic import Moment, Scene, Traffic
from pgassay.postgres.traffic.clients import Clients, failures, rates, samples
from pgassay.postgres.traffic.holders import OpenTransactions
from pgassay.postgres.traffic.locks import Locks
from pgassay.postgres.traffic.observer import Observer
from pgassay.postgres.traffic.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import psycopg

    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Statement
    from pgassay.core.traffic import Unit

_OPENING = 5.0  # seconds for transactions that are to stay open to get there


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Who is in the database while the migration runs.

    Args:
        units: what the clients run.
        clients: how many there are.
        pause: seconds that a client takes between two units.
        around: seconds of traffic before and after the migration, at least.
        reads: for each relation that the migration touches, what a reader asks that stays open.
        writes: the same for what a writer changes.
        glance: see `Observer`.
        patience: see `Observer`.
        limit: see `Observer`.
    """

    units: tuple[Unit, ...]
    clients: int = 4
    pause: float = 0.004
    around: float = 0.5
    reads: Mapping[QualifiedName, Statement] = field(default_factory=dict)
    writes: Mapping[QualifiedName, Statement] = field(default_factory=dict)
    glance: float = 0.3
    patience: float = 3.0
    limit: float = 300.0


def among_clients(
    connect: Callable[[], psycopg.Connection[Any]],
    migrate: Callable[[], None],
    crowd: Crowd,
    scene: Scene = Scene.SHORT,
) -> Traffic:
    """Run a migration while clients are at work and return what was seen.

    Args:
        connect: opens a connection to the database, in autocommit mode.
        migrate: runs the migration over a connection, or in a process, of its own.
        crowd: who is there beside it; its `reads` and `writes` only where the scene is LONG.
        scene: whether transactions stay open as well.

    Raises:
        MachineError: the locks could not be observed.
        Exception: whatever `migrate` raises that is no refusal.
    """
    units, left_out = performable(connect, crowd.units)
    with ExitStack() as stack:
        clients = stack.enter_context(
            Clients(connect, units, count=crowd.clients, pause=crowd.pause)
        )
        holders = OpenTransactions(
            connect,
            crowd.reads if scene is Scene.LONG else {},
            crowd.writes if scene is Scene.LONG else {},
        )
        stack.callback(holders.close)
        connection = stack.enter_context(connect())
        observer = Observer(
            Locks(connection),
            clients=clients.pids,
            holders=holders.all,
            glance=crowd.glance,
            patience=crowd.patience,
            limit=crowd.limit,
        )
        clients.go_round(crowd.around)
        _open(holders)
        observer.start()
        began = monotonic()
        try:
            refused = _refusal(migrate)
        finally:
            ended = monotonic()
            observer.stop()
            holders.close()
        if observer.error is not None:
            raise MachineError(
                f"the locks could not be observed: {observer.error}", where="traffic"
            ) from observer.error
        if observer.ended_it:
            refused = f"it did not end within {crowd.limit:g} s, and was ended: {refused}"
        gave_up = bool(refused) and any(held.gave_up for held in observer.held)
        refused_again = _refusal(migrate) if gave_up else ""
        resumed = monotonic() if gave_up else ended
        clients.go_round(crowd.around)
    attempts = clients.attempts
    return Traffic(
        scene=scene,
        seconds=ended - began,
        clients=crowd.clients,
        units=len(units),
        rates=rates(attempts, began, ended, resumed),
        waits=observer.waits(began),
        held=observer.held,
        failures=tuple(
            failure
            for failure in failures(attempts, began, resumed)
            if failure.moment is not Moment.BEFORE
        ),
        left_out=left_out,
        samples=samples(attempts, began),
        refused=refused,
        again=not refused_again if gave_up else None,
        refused_again=refused_again,
    )


def performable(
    connect: Callable[[], psycopg.Connection[Any]], units: Sequence[Unit]
) -> tuple[tuple[Unit, ...], tuple[tuple[str, str], ...]]:
    """Try each unit and undo it; return those that run, and why each of the others does not."""
    fine: list[Unit] = []
    left_out: list[tuple[str, str]] = []
    with connect() as connection:
        wire = Wire(connection.pgconn)
        for unit in units:
            refusal = None
            wire.do("begin", _always)
            for statement in unit.statements:
                refusal = refusal or wire.run(statement, _always).refusal
            wire.do("rollback", _always)
            if refusal is None:
                fine.append(unit)
            else:
                left_out.append((unit.name, f"{refusal.sqlstate} {refusal.message}"))
    return tuple(fine), tuple(left_out)


def _always() -> bool:
    return True


def _open(holders: OpenTransactions) -> None:
    holders.open()
    deadline = monotonic() + _OPENING
    while not holders.ready and monotonic() < deadline:
        threading.Event().wait(0.005)


def _refusal(migrate: Callable[[], None]) -> str:
    try:
        migrate()
    except PgassayError as error:
        return error.found
    return ""
