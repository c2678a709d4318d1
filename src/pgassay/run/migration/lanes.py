"""Lanes: parts of a validation run side by side where no clock judges them.

What measures a time has the machine to itself and comes first; what ends every session on the
server comes last. Between the two a part waits more than it works: for a server, for a process of
the project, for a lock of its own making. So several are on their way at once, each on databases of
its own, and what they have to tell is told in the order of the parts all the same.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING

from pgassay.core.processors import processors
from pgassay.run.migration.parts import PARTS, Company, part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgassay.core.event import Event
    from pgassay.core.trace import RevisionTrace
    from pgassay.run.migration.ground import Ground

_MOST = 4  # lanes; more would not be filled for long
_SLOWER = 10  # times that a statement may take where others are at work
_FAREWELL = 60.0  # seconds for a part to end whose sessions are gone


def side_by_side(
    ground: Ground, names: Sequence[str], *, lanes: int | None = None
) -> Iterator[Event]:
    """Run parts and yield their events, part by part in the order of `names`.

    An error of one is raised where its events end; what others are at is then broken off.

    Args:
        ground: what they stand on.
        names: which.
        lanes: how many may be on their way at once; by default one for each processor and one
            that waits, and one alone where it is not known that they keep out of each other's way.
    """
    parts = _Parts([_Run(name, ground) for name in names])
    try:
        yield from parts.one_by_one(Company.ALONE)
        at_once = lanes or _lanes_for(ground)
        if at_once > 1:
            yield from _in_lanes(ground, parts, at_once)
        for company in Company:
            yield from parts.one_by_one(company)
    finally:
        parts.close()


def _lanes_for(ground: Ground) -> int:
    """Return how many parts may be on their way at once."""
    quick = all(map(_leaves_time, ground.traces))
    if not (quick and ground.keeps_to_its_database and ground.has_room):
        return 1
    return min(_MOST, 1 + processors())


def _leaves_time(trace: RevisionTrace) -> bool:
    """Whether a revision would stay within its own limits of time on a machine that is busy."""
    limits = [(one.seconds, one.statement_timeout) for one in trace.statements]
    limits += [
        (trace.transactions[one.transaction - 1], one.transaction_timeout)
        for one in trace.statements
        if one.transaction <= len(trace.transactions)
    ]
    return all(not limit or _SLOWER * 1000 * seconds < limit for seconds, limit in limits)


class _Run:
    """One part on its way; at any time one thread leads it.

    Attributes:
        name: which.
        company: who may be at work beside it for what comes next.
        told: events that nobody has taken yet.
        ended: whether all are in `told`.
        error: what it ended with.
    """

    def __init__(self, name: str, ground: Ground) -> None:
        self.name = name
        self.company = PARTS[name].company
        self.told: deque[Event] = deque()
        self.ended = False
        self.error: BaseException | None = None
        self._events = part(name)(ground)

    def steps(self) -> Iterator[None]:
        """Go on until it ends or asks for another company; a step for each event."""
        if self.ended:
            return
        try:
            for event in self._events:
                if not isinstance(event, Company):
                    self.told.append(event)
                    yield
                elif event is not self.company:
                    self.company = event
                    return
        except Exception as error:  # noqa: BLE001 - raised again where its events end
            self.error = error
        self.ended = True

    def lead(self, step: Callable[[], None], stop: threading.Event) -> None:
        """Go on likewise in a thread of its own, until told to stop; tell each step."""
        try:
            for _ in self.steps():
                step()
                if stop.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - here nobody would hear of it
            self.error, self.ended = error, True

    def close(self) -> None:
        """Let go of what it holds, if it has not ended."""
        with suppress(Exception):  # its sessions may be gone
            self._events.close()


class _Parts:
    """Parts in the order in which they are told."""

    def __init__(self, runs: Sequence[_Run]) -> None:
        self.runs = runs
        self._at = 0

    def one_by_one(self, company: Company) -> Iterator[Event]:
        """Lead those that are in this company, and yield what can be told by then."""
        for run in self.runs:
            while run.company is company and not run.ended:
                for _ in run.steps():
                    yield from self.told()
                yield from self.told()

    def told(self) -> Iterator[Event]:
        """Yield what can be told: of each part once those before it have ended."""
        while self._at < len(self.runs):
            run = self.runs[self._at]
            ended = run.ended  # asked first: until then it may still add to what it tells
            while run.told:
                yield run.told.popleft()
            if not ended:
                return
            self._at += 1
            if run.error is not None:
                raise run.error

    def close(self) -> None:
        """Let go of what the parts hold."""
        for run in self.runs:
            run.close()


def _in_lanes(ground: Ground, parts: _Parts, lanes: int) -> Iterator[Event]:
    """Lead the parts that bear company, so many at once."""
    runs = [run for run in parts.runs if run.company is Company.OTHERS and not run.ended]
    # The longest first: what is left at the end is short, and no lane stands empty for long.
    left = deque(sorted(runs, key=lambda run: -PARTS[run.name].weight))
    news: SimpleQueue[bool] = SimpleQueue()  # False for a step, True for a lane that has ended
    stop = threading.Event()

    def lane() -> None:
        try:
            while not stop.is_set():
                try:
                    run = left.popleft()
                except IndexError:
                    return
                run.lead(lambda: news.put(False), stop)
        finally:
            news.put(True)

    threads = [
        threading.Thread(target=lane, name=f"pgassay lane {number}", daemon=True)
        for number in range(min(lanes, len(runs)))
    ]
    for thread in threads:
        thread.start()
    busy = len(threads)
    try:
        while busy:
            busy -= news.get()
            yield from parts.told()
    finally:
        if busy:  # a part has failed, or nobody listens any more
            stop.set()
            ground.end_sessions()
            for thread in threads:
                thread.join(_FAREWELL)
