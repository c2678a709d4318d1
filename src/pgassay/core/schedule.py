"""A schedule: two sessions, their steps, and what must happen in every order of the steps.

The form is that of PostgreSQL's own isolation tests (src/test/isolation): sessions, steps,
permutations; the expectation is stated by the order of the steps that matter instead of by a
transcript of each permutation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.core.case import Subject
    from pgassay.core.statement import Statement, Value

Order = tuple[str, ...]
"""Labels of steps in the order in which they are sent: `("a1", "b1", "a2", "b2")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What must happen in the orders that it applies to.

    Args:
        when: pairs of labels (earlier, later); it applies where all of them hold.
        waits: steps that must wait for the other session.
        refused: SQLSTATE by step; a step not named must be accepted.
        final: rows that the schedule's final query must return; None asks nothing.
    """

    when: tuple[tuple[str, str], ...] = ()
    waits: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    final: tuple[tuple[Value, ...], ...] | None = None

    def applies(self, order: Order) -> bool:
        """Whether the order is one of those that this ending describes."""
        return all(order.index(earlier) < order.index(later) for earlier, later in self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Two sessions `a` and `b` against the same rows.

    Each session runs in one transaction at `isolation`, which begins before its first step; its
    last step says how it ends (`commit` or `rollback`). Steps are labelled `a1, a2, …, b1, …`.

    Args:
        kind: `race` for derived ones, `schedule` for written ones.
        subject: what it is about.
        title: what must hold, in one line.
        why: why it matters.
        setup: statements committed beforehand.
        a: the steps of session a.
        b: the steps of session b.
        final: a query for what stands at the end.
        endings: what must happen; exactly one applies to each order.
        isolation: the transaction isolation level.
    """

    kind: str
    subject: Subject
    title: str
    why: str = ""
    setup: tuple[Statement, ...] = ()
    a: tuple[Statement, ...]
    b: tuple[Statement, ...]
    final: Statement | None = None
    endings: tuple[Ending, ...]
    isolation: str = "read committed"

    @property
    def steps(self) -> dict[str, Statement]:
        """The statements by label."""
        named = (("a", self.a), ("b", self.b))
        return {f"{s}{i}": statement for s, all_ in named for i, statement in enumerate(all_, 1)}

    def orders(self) -> Iterator[Order]:
        """Yield every order of the steps that keeps each session's own order."""
        total = len(self.a) + len(self.b)
        for places in combinations(range(total), len(self.a)):
            a = iter(range(1, len(self.a) + 1))
            b = iter(range(1, len(self.b) + 1))
            yield tuple(f"a{next(a)}" if i in places else f"b{next(b)}" for i in range(total))

    def ending(self, order: Order) -> Ending:
        """Return the one ending that applies; ValueError if none or several do."""
        found = [ending for ending in self.endings if ending.applies(order)]
        if len(found) != 1:
            raise ValueError(f"{len(found)} endings apply to the order {' '.join(order)}")
        return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What one order of a schedule really did."""

    waits: frozenset[str]
    refused: Mapping[str, str]
    messages: Mapping[str, str] = field(default_factory=dict)
    final: tuple[tuple[Value, ...], ...] | None = None


def differences(ending: Ending, course: Course) -> list[str]:
    """Return in words how a course differs from its ending; empty if it does not."""
    told = []
    if early := sorted(ending.waits - course.waits):
        told.append(f"{', '.join(early)} did not wait")
    if late := sorted(course.waits - ending.waits):
        told.append(f"{', '.join(late)} waited")
    for label in sorted({*ending.refused, *course.refused}):
        want, got = ending.refused.get(label), course.refused.get(label)
        if want != got:
            said = f"refused with {got} {course.messages.get(label, '')}" if got else "accepted"
            told.append(f"{label} was {said}; expected {want or 'to be accepted'}")
    if ending.final is not None and course.final != ending.final:
        told.append(f"at the end {course.final}; expected {ending.final}")
    return told
