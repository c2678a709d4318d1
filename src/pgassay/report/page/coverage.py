"""The matrix of tables by kinds of case: what is proven, what is not and why, what is not there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.case import Status
from pgassay.core.exhibit import PartitionSeen, TableSeen

if TYPE_CHECKING:
    from pgassay.report.tally import Tally

OTHERS = "other objects"
_BAD = (Status.FAILED, Status.ERROR)


@dataclass(slots=True)
class Cell:
    """What became of the cases of one kind and one table; empty where there is nothing to prove."""

    counts: Counter[Status] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Return bad, unproven, proven, or none where the table has no such thing."""
        if any(self.counts[status] for status in _BAD):
            return "bad"
        if self.counts[Status.UNPROVEN]:
            return "unproven"
        return "proven" if self.counts[Status.PASSED] else "none"

    @property
    def text(self) -> str:
        """The number of cases; where not all were proven, of how many."""
        total, passed = self.counts.total(), self.counts[Status.PASSED]
        return f"{passed:,}" if passed == total else f"{passed:,}/{total:,}"

    @property
    def words(self) -> str:
        """The counts in words, and why what is unproven is so."""
        told = ", ".join(f"{count:,} {status.value}" for status, count in self.counts.items())
        return ": ".join(filter(None, (told or "not applicable", "; ".join(self.reasons[:3]))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The matrix.

    Args:
        kinds: the columns: kinds of case that some table has.
        rows: by table, in the order of the catalog, its cell for each kind.
    """

    kinds: tuple[str, ...]
    rows: dict[str, list[Cell]]

    @property
    def unproven(self) -> int:
        """How many promises are unproven."""
        return sum(c.counts[Status.UNPROVEN] for cells in self.rows.values() for c in cells)


def coverage(tally: Tally) -> Coverage | None:
    """Return the matrix of a run; None if it saw no table. Partitions count with their table."""
    tables = {seen.table: seen.table for seen in tally.seen(TableSeen)}
    homes = tables | {seen.partition: seen.table for seen in tally.seen(PartitionSeen)}
    if not tables:
        return None
    cells: dict[tuple[str, str], Cell] = {}
    kinds: dict[str, None] = {}
    for outcome in tally.outcomes:
        case = outcome.case
        home = homes.get(case.subject.object, OTHERS)
        if home is not OTHERS:
            kinds[case.kind] = None
        cell = cells.setdefault((home, case.kind), Cell())
        cell.counts[outcome.status] += 1
        if outcome.status is not Status.PASSED and outcome.reason not in cell.reasons:
            cell.reasons.append(outcome.reason)
    if not kinds:
        return None
    names = [*tables, OTHERS] if any((OTHERS, kind) in cells for kind in kinds) else [*tables]
    known = tuple(sorted(kinds))
    rows = {name: [cells.get((name, kind), Cell()) for kind in known] for name in names}
    return Coverage(kinds=known, rows=rows)
