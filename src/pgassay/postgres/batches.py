"""Batches: what is sent to sessions in one go, and cases over one session or several of them.

A session's server works while the next batch is sent to another one's, so two sessions keep two
processors busy; the outcomes come in the order of the cases all the same.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from time import perf_counter
from typing import TYPE_CHECKING

from pgassay.cases.judgement import described, judge
from pgassay.core.case import Case, Outcome, Status
from pgassay.core.errors import MachineError
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgassay.core.statement import Reply
    from pgassay.postgres.session import PipelineSession

_LARGEST = 500  # cases of a batch: enough to hide the round trip, little enough to hold in memory
_AHEAD = 200  # cases that are sent and not read: the server works while their verdicts are told


@dataclass(frozen=True, slots=True)
class Sync:
    """The end of a segment: what fails before it is skipped up to it."""


SYNC = Sync()
Queue = list[Statement | Sync]

_BEGIN = Statement("begin")
_SAVEPOINT = Statement("savepoint pgassay_case")
_RESTORE = Statement("rollback to savepoint pgassay_case")
_ROLLBACK = Statement("rollback")


@dataclass(slots=True)
class _Batch:
    """Cases that share their needs, what is sent for them, and how long the sending took."""

    cases: list[Case]
    queue: Queue
    seconds: float = 0.0


def run_cases(
    sessions: Sequence[PipelineSession], cases: Iterable[Case], *, ahead: bool = True
) -> Iterator[Outcome]:
    """Run cases in batches and yield their outcomes in the same order.

    One transaction for each run of cases that share their needs; a savepoint beneath each case;
    nothing is left behind. Each batch goes to the session that has been given the fewest cases.
    The servers are some batches ahead of the outcomes, so the sessions are the generator's alone
    until that is exhausted or closed.

    Args:
        sessions: each on a database of its own, since cases of two of them run at once.
        cases: what to run.
        ahead: whether servers may work while outcomes are told. A backend whose replies nobody
            reads stands still once the socket is full, and DROP DATABASE waits for every backend.
            So whoever does other work on the same server between two outcomes says no.
    """
    given = [0] * len(sessions)
    flying: deque[tuple[PipelineSession, _Batch]] = deque()
    try:
        for batch in _batches(cases):
            place = given.index(min(given))
            given[place] += len(batch.cases)
            started = perf_counter()
            sessions[place].send(batch.queue)
            batch.seconds = perf_counter() - started
            flying.append((sessions[place], batch))
            if not ahead:
                if _under_way(flying) > _AHEAD:
                    yield from _all_read(sessions, flying)
                continue
            while len(flying) >= len(sessions) and _under_way(flying) > _AHEAD:
                yield from _outcomes(*flying.popleft())
        if not ahead:
            yield from _all_read(sessions, flying)
        while flying:
            yield from _outcomes(*flying.popleft())
    finally:
        _leave(sessions, ((session, batch.queue) for session, batch in flying))


def _under_way(flying: Iterable[tuple[PipelineSession, _Batch]]) -> int:
    return sum(len(batch.cases) for _, batch in flying)


def _all_read(
    sessions: Iterable[PipelineSession], flying: deque[tuple[PipelineSession, _Batch]]
) -> list[Outcome]:
    """Read everything that is under way, and let the sessions rest."""
    told: list[Outcome] = []
    while flying:
        told += _outcomes(*flying.popleft())
    for session in sessions:
        session.leave()
    return told


def run_beside(
    asked: Sequence[tuple[PipelineSession, Sequence[Sequence[Statement]]]],
) -> list[list[Reply]]:
    """Run segments of statements on several sessions at once; return the replies of each.

    What follows a refused statement within its segment is skipped (25P02).
    """
    queues = []
    for _, segments in asked:
        queue: Queue = []
        for segment in segments:
            queue += (*segment, SYNC)
        queues.append(queue)
    sessions = [session for session, _ in asked]
    flying: deque[tuple[PipelineSession, Queue]] = deque()
    replies = []
    try:
        for session, queue in zip(sessions, queues, strict=True):
            session.send(queue)
            flying.append((session, queue))
        while flying:
            session, queue = flying.popleft()
            replies.append(session.receive(queue))
    finally:
        _leave(sessions, flying)
    return replies


def _leave(
    sessions: Iterable[PipelineSession], flying: Iterable[tuple[PipelineSession, Queue]]
) -> None:
    """Let sessions be used for something else, also where one was lost or the reader stopped."""
    for session, queue in flying:
        with suppress(MachineError):  # the first is being told
            session.receive(queue)
    for session in sessions:
        session.leave()


def _batches(cases: Iterable[Case]) -> Iterator[_Batch]:
    for needs, group in groupby(cases, key=lambda case: case.needs):
        together = list(group)
        for start in range(0, len(together), _LARGEST):
            some = together[start : start + _LARGEST]
            queue: Queue = [_BEGIN, *needs, _SAVEPOINT, SYNC]
            for case in some:
                queue += (_RESTORE, *(step.statement for step in case.steps), SYNC)
            queue += (_ROLLBACK, SYNC)
            yield _Batch(some, queue)


def _outcomes(session: PipelineSession, batch: _Batch) -> list[Outcome]:
    started = perf_counter()
    replies = iter(session.receive(batch.queue))
    cases = batch.cases
    opening = [next(replies) for _ in range(len(cases[0].needs) + 2)]
    refused = next((r.refusal for r in opening if r.refusal), None)
    by_case = []
    for case in cases:
        next(replies)  # the return to the savepoint
        by_case.append([next(replies) for _ in case.steps])
    share = (batch.seconds + perf_counter() - started) / len(cases)
    if refused:
        reason = f"its rows could not be put in place: {described(refused)}"
        return [
            Outcome(case=case, status=Status.ERROR, reason=reason, seconds=share) for case in cases
        ]
    return [
        judge(case, answers, major=session.major, seconds=share)
        for case, answers in zip(cases, by_case, strict=True)
    ]
