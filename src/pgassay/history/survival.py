"""Data survives: what an upgrade must not touch is there afterwards, and what it lost is said.

The database at the revision before is filled with rows, the revision is run, and every table is
compared: the number of its rows, and a digest over all columns that both sides have. A table that
no statement of the revision wrote to must hold what it held. So must one that took another's place
(a table becomes partitioned by copying it). A column whose type changes must hold the same values,
as text or cast to the new type. What the revision's own UPDATE, INSERT and DELETE did is counted
and told, as are the values of columns and tables that it drops.

Then the revision is taken back, and everything is compared with the beginning once more: what the
downgrade cannot bring back is said. A downgrade that loses rows, or runs on empty tables only, is
a finding.

Rows that go missing are noticed weeks later, in a report that no longer adds up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.core.names import QualifiedName
    from pgassay.history.content import ColumnContent, Contents, TableContent

KIND = "data_survives"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A table before and after, and its columns by their name before and after."""

    name: QualifiedName
    before: TableContent
    after: TableContent
    columns: Mapping[str, str]

    @property
    def is_same(self) -> bool:
        """Whether it is still the same table, and none that took its place."""
        return self.before.oid == self.after.oid

    @property
    def is_written(self) -> bool:
        """Whether statements wrote to it."""
        return self.is_same and self.before.written != self.after.written

    @property
    def common(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns that whole rows are compared over: kept in name and type."""
        kept = [
            (here, there)
            for here, there in sorted(self.columns.items())
            if self.before.columns[here].type == self.after.columns[there].type
        ]
        return tuple(here for here, _ in kept), tuple(there for _, there in kept)


def pairs(before: Contents, after: Contents) -> tuple[list[Pair], list[QualifiedName]]:
    """Return the tables of both sides, and those that are gone.

    A table is looked for by its name, which is what others know it by, then by its oid: it may
    have been renamed. A column of the same table is looked for by its number, otherwise by name.
    """
    by_oid = {table.oid: table for table in after.values()}
    found, gone = [], []
    for name, table in before.items():
        there = after.get(name) or by_oid.get(table.oid)
        if there is None:
            gone.append(name)
        else:
            found.append(Pair(name=name, before=table, after=there, columns=_columns(table, there)))
    return found, gone


def _columns(before: TableContent, after: TableContent) -> dict[str, str]:
    numbers = {c.number: name for name, c in after.columns.items()}
    found = {}
    for name, column in before.columns.items():
        there = numbers.get(column.number) if before.oid == after.oid else None
        there = there or (name if name in after.columns else None)
        if there is not None:
            found[name] = there
    return found


def judge_upgrade(before: Contents, after: Contents, *, source: str) -> Iterator[Finding]:
    """Yield what an upgrade changed in data, and what it lost."""
    found, gone = pairs(before, after)
    for name in gone:
        if before[name].rows:
            yield _told(
                _at(name),
                "the table and its rows are dropped",
                f"{before[name].rows:,} rows; no downgrade brings them back",
                source,
                "dropped",
            )
    for pair in found:
        yield from _rows(pair, source)
        yield from _values(pair, source)
        yield from _lost_columns(pair, source)
        yield from _filled(pair, source)


def judge_return(
    before: Contents, after: Contents, again: Contents, *, source: str
) -> Iterator[Finding]:
    """Yield what is not as it was, once the upgrade was taken back.

    Args:
        before: what was there at first.
        after: what the upgrade made of it.
        again: what the downgrade made of that.
        source: where the revision stands.
    """
    found, gone = pairs(before, again)
    for name in gone:
        yield _bad(
            _at(name),
            "the table is gone",
            "no such table after the downgrade",
            "the table",
            source,
            "gone",
        )
    dropped = set(pairs(before, after)[1])
    for pair in found:
        lost = pair.before.rows - pair.after.rows
        if lost and pair.name in dropped:
            yield _told(
                _at(pair.name),
                "the downgrade makes the table anew, without its rows",
                f"{lost:,} rows of {pair.before.rows:,} are not brought back",
                source,
                "not back",
            )
        elif lost:
            yield _bad(
                _at(pair.name),
                "there and back changes the number of rows",
                f"{pair.after.rows:,} rows after the downgrade",
                f"{pair.before.rows:,} rows, as before the upgrade",
                source,
                "rows back",
            )
        else:
            yield from _not_back(pair, source)


def _rows(pair: Pair, source: str) -> Iterator[Finding]:
    before, after = pair.before.rows, pair.after.rows
    if before == after:
        return
    if not pair.is_written:
        yield _bad(
            _at(pair.name),
            "the number of rows is another" if pair.is_same else "rows are lost on the way over",
            f"{after:,} rows after the upgrade",
            f"{before:,} rows, as before",
            source,
            "rows",
        )
        return
    inserted, _, deleted = _written(pair)
    yield Finding(
        slug=KIND,
        subject=Subject(object=str(pair.name)),
        title="the revision deletes rows" if after < before else "the revision adds rows",
        found=f"{before:,} rows before, {after:,} after: {inserted:,} inserted, {deleted:,} "
        "deleted",
        expected="meant so: nothing brings back what is deleted" if after < before else "meant so",
        severity=Severity.WARNING if after < before else Severity.INFO,
        source=source,
        discriminator="own rows",
    )


def _values(pair: Pair, source: str) -> Iterator[Finding]:
    """Yield columns whose values are others, and rows whose values no longer belong together."""
    changed = False
    for here, there in pair.columns.items():
        one, other = pair.before.columns[here], pair.after.columns[there]
        if one.digest == other.digest or pair.before.rows != pair.after.rows:
            continue
        changed = True
        made_anew = one.type == other.type and one.type_oid != other.type_oid
        if pair.is_written and one.type == other.type:
            if one.filled != other.filled:
                continue  # told as filled in
            yield _told(
                _at(pair.name, here),
                "the revision changes values",
                f"{_written(pair)[1]:,} rows of {pair.before.rows:,} were updated",
                source,
                "own values",
            )
        elif (one.type != other.type and one.converted == other.digest) or (
            made_anew and one.filled == other.filled
        ):
            became = "was made anew" if made_anew else f"became {other.type}"
            yield _told(
                _at(pair.name, here),
                "values are converted with the type",
                f"{one.type} {became}; not every value reads as it did",
                source,
                "converted",
            )
        else:
            yield _bad(
                _at(pair.name, here),
                "values are others than before",
                f"{one.filled:,} values before, {other.filled:,} after, and they differ"
                + (f"; {one.type} became {other.type}" if one.type != other.type else ""),
                "the values that were there: no statement of the revision wrote to this table"
                if not pair.is_written
                else "each value as it was, or cast to the new type",
                source,
                "values",
            )
    before, after = pair.common
    digests = pair.before.digests.get(before), pair.after.digests.get(after)
    apart = None not in digests and digests[0] != digests[1] and not changed
    if apart and pair.before.rows == pair.after.rows and not pair.is_written:
        yield _bad(
            _at(pair.name),
            "values have changed places between rows",
            "each column holds the values it held, but rows do not",
            "each row as it was",
            source,
            "places",
        )


def _lost_columns(pair: Pair, source: str) -> Iterator[Finding]:
    for name, column in pair.before.columns.items():
        if name not in pair.columns and column.filled:
            yield _told(
                _at(pair.name, name),
                "the column and its values are dropped",
                f"{column.filled:,} values; no downgrade brings them back, unless the revision "
                "keeps them elsewhere",
                source,
                "dropped",
            )


def _filled(pair: Pair, source: str) -> Iterator[Finding]:
    """Yield how far the revision has filled in columns, where it did not fill all of them."""
    if not pair.is_written:
        return
    earlier = {there: pair.before.columns[here] for here, there in pair.columns.items()}
    for name, column in pair.after.columns.items():
        known: ColumnContent | None = earlier.get(name)
        before = known.filled if known else 0
        left = pair.after.rows - column.filled
        if column.filled != before and left and pair.before.rows == pair.after.rows:
            yield _told(
                _at(pair.name, name),
                "a backfill leaves rows without a value",
                f"{column.filled - before:,} rows were filled in, {left:,} of "
                f"{pair.after.rows:,} have none",
                source,
                "backfill",
            )


def _not_back(pair: Pair, source: str) -> Iterator[Finding]:
    for here, there in pair.columns.items():
        one, other = pair.before.columns[here], pair.after.columns[there]
        if one.digest != other.digest:
            lost = one.filled - other.filled
            yield _told(
                _at(pair.name, here),
                "the downgrade does not bring back what was there",
                f"{lost:,} of {one.filled:,} values are missing"
                if lost > 0
                else f"{one.filled:,} values before, {other.filled:,} now, and they differ",
                source,
                "not back",
            )


def _written(pair: Pair) -> tuple[int, int, int]:
    one, other = pair.before.written, pair.after.written
    return other[0] - one[0], other[1] - one[1], other[2] - one[2]


def _at(table: QualifiedName, column: str | None = None) -> Subject:
    return Subject(object=str(table), part=None if column is None else quote(column))


def _told(subject: Subject, title: str, found: str, source: str, mark: str) -> Finding:
    return Finding(
        slug=KIND,
        subject=subject,
        title=title,
        found=found,
        expected="known to whoever runs it",
        severity=Severity.INFO,
        source=source,
        discriminator=mark,
    )


def _bad(subject: Subject, title: str, *facts: str) -> Finding:
    """Return a finding; the facts are what was found, what was expected, the source, the mark."""
    found, expected, source, mark = facts
    return Finding(
        slug=KIND,
        subject=subject,
        title=title,
        found=found,
        expected=expected,
        why="data that goes missing in a migration is noticed weeks later",
        source=source,
        discriminator=mark,
    )
