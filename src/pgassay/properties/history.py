"""A property of any history: inserts, updates and deletes over related tables.

This is a stateful test: random statements over related tables, a small model in Python of keys,
references, actions and NULLs (`cases.referential`), and after each statement the whole content of
the tables compared with what the model says. It is drawn as a list of moves that the model makes
statements of (`plot`), and not as Hypothesis' `RuleBasedStateMachine`: that needs the server's
answer to one step before it draws the next, where a list is one round trip of libpq's pipeline,
so that the gate can afford several hundred statements. A list shrinks as well as a machine's
steps do, and a counterexample is a script for psql.

What the model cannot foretell (two keys that disagree, whose triggers fire in an order that no
catalog promises; a column that a CHECK or a partial key reads) is not played; and where the
contract's own database parts from the model in the same way, nothing is told.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pgassay.cases.judgement import described, difference
from pgassay.cases.survey import survey
from pgassay.core.case import Accepted
from pgassay.core.statement import Statement
from pgassay.properties.content import Content
from pgassay.properties.falsified import Falsified
from pgassay.properties.plot import Plot, Scene, moves
from pgassay.properties.replay import (
    RESTORE,
    RETURN,
    SAVEPOINT,
    STEP,
    Foretold,
    Replay,
    fingerprint,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis import strategies as st

    from pgassay.cases.referential import Edge
    from pgassay.core.catalog import Table
    from pgassay.core.statement import Reply, Session, Value
    from pgassay.properties.plot import Move
    from pgassay.rows.maker import RowMaker


class History:
    """Plays drawn moves, and holds the server to what the model foretells.

    Between `open` and `close` the session is in a transaction that holds the rows which every
    history starts with.

    Args:
        tables: a group of `related_tables`.
        known: every enforced foreign key.
        rows: makes the rows.
        promised: a session on a database that holds the contract.
        session: a session on what the migrations built.
        major: its major version.
    """

    def __init__(
        self,
        *,
        tables: Sequence[Table],
        known: Sequence[Edge],
        rows: RowMaker,
        promised: Session,
        session: Session,
        major: int,
    ) -> None:
        self._plot = Plot(tables=tables, known=known, rows=rows, promised=promised)
        self._content = Content(self._plot.tables)
        self._promised = promised
        self._session = session
        self._major = major
        self._others: Counter[tuple[Value, ...]] = Counter()

    @property
    def edges(self) -> list[Edge]:
        """The references that its histories are about."""
        return self._plot.edges

    def moves(self) -> st.SearchStrategy[list[Move]]:
        """Return the strategy for its histories."""
        return moves(len(self.edges))

    def open(self) -> None:
        """Put the rows in place. Raises Falsified where the server refuses one of them."""
        opening = self._plot.opening
        self._session.run_all(self._content.prepare())
        content, *replies = self._session.run_all([self._content.statement, *opening, SAVEPOINT])
        for number, reply in enumerate(replies):
            if reply.refusal:
                self.close()
                found = f"refused: {described(reply.refusal)}"
                raise Falsified(found, "accepted", opening[: number + 1])
        # Rows that a migration put there are nobody's: they stay as they are.
        self._others = self._content.of(content)

    def close(self) -> None:
        """Take everything back."""
        self._session.run(Statement("rollback"))

    def prove(self, drawn: Sequence[Move]) -> list[Scene]:
        """Play a history and return its scenes, as far as what was foretold is promised.

        Raises Falsified where the server and the model part.
        """
        scenes = list(self._plot.play(drawn))
        replies = self._played(self._session, scenes)
        for number, (scene, (reply, seen)) in enumerate(zip(scenes, replies, strict=True)):
            told = self._difference(scenes[: number + 1], reply, seen)
            if not told:
                continue
            if self._is_promised(scenes[: number + 1], reply, seen):
                return scenes[:number]
            accepted = [s.statement for s in scenes[:number] if s.effect]
            raise Falsified(*told, (*self._plot.opening, *accepted, scene.statement))
        return scenes

    def replay(self, histories: Sequence[Sequence[Scene]]) -> Replay:
        """Return proven histories as data, to be played again without all this."""
        return Replay(
            prepare=self._content.prepare(),
            content=self._content.statement,
            opening=self._plot.opening,
            histories=tuple(tuple(map(self._foretold, scenes)) for scenes in histories),
        )

    def _foretold(self, scene: Scene) -> Foretold:
        if not scene.effect:
            return Foretold(statement=scene.statement, refused=scene.refused)
        after = self._content.foretold(scene.after, self._promised)
        return Foretold(statement=scene.statement, content=fingerprint(after))

    def _played(self, session: Session, scenes: Sequence[Scene]) -> list[tuple[Reply, Reply]]:
        """Return for each scene the reply to its statement, and the content after it."""
        queue = [RETURN]
        for scene in scenes:
            after = self._content.statement if scene.effect else RESTORE
            queue += (STEP, scene.statement, after)
        replies = session.run_all([*queue, RETURN])[1:-1]
        return list(zip(replies[1::3], replies[2::3], strict=True))

    def _difference(
        self, scenes: Sequence[Scene], reply: Reply, seen: Reply
    ) -> tuple[str, str] | None:
        """Return what was found and expected where the last scene is not as foretold."""
        scene = scenes[-1]
        if not scene.effect:
            told = [difference(refused, reply, major=self._major) for refused in scene.refused]
            if all(told):
                return told[0].split("; expected")[0], told[0].rpartition("expected ")[2]
            return None
        if reply.refusal:
            return f"refused: {described(reply.refusal)}", "accepted"
        foretold = self._content.foretold(scene.after, self._promised)
        if self._content.of(seen) == foretold + self._others:
            return None
        return self._rows_that_differ(scenes), "every row as the keys and references say"

    def _rows_that_differ(self, scenes: Sequence[Scene]) -> str:
        """Play it again and ask of each row, the server comparing."""
        scene = scenes[-1]
        assert scene.effect is not None
        asked = survey(scene.before, scene.effect)
        assert isinstance(asked.expect, Accepted)
        accepted = [s.statement for s in scenes if s.effect]
        seen = self._session.run_all([RETURN, *accepted, asked.statement, RETURN])[-2]
        pairs = zip(seen.rows, asked.expect.returns or (), strict=False)
        rows = [f"{got[0]}: {got[1]} (expected {want[1]})" for got, want in pairs if got != want]
        return "; ".join(rows) or "a row that no statement wrote"

    def _is_promised(self, scenes: Sequence[Scene], reply: Reply, seen: Reply) -> bool:
        """Whether the contract's own database does the same, so that the model is wrong."""
        self._promised.run_all(self._content.prepare())
        before, *opened = self._promised.run_all(
            [self._content.statement, *self._plot.opening, SAVEPOINT]
        )
        answer, content = self._played(self._promised, scenes)[-1]
        self._promised.run(Statement("rollback"))
        if any(other.refusal for other in opened):
            return False
        if reply.refusal or answer.refusal:
            return _named(reply) == _named(answer)
        there = self._content.of(content) - self._content.of(before)
        return there == self._content.of(seen) - self._others


def _named(reply: Reply) -> tuple[str | None, ...]:
    found = reply.refusal
    return (found.sqlstate, found.constraint, found.column) if found else ()
