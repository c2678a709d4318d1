"""Properties of rows as trials: two for each table, one for the history of related tables.

What is drawn in the short form follows from the contract, the seed and the engine alone. So it is
kept with the template, as statements and what must follow them, and a warm gate plays the same
statements without Hypothesis, both databases at once. It is drawn again, and shrunk, where
something is falsified.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgassay.cases.referential import Edge, edges
from pgassay.core.case import Subject, Trial
from pgassay.core.catalog import TableKind
from pgassay.core.finding import Finding
from pgassay.postgres.batches import run_beside
from pgassay.properties.attempt import Attempts
from pgassay.properties.kinship import related_tables
from pgassay.properties.replay import Replay
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgassay.core.catalog import Table
    from pgassay.postgres.session import PipelineSession
    from pgassay.properties.falsified import Falsified
    from pgassay.run.stand import Stand

STORED = "any accepted row is read back equal"
BROKEN = "any row broken in one way is refused for it"
_HISTORY = "any history of inserts, updates and deletes ends as the keys say"


def property_trials(stand: Stand) -> Iterator[Runnable]:
    """Yield the trials of every table that rows can be put into."""
    # Also of a populated stand: any row that is drawn might have a key of one that is there.
    session = stand.session(stand.aligned(stand.proven))
    tables = [table for table in stand.contract.roots() if table.kind is not TableKind.FOREIGN]
    about = [
        (_trial(Subject(object=str(table.name)), title), table)
        for table in tables
        for title in (STORED, BROKEN)
    ]
    known = edges(stand.contract)
    groups = [
        (_trial(_related(together, known, number), _HISTORY), together)
        for number, together in enumerate(related_tables(stand.contract, known), 1)
    ]
    kept = Kept(stand, [trial.name for trial, _ in (*about, *groups)])
    for trial, table in about:
        yield Runnable(trial=trial, perform=partial(_rows, kept, trial, table, session))
    for trial, together in groups:
        perform = partial(_history, kept, trial, together, session, known=known, groups=len(groups))
        yield Runnable(trial=trial, perform=perform)


class Kept:
    """What the trials of the short form drew, kept once all of them were proven."""

    def __init__(self, stand: Stand, trials: Sequence[str]) -> None:
        self.stand = stand
        self._note = stand.note("properties")
        self._missing = set(trials)
        self._proven: dict[str, Attempts | Replay] = {}
        self._known: dict[str, Attempts | Replay] | None = None

    def of(self, trial: Trial) -> Attempts | Replay | None:
        """Return what a trial drew in an earlier run; nothing for the long form."""
        if self.stand.request.thorough:
            return None
        if self._known is None:
            self._known = self._note.read() or {}
        return self._known.get(trial.name)

    def keep(self, trial: Trial, proven: Attempts | Replay) -> None:
        """Keep what was drawn and proven now."""
        self._proven[trial.name] = proven
        self._missing.discard(trial.name)
        if not self._missing:
            self._note.write(self._proven)


def _rows(kept: Kept, trial: Trial, table: Table, session: PipelineSession) -> Iterator[Finding]:
    stand, known = kept.stand, kept.of(trial)
    if isinstance(known, Attempts):
        yield from known.told
        if _tried(stand, known, session) is None:
            return
    # Hypothesis comes with it.
    from pgassay.run.drawing import RowDrawing  # noqa: PLC0415 - as said above

    drawing = RowDrawing(stand, table, session, breaking=trial.title == BROKEN)
    if stand.request.thorough:
        yield from drawing.told
        yield from _findings(trial, drawing.falsified(), stand)
        return
    attempts = drawing.attempts()
    if known is None:
        yield from attempts.told
    counterexample = _tried(stand, attempts, session)
    if counterexample is None:
        kept.keep(trial, attempts)
    else:
        yield from _findings(trial, drawing.falsified() or counterexample, stand)


def _tried(stand: Stand, attempts: Attempts, session: PipelineSession) -> Falsified | None:
    """Play attempts on what was promised and on what was built, both at once."""
    if not attempts.attempts:
        return None
    asked = ((stand.scratch, attempts.promised), (session, attempts.built))
    return attempts.judge(*run_beside(asked))


def _history(
    kept: Kept,
    trial: Trial,
    tables: Sequence[Table],
    session: PipelineSession,
    *,
    known: Sequence[Edge],
    groups: int,
) -> Iterator[Finding]:
    stand, replay = kept.stand, kept.of(trial)
    if isinstance(replay, Replay) and replay.holds(session, stand.server.major):
        return
    from pgassay.run.drawing import proven_histories  # noqa: PLC0415 - as above

    proven = proven_histories(stand, tables, session, known=known, groups=groups)
    if isinstance(proven, Replay):
        kept.keep(trial, proven)
    else:
        yield from _findings(trial, proven, stand)


def _trial(subject: Subject, title: str) -> Trial:
    return Trial(kind="property", subject=subject, title=title)


def _related(tables: Sequence[Table], known: Sequence[Edge], number: int) -> Subject:
    """Name a group by the table that is referred to most; the first of them without a number."""
    middle = max(tables, key=lambda table: sum(edge.parent == table.name for edge in known))
    again = f" ({number})" if number > 1 else ""
    return Subject(object=f"{middle.name} and {len(tables) - 1} related tables{again}")


def _findings(trial: Trial, counterexample: Falsified | None, stand: Stand) -> Iterator[Finding]:
    if counterexample is None:
        return
    yield Finding(
        slug="property",
        subject=trial.subject,
        title=trial.title,
        found=counterexample.found,
        expected=counterexample.expected,
        why="code written against the models meets a database that behaves otherwise",
        evidence=(
            f"seed {stand.request.seed}",
            *(statement.script() for statement in counterexample.script),
        ),
        discriminator=trial.title,
    )
