"""What each query would cost without each index, as a map: the worse it gets, the warmer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.report.figures import size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.exhibit import IndexTried, QueryWithout

_LEVELS = 5
_TIMES = "\N{MULTIPLICATION SIGN}"
_WHOLE = 2.0  # times, from which digits after the point say nothing
_MOST = 100.0  # times; beyond, it is all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmth:
    """One query and one index: how many times the buffers without it; `level` is 0 to 5."""

    text: str = ""
    words: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One index: what needs it, and its row of the map."""

    table: str
    index: str
    size: str
    needs: str
    cells: tuple[Warmth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """The map: queries as columns, those indexes that a query would miss as rows; the others."""

    queries: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    others: tuple[HeatRow, ...]


def heat_map(tried: Sequence[IndexTried]) -> HeatMap | None:
    """Return the map of a run; None if no index was tried."""
    if not tried:
        return None
    queries = sorted({loss.query for one in tried for loss in one.losses if loss.matters})
    rows: list[HeatRow] = []
    others: list[HeatRow] = []
    for one in tried:
        missed = any(loss.matters for loss in one.losses)
        (rows if missed else others).append(_row(one, queries if missed else ()))
    return HeatMap(queries=tuple(queries), rows=tuple(rows), others=tuple(others))


def _row(one: IndexTried, queries: Sequence[str]) -> HeatRow:
    needs = [
        f"constraint {one.constraint}" if one.constraint else "",
        f"foreign keys {', '.join(one.foreign_keys)}" if one.foreign_keys else "",
    ]
    return HeatRow(
        table=one.table,
        index=one.index,
        size=size(one.size),
        needs="; ".join(filter(None, needs)),
        cells=tuple(_warmth(one.losses, query) for query in queries),
    )


def _warmth(losses: Sequence[QueryWithout], query: str) -> Warmth:
    of = [loss for loss in losses if loss.query == query]
    if not of:
        return Warmth()
    worst = max(of, key=lambda loss: loss.without / max(loss.buffers, 1))
    times = worst.without / max(worst.buffers, 1)
    words = f"{worst.asked}: {worst.buffers:,} buffers, {worst.without:,} without it"
    if not worst.matters:
        return Warmth(text="·", words=words)
    level = 1 + int((_LEVELS - 1) * min(math.log(times) / math.log(_MOST), 1.0))
    digits = 0 if times >= _WHOLE else 1
    return Warmth(text=f"{times:,.{digits}f}{_TIMES}", words=words, level=level)
