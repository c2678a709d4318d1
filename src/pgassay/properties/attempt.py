"""Attempts: a drawn row as statements, and what is asked of the replies of two databases.

Plain data, drawn once and played as often as one likes: whoever keeps them needs neither a row
maker nor Hypothesis to prove them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.cases.judgement import described
from pgassay.core.statement import Statement
from pgassay.properties.falsified import Falsified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.finding import Finding
    from pgassay.core.statement import Reply

BEGIN, ROLLBACK = Statement("begin"), Statement("rollback")
SAVEPOINT = Statement("savepoint pgassay_row")
RESTORE = Statement("rollback to savepoint pgassay_row")

Segment = tuple[Statement, ...]
"""Statements that begin at the savepoint; after a refusal the rest of them is skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """An insert that tells, column by column, whether what it stored is what was given.

    Args:
        insert: the statement.
        columns: the columns, in the order in which it tells of them.
        rewritten: whether a trigger of the contract may change the row.
    """

    insert: Statement
    columns: tuple[str, ...]
    rewritten: bool

    @property
    def promised(self) -> tuple[Segment, ...]:
        """What the contract's database is asked."""
        return ((self.insert,),)

    @property
    def built(self) -> tuple[Segment, ...]:
        """What the database under test is asked."""
        return ((self.insert,),)

    def judge(
        self, promised: Sequence[Reply], built: Sequence[Reply], needs: Segment
    ) -> Falsified | None:
        """Return what differs between the two databases' replies."""
        (want,), (got,) = promised, built
        script = (BEGIN, *needs, self.insert, ROLLBACK)
        if want.refusal:
            if _reason(want) != _reason(got):
                return Falsified(_said(got), f"as the models do: {_said(want)}", script)
            return None
        if got.refusal:
            return Falsified(_said(got), "accepted, as the models do", script)
        if got.rows != want.rows or ("f" in got.rows[0] and not self.rewritten):
            pairs = zip(self.columns, got.rows[0], strict=True)
            changed = ", ".join(name for name, same in pairs if same != "t")
            return Falsified(f"{changed} not read back equal", "every value as it was", script)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One way to break a row, and why it must then be refused."""

    way: str
    changes: tuple[tuple[str, str | None], ...]
    sqlstate: str
    constraint: str | None = None
    column: str | None = None
    twice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRow:
    """A row that is broken in one way.

    Args:
        whole: the insert of the row as it was before.
        steps: what breaks it; the last of them must be refused.
        breach: the way.
        is_partitioned: whether a refusal names a partition's constraint, and which depends on
            the months.
    """

    whole: Statement
    steps: Segment
    breach: Breach
    is_partitioned: bool

    @property
    def promised(self) -> tuple[Segment, ...]:
        """What the contract's database is asked: also whether the row was acceptable at all."""
        return ((self.whole,), self.steps)

    @property
    def built(self) -> tuple[Segment, ...]:
        """What the database under test is asked."""
        return (self.steps,)

    def judge(
        self, promised: Sequence[Reply], built: Sequence[Reply], needs: Segment
    ) -> Falsified | None:
        """Return what differs from the reason that there must be."""
        breach, want, got = self.breach, promised[-1].refusal, built[-1].refusal
        if promised[0].refusal:
            return None  # the row was no acceptable one to begin with
        if want is None or want.sqlstate != breach.sqlstate:
            return None  # another promise forbids this breach first; its own breach proves it
        if (
            got is not None
            and got.sqlstate == breach.sqlstate
            and breach.constraint in (None, got.constraint)
            and breach.column in (None, got.column)
            and (not breach.twice or self.is_partitioned or got.constraint == want.constraint)
        ):
            return None
        reason = f"{breach.sqlstate} {breach.constraint or breach.column or ''}".strip()
        return Falsified(
            _said(built[-1]),
            f"refused with {reason}: {breach.way}",
            (BEGIN, *needs, *self.steps, ROLLBACK),
        )


Attempt = StoredRow | BrokenRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """All that is tried of one property of one table.

    Args:
        needs: statements that insert the rows' parents.
        attempts: the rows.
        told: what a person must know of how they were drawn.
    """

    needs: Segment = ()
    attempts: tuple[Attempt, ...] = ()
    told: tuple[Finding, ...] = ()

    @property
    def promised(self) -> list[Segment]:
        """What the contract's database is asked, in one transaction that leaves nothing."""
        return self._whole([segment for one in self.attempts for segment in one.promised])

    @property
    def built(self) -> list[Segment]:
        """What the database under test is asked, likewise."""
        return self._whole([segment for one in self.attempts for segment in one.built])

    def judge(self, promised: Sequence[Reply], built: Sequence[Reply]) -> Falsified | None:
        """Return the first attempt that does not end as promised; replies as to the segments."""
        opening = len(self.needs) + 2
        wanted, got = iter(promised[opening:]), iter(built[opening:])
        for one in self.attempts:
            told = one.judge(_answers(wanted, one.promised), _answers(got, one.built), self.needs)
            if told:
                return told
        return None

    def _whole(self, segments: Sequence[Segment]) -> list[Segment]:
        opening = (BEGIN, *self.needs, SAVEPOINT)
        return [opening, *((RESTORE, *segment) for segment in segments), (ROLLBACK,)]


def _answers(replies: Iterator[Reply], segments: Sequence[Segment]) -> list[Reply]:
    """Return the replies to some segments, without those to the returns to the savepoint."""
    found = []
    for segment in segments:
        next(replies)
        found += [next(replies) for _ in segment]
    return found


def _reason(reply: Reply) -> tuple[str | None, ...]:
    refusal = reply.refusal
    if refusal is None:
        return ()
    return (refusal.sqlstate, refusal.constraint, refusal.column)


def _said(reply: Reply) -> str:
    return f"refused: {described(reply.refusal)}" if reply.refusal else "accepted"
