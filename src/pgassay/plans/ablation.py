"""Ablation: what each query would cost without each index, and what no query would miss.

An index earns its keep by a query that costs more without it, by a constraint that it backs, or by
a foreign key whose parents' deletes would otherwise read the whole table. What is left costs disk
and a share of every insert. The other way round, a query that would gain from an index that is not
there names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding, Severity
from pgassay.core.names import QualifiedName, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgassay.core.catalog import Index, Table
    from pgassay.plans.places import Places, Size
    from pgassay.plans.remedy import Candidate

_MORE, _PAGES = 1.2, 4
_GAIN = 2.0  # a new index must save half of the buffers, and more than a few


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What one plan of a query costs with all indexes, and without one.

    `buffers` are counted where the cost differs, otherwise None.
    """

    query: str
    asked: str
    index: QualifiedName
    cost: float
    cost_without: float
    buffers: int | None = None
    buffers_without: int | None = None

    @property
    def matters(self) -> bool:
        """Whether the query is worse off without the index."""
        if self.buffers is None or self.buffers_without is None:
            return False
        return self.buffers_without > self.buffers * _MORE + _PAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What a query would save by an index that is not there, as it was tried."""

    query: str
    asked: str
    candidate: Candidate
    buffers: int
    buffers_with: int
    pages: int

    @property
    def matters(self) -> bool:
        """Whether it is worth having."""
        return self.buffers > self.buffers_with * _GAIN + _PAGES * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Why an index is there; empty if nothing is known that needs it."""

    table: QualifiedName
    index: QualifiedName
    pages: int
    queries: tuple[str, ...] = ()
    expected_by: tuple[str, ...] = ()
    constraint: str = ""
    foreign_keys: tuple[str, ...] = ()

    @property
    def needed(self) -> bool:
        """Whether something needs it."""
        return bool(self.queries or self.constraint or self.foreign_keys)


def keeps(
    places: Places,
    sizes: Mapping[QualifiedName, Size],
    losses: Sequence[Loss],
    expected: Mapping[QualifiedName, Sequence[str]],
) -> tuple[Keep, ...]:
    """Return for every index of the tables why it is there.

    Args:
        places: the database.
        sizes: of all relations.
        losses: the whole matrix.
        expected: the queries whose expectations name an index.
    """
    found = []
    dropped: set[QualifiedName] = set()
    entries = [
        (name, table, index)
        for name, (table, index) in places.indexes.items()
        if index.parent is None
    ]
    # The largest first: of two that serve one foreign key, the larger is the one to go.
    for name, table, index in sorted(
        entries, key=lambda entry: (-_pages(places, sizes, entry[0]), entry[0])
    ):
        queries = dict.fromkeys(
            loss.query for loss in losses if loss.index == name and loss.matters
        )
        keep = Keep(
            table=table.name,
            index=name,
            pages=_pages(places, sizes, name),
            queries=tuple(queries),
            expected_by=tuple(expected.get(name, ())),
            constraint=_constraint(index),
            foreign_keys=tuple(_served(table, index, dropped, places)),
        )
        if not keep.needed:
            dropped.add(name)
        found.append(keep)
    return tuple(sorted(found, key=lambda keep: (keep.table, keep.index)))


def unneeded(keep: Keep, *, small: bool) -> Finding:
    """Return the finding of an index that nothing needs.

    Args:
        keep: the index.
        small: whether its table is so small at this volume that no index matters.
    """
    name = keep.index
    hope = f"; expected by {', '.join(keep.expected_by)}" if keep.expected_by else ""
    at = " at this volume, where its table is a few pages" if small else ""
    return Finding(
        slug="index_unneeded",
        subject=Subject(object=str(keep.table), part=name.name),
        title="no query, constraint or foreign key needs it",
        found=f"{keep.pages * 8:,} kB; hidden, no query touches more pages{at}{hope}",
        expected="an index that something needs",
        why="every insert and most updates write it, and it takes its share of memory",
        fix=f"drop index concurrently {name.sql}; or write the query that it is for",
        severity=Severity.INFO if small or keep.expected_by else Severity.WARNING,
    )


def missing(gains: Sequence[Gain]) -> Iterator[Finding]:
    """Yield one finding for each index that is not there and would pay."""
    by_index: dict[str, list[Gain]] = {}
    for gain in gains:
        if gain.matters:
            by_index.setdefault(gain.candidate.sql, []).append(gain)
    for sql, some in by_index.items():
        best = max(some, key=lambda gain: gain.buffers / max(gain.buffers_with, 1))
        told = dict.fromkeys(
            f"{g.query} ({g.asked}): {g.buffers:,} → {g.buffers_with:,} buffers" for g in some
        )
        yield Finding(
            slug="index_missing",
            subject=Subject(
                object=str(best.candidate.table), part=", ".join(best.candidate.columns)
            ),
            title="an index that is not there would pay",
            found="; ".join(told),
            expected="an index for what is asked often",
            why=f"tried: {best.buffers / max(best.buffers_with, 1):,.0f} times fewer buffers for "
            f"{best.pages * 8:,} kB of index",
            fix=sql,
            severity=Severity.WARNING,
        )


def _constraint(index: Index) -> str:
    if index.constraint:
        return index.constraint
    return "unique" if index.unique else ""


def _pages(places: Places, sizes: Mapping[QualifiedName, Size], name: QualifiedName) -> int:
    parts = [part for part in places.indexes if places.root_index(part) == name]
    return sum(sizes[part].pages for part in parts if part in sizes)


def _served(
    table: Table, index: Index, dropped: set[QualifiedName], places: Places
) -> Iterator[str]:
    """Yield the foreign keys that only this index serves, of those not yet given up."""
    for key in table.foreign_keys:
        if not _leads(index, key.columns):
            continue
        others = [
            other
            for other in places.tables[table.name].indexes
            if other.name != index.name
            and _leads(other, key.columns)
            and _name(table, other) not in dropped
        ]
        if not others:
            yield key.name


def _name(table: Table, index: Index) -> QualifiedName:
    return QualifiedName(table.name.schema, index.name)


def _leads(index: Index, columns: tuple[str, ...]) -> bool:
    """Whether the server finds the rows that refer to a parent by this index."""
    leading = {key.column for key in index.keys[: len(columns)]}
    whole = index.predicate in (None, *(f"({quote(c)} IS NOT NULL)" for c in columns[:1]))
    return index.valid and index.method == "btree" and whole and leading == set(columns)
