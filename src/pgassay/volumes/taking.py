"""From the planner's statistics to a profile: what is known, what is missing, what stands for it.

No value of the database is in it but those of columns that were named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgassay.core.names import QualifiedName
    from pgassay.core.statistics import (
        ColumnKnown,
        ColumnStatistics,
        DatabaseStatistics,
        TableStatistics,
        Together,
    )

_DIGITS = 4
_FINE = 6
_PAGE = 8192
_SAID = 6
_LOOKED_UP = 200  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What could not be read: of which tables or columns, why, and what stands for it.

    `fix` is what a DBA can do.
    """

    what: str
    where: tuple[str, ...]
    why: str
    instead: str
    fix: str

    def __str__(self) -> str:
        """Return it as a line of a report."""
        more = f" and {len(self.where) - _SAID} more" if len(self.where) > _SAID else ""
        said = ", ".join(self.where[:_SAID]) + more
        return f"{self.what} of {said}: {self.why}; instead: {self.instead}; {self.fix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A profile as TOML will say it, and what is missing in it."""

    document: dict[str, Any]
    missing: tuple[Missing, ...]


def take(
    known: DatabaseStatistics,
    tables: Iterable[QualifiedName] | None = None,
    named: Iterable[tuple[QualifiedName, str]] = (),
) -> Taken:
    """Return the profile of a database.

    Args:
        known: its statistics.
        tables: only these; all if None.
        named: columns whose values are told; those of no others are, whatever was read.
    """
    wanted = None if tables is None else frozenset(tables)
    taker = _Taker(known, frozenset(named))
    described: dict[str, Any] = {}
    for table in known.tables:
        if table.parent is None and (wanted is None or table.name in wanted):
            described[table.name.label] = taker.table(table)
    document = {
        "size": "medium",
        "taken": {"database": known.database, "at": known.taken, "as": known.role},
        "tables": described,
    }
    return Taken(document=document, missing=taker.missing())


