"""EXPLAIN on a stage: many statements in one round trip, and never an execution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError
from pgassay.core.names import literal
from pgassay.core.statement import Statement
from pgassay.postgres.explain import Asked, Explainer, QueryRefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pgassay.core.plan import Plan
    from pgassay.postgres.session import PipelineSession


class StageExplainer(Explainer):
    """Explains statements on a stage, and refuses to execute one.

    Nothing is written there, so that statements need no transaction of their own, and settings stay
    from one to the next.
    """

    def __init__(self, session: PipelineSession, *, kept: Collection[str] = ()) -> None:
        super().__init__(session, kept=kept)
        self._standing: dict[str, str] = {}
        session.run(Statement("reset all"))  # what another one left in the session

    def plan(self, statement: Statement, asked: Asked | None = None) -> Plan:
        """Return the plan of a statement as it would be at that size.

        Raises:
            ConfigError: it was asked to execute the statement.
            QueryRefusedError: the server refuses it.
        """
        asked = asked or Asked()
        if asked.before and not asked.analyze:
            self._session.run_all(tuple(self._changes(asked)))
            return super().plan(statement, asked)  # what goes before is undone behind it
        (found,) = self.plans([(statement, asked)])
        if isinstance(found, QueryRefusedError):
            raise found
        return found

    def plans(self, questions: Sequence[tuple[Statement, Asked]]) -> list[Plan | QueryRefusedError]:
        """Return the plan of each statement, or why it has none. Nothing may go before them.

        Raises:
            ConfigError: it was asked to execute one.
        """
        queue: list[Statement] = []
        places: list[int] = []
        for statement, asked in questions:
            if asked.analyze:
                raise ConfigError(
                    "a stage has no rows: a statement is explained there and not executed",
                    expected="EXPLAIN without ANALYZE",
                    why="what it would return and count says nothing of production",
                )
            queue += self._changes(asked)
            places.append(len(queue))
            queue += self._asking(statement, asked)
        replies = self._session.run_all(queue)
        found: list[Plan | QueryRefusedError] = []
        for (statement, asked), at in zip(questions, places, strict=True):
            try:
                found.append(self._answer(statement, asked, replies[at : at + 2]))
            except QueryRefusedError as error:
                found.append(error)
        return found

    def _changes(self, asked: Asked) -> Iterator[Statement]:
        """Yield what makes the settings of the session those that are wanted next."""
        wanted = self._wanted(asked)
        for name in [name for name in self._standing if name not in wanted]:
            del self._standing[name]
            yield Statement(f"reset {name}")
        for name, value in wanted.items():
            if self._standing.get(name) != value:
                self._standing[name] = value
                yield Statement(f"set {name} = {literal(value)}")
