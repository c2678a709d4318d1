"""What properties draw: rows of a table, and histories of related tables, by Hypothesis."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity
from pgassay.properties.attempt import Attempt, Attempts
from pgassay.properties.falsified import Falsified, drawn, falsify
from pgassay.properties.history import History
from pgassay.properties.rows import (
    Ground,
    any_row,
    breaches,
    broken_row,
    free_columns,
    stored_row,
)
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pgassay.cases.referential import Edge
    from pgassay.core.catalog import Table
    from pgassay.postgres.session import PipelineSession
    from pgassay.properties.replay import Replay
    from pgassay.run.stand import Stand

_SHORT, _LONG = 5, 300  # examples per table
_SHORT_HISTORIES, _LONG_HISTORIES = 20, 2_000  # over all groups of related tables
_FEW_HISTORIES = 4  # of one group


def make_tables() -> None:
    """Let Hypothesis make the tables that it makes once for each process."""
    drawn(st.integers(), examples=1, seed=0)


class RowDrawing:
    """Draws rows of one table, and tries them.

    Args:
        stand: where.
        table: the table.
        session: a session on what the migrations built.
        breaking: whether the rows are broken in one way each, or stored as they are.

    Attributes:
        told: what a person must know of how they are drawn.
    """

    def __init__(
        self, stand: Stand, table: Table, session: PipelineSession, *, breaking: bool
    ) -> None:
        self._stand = stand
        self._table = table
        self._session = session
        self._breaking = breaking
        self.told: tuple[Finding, ...] = ()
        self._ground = self._laid()

    def attempts(self) -> Attempts:
        """Return what the short form tries."""
        if self._ground is None or self._draw is None:
            return Attempts(told=self.told)
        draw, attempt = self._draw
        found = drawn(draw, examples=_SHORT, seed=self._stand.request.seed)
        return Attempts(
            needs=self._ground.needs, attempts=tuple(map(attempt, found)), told=self.told
        )

    def falsified(self) -> Falsified | None:
        """Return the smallest row that does not end as promised, if one is drawn."""
        if self._ground is None or self._draw is None:
            return None
        draw, attempt = self._draw
        ground, thorough = self._ground, self._stand.request.thorough
        ground.open()
        counterexample = falsify(
            draw,
            lambda example: ground.prove(attempt(example)),
            examples=_LONG if thorough else _SHORT,
            seed=self._stand.request.seed,
            thorough=thorough,
        )
        ground.close()
        return counterexample

    @cached_property
    def _draw(self) -> tuple[st.SearchStrategy[Any], Callable[[Any], Attempt]] | None:
        """What is drawn, and what becomes of it; None where there is no way to break a row."""
        ground = self._ground
        assert ground is not None
        if not self._breaking:
            return any_row(ground), partial(stored_row, ground)
        ways = breaches(ground, self._stand.source.rows.graph(self._table, 7)[-1])
        if not ways:
            return None
        return (
            st.tuples(any_row(ground), st.sampled_from(ways)),
            lambda example: broken_row(ground, *example),
        )

    def _laid(self) -> Ground | None:
        rows = self._stand.source.rows
        try:
            graph = rows.graph(self._table, 5)
        except Unsatisfiable as reason:
            self.told = (
                Finding(
                    slug="property",
                    subject=Subject(object=str(self._table.name)),
                    title="no row could be made",
                    found=reason.found,
                    expected="one valid row",
                    fix=reason.fix or "",
                    severity=Severity.WARNING,
                ),
            )
            return None
        catalog = self._stand.source.contract
        _, left_out = free_columns(catalog, self._table)
        if left_out and not self._breaking:
            self.told = (
                Finding(
                    slug="property",
                    subject=Subject(object=str(self._table.name)),
                    title="columns that no value is drawn for",
                    found=", ".join(left_out),
                    expected="a strategy for each type",
                    severity=Severity.INFO,
                ),
            )
        return Ground(
            catalog=catalog,
            table=self._table,
            needs=rows.needs(self._table, 5),
            base=graph[-1],
            promised=self._stand.scratch,
            built=self._session,
        )


def proven_histories(
    stand: Stand,
    tables: Sequence[Table],
    session: PipelineSession,
    *,
    known: Sequence[Edge],
    groups: int,
) -> Replay | Falsified | None:
    """Draw histories and play them; return them as data, or the smallest counterexample.

    None where there was nothing to find, and nothing that could be kept.
    """
    history = History(
        tables=tables,
        known=known,
        rows=stand.source.rows,
        promised=stand.scratch,
        session=session,
        major=stand.server.major,
    )
    if not history.edges:
        return history.replay(())
    thorough = stand.request.thorough
    examples = max((_LONG_HISTORIES if thorough else _SHORT_HISTORIES) // groups, _FEW_HISTORIES)
    seed = stand.request.seed
    try:
        history.open()
    except Falsified as refused:  # of the rows that every history starts with
        return refused
    try:
        if not thorough:
            found = drawn(history.moves(), examples=examples, seed=seed)
            try:
                return history.replay([history.prove(moves) for moves in found])
            except Falsified as unshrunk:
                shrunk = falsify(
                    history.moves(), history.prove, examples=examples, seed=seed, thorough=False
                )
                return shrunk or unshrunk
        return falsify(history.moves(), history.prove, examples=examples, seed=seed, thorough=True)
    finally:
        history.close()
