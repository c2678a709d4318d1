"""How long what was seen here would take at production's size.

Each statement is projected by what it was seen doing, and on which table: what it read or wrote
anew, by the bytes of the table, indexes and TOAST aside; an index that it built, by the rows and
the steps of sorting them; rows that it wrote, by the rows. What only changes catalogs takes as long
there. A lock lasts as long as the statements of its transaction that follow, each of them projected
by itself. It is a proportion, no promise: disks and other clients are not known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgassay.core.catalog import Catalog
    from pgassay.core.trace import LockTaken, RelationSize, RevisionTrace, StatementTrace

TOO_FEW = 100
"""Rows here below which no time is projected."""
_SAMPLED = ("ANALYZE",)  # reads so many rows of a table and no more, however many there are
_LONG = 0.02  # seconds: what takes longer than catalogs take has read or written rows
_INDEX, _TABLE = "index ", "table "


@dataclass(frozen=True, kw_only=True)
class Projection:
    """What a trace comes to where its tables are larger.

    Args:
        trace: what was seen here.
        there: how large tables are in production; `bytes` are 0 where only rows are known.
        after: the catalog behind the revision: which new index is of which table.
    """

    trace: RevisionTrace
    there: Mapping[QualifiedName, RelationSize] = field(default_factory=dict)
    after: Catalog

    @cached_property
    def _here(self) -> Mapping[QualifiedName, RelationSize]:
        return {one.relation: one for one in self.trace.sizes}

    @cached_property
    def _indexed(self) -> Mapping[str, QualifiedName]:
        """The tables of the indexes behind the revision, by what the server calls those."""
        return {
            QualifiedName(table.name.schema, index.name).sql: table.name
            for table in self.after.tables
            for index in table.indexes
        }

    @cached_property
    def _tables(self) -> Mapping[str, QualifiedName]:
        return {name.sql: name for name in self._here}

    def seconds(self, statement: StatementTrace) -> float:
        """Return how long a statement would take."""
        growth = max(self._growths(statement), default=1.0)
        return statement.seconds * max(growth, 1.0)

    def held(self, lock: LockTaken, statement: StatementTrace) -> float:
        """Return for how long a lock would be held that is there while a statement runs."""
        taken = next(
            (
                one.number
                for one in self.trace.statements
                if one.transaction == statement.transaction
                and any(lo.relation == lock.relation and lo.mode == lock.mode for lo in one.locks)
            ),
            statement.number,
        )
        after = (
            one
            for one in self.trace.statements
            if one.transaction == statement.transaction and one.number >= taken
        )
        return lock.held + sum(self.seconds(one) - one.seconds for one in after)

    def _growths(self, statement: StatementTrace) -> Iterator[float]:
        """Yield how many times longer each thing takes that a statement was seen doing."""
        if statement.tag in _SAMPLED:
            return
        found = list(self._seen(statement))
        if not found and statement.seconds >= _LONG:
            # Its work was on what the revision itself made, or was not seen: by what it names.
            named = {lock.index_of or lock.relation for lock in statement.locks}
            named |= {self._tables[one] for one in _names(statement, _TABLE) if one in self._tables}
            found = [self._heap(relation) for relation in named]
        yield from found

    def _seen(self, statement: StatementTrace) -> Iterator[float]:
        for rewrite in statement.rewrites:
            if not rewrite.emptied:
                yield (
                    self._sorted(rewrite.index_of)
                    if rewrite.index_of is not None
                    else self._heap(rewrite.relation)
                )
        for scan in statement.scans:
            yield self._heap(scan.relation)
        for build in statement.builds:
            yield self._sorted(build.table)
        for written in statement.written:
            yield self._rows(written.relation)
        # An index of a table that took the place of another: the rows are the same.
        for name in _names(statement, _INDEX):
            if (table := self._indexed.get(name)) is not None:
                yield self._sorted(table)

    def _both(self, relation: QualifiedName) -> tuple[RelationSize, RelationSize] | None:
        here, there = self._here.get(relation), self.there.get(relation)
        # Of a handful of rows the time says nothing: it is what any statement takes.
        return (here, there) if here and there and here.rows >= TOO_FEW else None

    def _rows(self, relation: QualifiedName) -> float:
        both = self._both(relation)
        return both[1].rows / both[0].rows if both else 1.0

    def _heap(self, relation: QualifiedName) -> float:
        """Return how many times larger a table is in production, by rows where that is unknown."""
        both = self._both(relation)
        if both is None or not both[0].heap or not both[1].heap:
            return self._rows(relation)
        return both[1].heap / both[0].heap

    def _sorted(self, relation: QualifiedName) -> float:
        """Return how many times longer sorting all rows takes: n log n."""
        both = self._both(relation)
        if both is None or both[1].rows <= 1:
            return 1.0
        here, there = (one.rows * math.log2(one.rows) for one in both)
        return there / here


def _names(statement: StatementTrace, what: str) -> Iterator[str]:
    """Yield what a statement touched of one kind, as the server names it."""
    for one in statement.objects:
        if one.startswith(what):
            yield one.removeprefix(what)
