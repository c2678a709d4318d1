"""The part `data`: the rows of the ground before the upgrade, after it, and after its downgrade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.case import Subject, Trial
from pgassay.core.errors import SchemaError, TrialError
from pgassay.core.event import Told
from pgassay.core.finding import Finding, Severity
from pgassay.history.survival import KIND, judge_return, judge_upgrade, pairs
from pgassay.postgres.contents import read_contents
from pgassay.run.history.walk import is_irreversible
from pgassay.run.migration.files import SqlFile
from pgassay.run.migration.parts import framed
from pgassay.run.migration.performed import performed
from pgassay.run.trial import Runnable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.event import Event
    from pgassay.core.names import QualifiedName
    from pgassay.history.content import Contents
    from pgassay.run.migration.ground import Ground
    from pgassay.run.migration.parts import PartEvents


def data(ground: Ground) -> PartEvents:
    """Compare what the tables hold on the way up and down."""
    yield from framed(ground, "data", _events(ground))


def _events(ground: Ground) -> Iterator[Event]:
    yield from performed(ground, _trials(ground))
    if isinstance(ground.route, SqlFile):
        text = "a plain SQL file has no way back: none is tried"
        yield Told(system=ground.name, text=text)


def _trials(ground: Ground) -> Iterator[Runnable]:
    passage = Passage(ground)
    subject = Subject(object=ground.selection.label)
    yield Runnable(
        trial=Trial(kind=KIND, subject=subject, title="the upgrade keeps what it must not touch"),
        perform=passage.up,
    )
    if isinstance(ground.route, SqlFile):
        return
    yield Runnable(
        trial=Trial(kind=KIND, subject=subject, title="the downgrade brings back what was there"),
        perform=passage.down,
    )


_CUTS = "character"  # a cast to such a type cuts a value short without a word


class Passage:
    """One database on its way up and down again."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._database = ""
        self._before: Contents = {}
        self._after: Contents | None = None
        self._source = ground.selection.revisions[-1].path

    def up(self) -> Iterator[Finding]:
        """Upgrade, and yield what became of the rows."""
        ground = self._ground
        # What the columns are now and will be decides what is read before the upgrade.
        plain = self._upgraded()
        self._database = ground.populated()
        first = self._read(self._database, values=False)
        rows: dict[QualifiedName, list[tuple[str, ...]]] = {}
        there: dict[QualifiedName, list[tuple[str, ...]]] = {}
        casts: dict[QualifiedName, dict[str, str]] = {}
        for pair in pairs(first, plain)[0]:
            here, later = pair.common
            rows[pair.name] = [here]
            after_name = next(name for name, table in plain.items() if table is pair.after)
            there[after_name] = [later]
            casts[pair.name] = {
                one: pair.after.columns[other].type
                for one, other in pair.columns.items()
                if pair.before.columns[one].type != pair.after.columns[other].type
                and not pair.after.columns[other].type.startswith(_CUTS)
            }
        self._before = self._read(self._database, rows, casts)
        with ground.open(self._database) as history:
            try:
                for _ in ground.upgrade(history):
                    pass
            except SchemaError as error:
                raise TrialError(
                    f"the upgrade fails on these rows: {error.found}",
                    where=error.where,
                    why="what runs on empty tables only does not run in production",
                ) from error
        self._after = self._read(self._database, there)
        yield from judge_upgrade(self._before, self._after, source=self._source)

    def down(self) -> Iterator[Finding]:
        """Downgrade, and yield what is not as it was."""
        try:
            yield from self._down()
        finally:
            if self._database:
                self._ground.drop(self._database)

    def _down(self) -> Iterator[Finding]:
        ground = self._ground
        if self._after is None:
            raise TrialError("there is nothing to take back: the upgrade did not run")
        subject = Subject(object=ground.selection.label)
        with ground.open(self._database) as history:
            try:
                for revision in reversed(ground.selection.revisions):
                    history.downgrade(revision.parents[0] if revision.parents else "base")
            except SchemaError as error:
                known = is_irreversible(error)
                yield Finding(
                    slug=KIND,
                    subject=subject,
                    title="irreversible" if known else "the downgrade fails on these rows",
                    found=error.found,
                    expected="a way back, or the decision that there is none",
                    why="" if known else "it is needed on the day when a deployment went wrong",
                    severity=Severity.INFO if known else Severity.ERROR,
                    source=error.where,
                    discriminator="downgrade",
                )
                return
        again = self._read(self._database)
        yield from judge_return(self._before, self._after, again, source=self._source)

    def _upgraded(self) -> Contents:
        """Return the contents of an upgraded database without rows: only its columns count."""
        try:
            return self._read(self._ground.bare, values=False)
        except SchemaError as error:
            raise TrialError(f"the upgrade fails: {error.found}", where=error.where) from error

    def _read(
        self,
        database: str,
        rows: dict[QualifiedName, list[tuple[str, ...]]] | None = None,
        casts: dict[QualifiedName, dict[str, str]] | None = None,
        *,
        values: bool = True,
    ) -> Contents:
        books = set(self._ground.bookkeeping)
        with self._ground.server.connect(database) as connection:
            found = read_contents(connection, rows=rows, casts=casts, values=values)
        return {name: table for name, table in found.items() if name not in books}
