"""Pieces of work that wait for each other, done by several lanes at once.

Whoever is free takes, of what is ready, the earliest stage's heaviest piece: the rows first, so
that both lanes are busy to the end, then what is built from them.
"""

from __future__ import annotations

import heapq
import threading
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.postgres.bulk.progress import Done, Stage, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from queue import SimpleQueue

    from pgassay.postgres.bulk.lane import Lane

_ORDER = {stage: number for number, stage in enumerate(Stage)}


@dataclass(eq=False, slots=True, kw_only=True)
class Task:
    """One piece of work.

    Args:
        stage: its kind.
        subject: what it is done to, in words.
        weight: how much work it is, compared with others of its stage.
        perform: does it; told the lane and whether other work waits beside it.
        after: what must have been done before.
    """

    stage: Stage
    subject: str
    weight: float
    perform: Callable[[Lane, bool], None]
    after: Sequence[Task] = field(default_factory=tuple)


class Crew:
    """Lanes at work on tasks.

    Args:
        lanes: who works; they are closed by whoever made them.
        tasks: what is to be done.
        told: where steps are put, by tasks as well.
    """

    def __init__(
        self, lanes: Sequence[Lane], tasks: Sequence[Task], told: SimpleQueue[Step | None]
    ) -> None:
        self._lanes = lanes
        self._told = told
        self._waiting = {task: set(task.after) for task in tasks}
        self._ready: list[tuple[int, float, int, Task]] = []
        self._undone = len(self._waiting)
        self._numbers = {task: number for number, task in enumerate(tasks)}
        self._change = threading.Condition()
        self._failure: BaseException | None = None
        self._threads = [
            threading.Thread(target=self._work, args=(lane,), daemon=True) for lane in lanes
        ]

    def steps(self) -> Iterator[Step]:
        """Do all of it and yield what is told.

        Raises the first failure, after every lane has let go of its work. So does leaving the
        generator early.
        """
        with self._change:
            self._promote()
        for thread in self._threads:
            thread.start()
        try:
            for _ in self._threads:
                while (step := self._told.get()) is not None:
                    yield step
        finally:
            self._stop()
            for thread in self._threads:
                thread.join()
        if self._failure is not None:
            raise self._failure

    def _stop(self) -> None:
        with self._change:
            busy = self._undone > 0
            self._undone = 0
            self._ready.clear()
            self._waiting.clear()
            self._change.notify_all()
        if busy:
            for lane in self._lanes:
                lane.interrupt()

    def _promote(self) -> None:
        """Move what waits for nothing any more to what is ready."""
        for task in [task for task, after in self._waiting.items() if not after]:
            del self._waiting[task]
            entry = (_ORDER[task.stage], -task.weight, self._numbers[task], task)
            heapq.heappush(self._ready, entry)

    def _work(self, lane: Lane) -> None:
        try:
            while (task := self._next()) is not None:
                started = perf_counter()
                task.perform(lane, bool(self._ready))
                self._told.put(
                    Done(stage=task.stage, subject=task.subject, seconds=perf_counter() - started)
                )
                self._finish(task)
        except BaseException as failure:  # noqa: BLE001 - raised where the steps are heard
            with self._change:
                first = self._failure is None and self._undone > 0
                if first:
                    self._failure = failure
            if first:
                self._stop()
        finally:
            self._told.put(None)

    def _next(self) -> Task | None:
        with self._change:
            while not self._ready and self._undone > 0:
                self._change.wait()
            return heapq.heappop(self._ready)[-1] if self._ready else None

    def _finish(self, task: Task) -> None:
        with self._change:
            self._undone -= 1
            for after in self._waiting.values():
                after.discard(task)
            self._promote()
            self._change.notify_all()
