"""Histories that were foretold once, as plain data: played again in one round trip.

The model that foretells a history needs the rows, the keys and the references; what it foretold
is a list of statements, each with the refusal or the content that must follow it.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.cases.judgement import difference
from pgassay.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.case import Refused
    from pgassay.core.statement import Reply, Session, Value

    Rows = Counter[tuple[Value, ...]]

SAVEPOINT = Statement("savepoint pgassay_histories")
RETURN = Statement("rollback to savepoint pgassay_histories")
STEP = Statement("savepoint pgassay_history")
RESTORE = Statement("rollback to savepoint pgassay_history")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """One statement of a history and what must follow.

    Args:
        statement: the statement.
        refused: how it must be refused, one of these ways; empty where it must be accepted.
        content: the fingerprint of the rows that stand afterwards, where it is accepted.
    """

    statement: Statement
    refused: tuple[Refused, ...] = ()
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Histories of some related tables.

    Args:
        prepare: the statements that make the server keep the plan of `content`.
        content: what reads all rows of the tables.
        opening: what every history starts with: `begin` and the rows.
        histories: what was foretold.
    """

    prepare: tuple[Statement, ...]
    content: Statement
    opening: tuple[Statement, ...]
    histories: tuple[tuple[Foretold, ...], ...]

    def holds(self, session: Session, major: int) -> bool:
        """Play all of it, leave nothing behind, and return whether it ends as foretold."""
        if not self.histories:
            return True
        queue = [*self.prepare, self.content, *self.opening, SAVEPOINT]
        ahead = len(queue)
        for history in self.histories:
            queue.append(RETURN)
            for scene in history:
                queue += (STEP, scene.statement, RESTORE if scene.refused else self.content)
        replies = session.run_all([*queue, Statement("rollback")])
        before = Counter(replies[len(self.prepare)].rows)
        opened = replies[len(self.prepare) : ahead]
        if any(reply.refusal for reply in opened):
            return False
        answers = iter(replies[ahead:-1])
        held = [self._held(history, answers, before, major) for history in self.histories]
        return all(itertools.chain.from_iterable(held))

    @staticmethod
    def _held(
        history: Sequence[Foretold], answers: Iterator[Reply], before: Rows, major: int
    ) -> Iterator[bool]:
        next(answers)  # the return to the first rows
        for scene in history:
            next(answers)  # the savepoint
            reply, after = next(answers), next(answers)
            if scene.refused:
                yield not all(difference(way, reply, major=major) for way in scene.refused)
            else:
                seen = Counter(after.rows)
                there = not reply.refusal and not before - seen
                yield there and fingerprint(seen - before) == scene.content


def fingerprint(rows: Rows) -> bytes:
    """Return what stands for these rows, whatever their order."""
    return hashlib.sha256(repr(sorted(rows.items(), key=repr)).encode()).digest()