class _Taker:
    """Takes tables one by one, and notes what is missing in each."""

    def __init__(
        self, known: DatabaseStatistics, named: frozenset[tuple[QualifiedName, str]]
    ) -> None:
        self._known = known
        self._named = named
        self._never: list[str] = []
        self._unreadable: list[str] = []
        self._secured: list[str] = []
        self._unanalyzed: list[str] = []
        self._pieced: list[str] = []
        self._together: list[str] = []
        self._outside: list[str] = []

    def table(self, table: TableStatistics) -> dict[str, Any]:
        """Return what the profile says of one table."""
        leaves = self._known.partitions_of(table.name) if table.divided else (table,)
        rows = sum(leaf.rows or 0 for leaf in leaves)
        label = table.name.label
        found: dict[str, Any] = {}
        if any(leaf.rows is None for leaf in leaves) and not rows:
            self._never.append(label)
        else:
            found["rows"] = round(rows)
            if rows <= _LOOKED_UP:
                found["fixed"] = True  # a list that others look things up in does not grow
            never = [leaf.name.label for leaf in leaves if leaf.rows is None]
            self._never += never
        if table.divided and rows:
            found["partitions"] = {
                leaf.name.label: round((leaf.rows or 0) / rows, _FINE) for leaf in leaves
            }
        columns = {}
        for column in table.columns:
            statistics = self._column(table, leaves, column, rows)
            if statistics is not None:
                told = (table.name, column.name) in self._named
                columns[column.name] = _shown(statistics if told else statistics.without_values())
        if columns:
            found["statistics"] = columns
        together = [entry for one in table.together for entry in self._joint(table, one)]
        if together:
            found["together"] = together
        outside = sum(leaf.outside for leaf in leaves)
        if outside > _PAGE and rows:
            self._outside.append(f"{label} ({outside / rows:.0f} bytes a row)")
        return found

    def _column(
        self,
        table: TableStatistics,
        leaves: Sequence[TableStatistics],
        column: ColumnKnown,
        rows: float,
    ) -> ColumnStatistics | None:
        label = f"{table.name.label}.{column.name}"
        if column.statistics is not None:
            return column.statistics
        if table.divided:
            pieces = [
                (leaf.rows or 0, found.statistics)
                for leaf in leaves
                for found in leaf.columns
                if found.name == column.name and found.statistics is not None
            ]
            if pieces and rows:
                self._pieced.append(label)
                return pieced(pieces)
        if table.secured:
            self._secured.append(label)
        elif not column.readable:
            self._unreadable.append(label)
        elif rows:
            self._unanalyzed.append(label)
        return None

    def _joint(self, table: TableStatistics, one: Together) -> list[dict[str, Any]]:
        if not one.readable:
            self._together.append(f"{table.name.label} ({one.name})")
        found: list[dict[str, Any]] = [
            {"columns": list(columns), "distinct": _plain(distinct)}
            for columns, distinct in one.distinct.items()
        ]
        found += [
            {"columns": list(columns[:-1]), "decides": columns[-1], "degree": round(degree, 4)}
            for columns, degree in one.dependencies.items()
        ]
        return found

    def missing(self) -> tuple[Missing, ...]:
        """Return what could not be read."""
        role = self._known.role
        noted = (
            Missing(
                what="the number of rows",
                where=tuple(self._never),
                why="never analyzed or vacuumed (reltuples is -1)",
                instead="as many rows as a table that nobody described; a partition counts as"
                " empty",
                fix="run ANALYZE",
            ),
            Missing(
                what="statistics",
                where=tuple(self._unreadable),
                why=f"pg_stats shows a column only to who may SELECT it, and {role} may not",
                instead="content by name and type",
                fix=f"grant pg_read_all_data to {role}, or let another role run the script",
            ),
            Missing(
                what="statistics",
                where=tuple(self._secured),
                why=f"row level security applies to {role}, which hides them",
                instead="content by name and type",
                fix="let the owner or a role with BYPASSRLS run the script",
            ),
            Missing(
                what="statistics",
                where=tuple(self._unanalyzed),
                why="none were gathered",
                instead="content by name and type",
                fix="run ANALYZE",
            ),
            Missing(
                what="statistics of all partitions together",
                where=tuple(self._pieced),
                why="autovacuum does not analyze a partitioned table",
                instead="those of its partitions, weighed by their rows",
                fix="run ANALYZE on the partitioned table",
            ),
            Missing(
                what="extended statistics",
                where=tuple(self._together),
                why="pg_stats_ext shows them only to the table's owner, or none were gathered",
                instead="columns that do not know of each other",
                fix="let the owner run the script, after ANALYZE",
            ),
            Missing(
                what="widths of what is stored out of line",
                where=tuple(self._outside),
                why="pg_stats counts a pointer of 18 bytes for such a value",
                instead="values that are as wide as pg_stats says",
                fix="nothing; the rows of the volume are narrower than those",
            ),
        )
        return tuple(one for one in noted if one.where)


def pieced(pieces: Sequence[tuple[float, ColumnStatistics]]) -> ColumnStatistics:
    """Return the statistics of a whole from those of its partitions, with their rows.

    How many values occur in several partitions is not known: where they are counted the largest
    count stands for all, where they are a share of the rows that share does.
    """
    total = sum(rows for rows, _ in pieces) or 1
    largest = max(pieces, key=lambda piece: piece[0])[1]
    order = [(rows, one.correlation) for rows, one in pieces if one.correlation is not None]
    return replace(
        largest,
        null=sum(rows * one.null for rows, one in pieces) / total,
        width=round(sum(rows * one.width for rows, one in pieces) / total),
        distinct=largest.distinct
        if largest.distinct < 0
        else max(one.distinct for _, one in pieces),
        correlation=sum(rows * value for rows, value in order) / total if order else None,
    )


def _shown(statistics: ColumnStatistics) -> dict[str, Any]:
    """Return what a profile says of a column; what is not known is left out."""
    found: dict[str, Any] = {}
    if statistics.null:
        found["null"] = round(statistics.null, _FINE)
    if statistics.distinct:
        found["distinct"] = _plain(statistics.distinct)
    if statistics.correlation is not None:
        found["correlation"] = round(statistics.correlation, _DIGITS)
    if statistics.width:
        found["width"] = statistics.width
    if statistics.common:
        found["common"] = [round(one, _FINE) for one in statistics.common]
    if statistics.values:
        found["values"] = list(statistics.values)
    if statistics.bounds:
        found["bounds"] = list(statistics.bounds)
    return found


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, _FINE)
