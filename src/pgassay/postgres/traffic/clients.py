"""Clients: threads that run one short transaction after the other and note how each ended.

They prepare each statement once and keep it, as most drivers and pools do, so that a plan that a
migration makes invalid shows as it would there.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Self

from pgassay.core.traffic import Failure, Moment, Rate, Sample
from pgassay.postgres.traffic.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    import psycopg

    from pgassay.core.statement import Refusal
    from pgassay.core.traffic import Unit

_SPAN = 0.1  # seconds of one sample of throughput
_GRACE = 5.0  # seconds that a client has to end what it is at


@dataclass(frozen=True, slots=True)
class Attempt:
    """One unit that a client ran; times are of the monotonic clock."""

    unit: Unit
    began: float
    ended: float
    refusal: Refusal | None


class Client(threading.Thread):
    """One session that runs units in turn until it is told to stop."""

    def __init__(
        self, connection: psycopg.Connection[object], units: Sequence[Unit], pause: float
    ) -> None:
        super().__init__(name="pgassay client", daemon=True)
        self.attempts: list[Attempt] = []
        self.pid = connection.info.backend_pid
        self.units = units
        self._connection, self._pause = connection, pause
        self._done = threading.Event()

    def run(self) -> None:
        """Run unit after unit."""
        wire = Wire(self._connection.pgconn)
        wanted = self._wanted
        while not self._done.is_set():
            for unit in self.units:
                began = monotonic()
                reply = wire.perform(unit.statements, wanted)
                if self._done.is_set() and reply.refusal:
                    return  # cancelled by us
                self.attempts.append(Attempt(unit, began, monotonic(), reply.refusal))
                if self._done.wait(self._pause):
                    return

    def stop(self) -> None:
        """Let it end; what it waits for is cancelled."""
        self._done.set()

    def _wanted(self) -> bool:
        return not self._done.is_set()


class Clients:
    """Several clients at once; a context manager that starts and stops them.

    Args:
        connect: opens a connection to the database in autocommit mode.
        units: what they run; each begins at another place.
        count: how many there are.
        pause: seconds that each takes between two units.
    """

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[object]],
        units: Sequence[Unit],
        *,
        count: int,
        pause: float,
    ) -> None:
        self._units = {unit.name for unit in units} if count else set()
        step = max(1, len(units) // max(1, count))
        self._connections: list[psycopg.Connection[object]] = []
        self._clients: list[Client] = []
        for number in range(count if units else 0):
            connection = connect()
            self._connections.append(connection)
            at = number * step % len(units)
            turned = [*units[at:], *units[:at]]
            self._clients.append(Client(connection, turned, pause))

    @property
    def pids(self) -> frozenset[int]:
        """Their backends."""
        return frozenset(client.pid for client in self._clients)

    @property
    def attempts(self) -> list[Attempt]:
        """What they did, in the order of its end; complete once they have stopped."""
        done = [attempt for client in self._clients for attempt in list(client.attempts)]
        return sorted(done, key=lambda attempt: attempt.ended)

    def __enter__(self) -> Self:
        """Start them."""
        for client in self._clients:
            client.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop them and close their connections."""
        for client in self._clients:
            client.stop()
        for client in self._clients:
            client.join(_GRACE)
        for client, connection in zip(self._clients, self._connections, strict=True):
            if not client.is_alive():  # libpq's connections are for one thread at a time
                connection.close()

    def go_round(self, seconds: float) -> None:
        """Wait so long, and until every unit has been run by somebody from now on."""
        begun = monotonic()
        while (spent := monotonic() - begun) < max(_GRACE, seconds):
            if spent >= seconds and self._units <= self._done_since(begun):
                return
            threading.Event().wait(0.02)

    def _done_since(self, begun: float) -> set[str]:
        return {
            attempt.unit.name
            for client in self._clients
            for attempt in list(client.attempts)
            if attempt.began >= begun
        }


def moment(attempt: Attempt, began: float, ended: float) -> Moment:
    """Return when an attempt began or ended, seen from a migration."""
    if attempt.ended < began:
        return Moment.BEFORE
    return Moment.DURING if attempt.began <= ended else Moment.AFTER


def rates(
    attempts: Iterable[Attempt], began: float, ended: float, resumed: float
) -> dict[Moment, Rate]:
    """Return what clients got through before, during and after a migration.

    Args:
        attempts: what they tried.
        began: when the migration began.
        ended: when it ended.
        resumed: when it had been tried again, if it was: what lies between counts for neither.
    """
    finished: Counter[Moment] = Counter()
    failed: Counter[Moment] = Counter()
    first, last = began, resumed
    for attempt in attempts:
        first, last = min(first, attempt.began), max(last, attempt.ended)
        if ended < attempt.ended <= resumed:
            continue
        at = _ended_in(attempt, began, ended)
        finished[at] += attempt.refusal is None
        failed[at] += attempt.refusal is not None
    spans = {
        Moment.BEFORE: began - first,
        Moment.DURING: ended - began,
        Moment.AFTER: last - resumed,
    }
    return {at: Rate(seconds=spans[at], finished=finished[at], failed=failed[at]) for at in Moment}


def _ended_in(attempt: Attempt, began: float, ended: float) -> Moment:
    if attempt.ended < began:
        return Moment.BEFORE
    return Moment.DURING if attempt.ended <= ended else Moment.AFTER


def samples(attempts: Iterable[Attempt], began: float) -> tuple[Sample, ...]:
    """Return throughput over time, spans without any unit among them."""
    finished: Counter[int] = Counter()
    failed: Counter[int] = Counter()
    for attempt in attempts:
        span = int((attempt.ended - began) // _SPAN)
        finished[span] += attempt.refusal is None
        failed[span] += attempt.refusal is not None
    spans = [*finished, *failed]
    if not spans:
        return ()
    return tuple(
        Sample(at=round(span * _SPAN, 3), finished=finished[span], failed=failed[span])
        for span in range(min(spans), max(spans) + 1)
    )


def failures(attempts: Iterable[Attempt], began: float, ended: float) -> tuple[Failure, ...]:
    """Return what was refused, by unit, moment and SQLSTATE, in the order it was first seen."""
    counted: Counter[tuple[str, Moment, str]] = Counter()
    first: dict[tuple[str, Moment, str], Attempt] = {}
    for attempt in attempts:
        if attempt.refusal is not None:
            key = (attempt.unit.name, moment(attempt, began, ended), attempt.refusal.sqlstate)
            counted[key] += 1
            first.setdefault(key, attempt)
    return tuple(
        Failure(
            unit=name,
            moment=at,
            sqlstate=sqlstate,
            message=first[name, at, sqlstate].refusal.message,  # type: ignore[union-attr] # refused
            count=count,
            source=first[name, at, sqlstate].unit.source,
        )
        for (name, at, sqlstate), count in counted.items()
    )
