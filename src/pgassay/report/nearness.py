"""How near statistics came to what was asked, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from pgassay.report.figures import count, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.nearness import ColumnNearness

_MANY = 1000  # from here on, a number is one of rows or values


def in_a_line(nearness: Sequence[ColumnNearness]) -> str:
    """Return how many statistics are within their tolerances."""
    measures = [measure for one in nearness for measure in one.measures]
    missed = sum(not measure.holds for measure in measures)
    columns = sum(one.column is not None for one in nearness)
    head = (
        f"statistics of {count(columns, 'column')}: {len(measures) - missed:,} of {len(measures):,}"
    )
    return f"{head} within their tolerances"


def in_a_table(nearness: Sequence[ColumnNearness], *, everything: bool) -> Table:
    """Return a line for each statistic: asked, got, tolerance; the missed ones alone or all."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("column", no_wrap=True)
    table.add_column("statistic", no_wrap=True)
    for name in ("asked", "got", "tolerance"):
        table.add_column(name, justify="right")
    table.add_column("")
    for one in nearness:
        label = one.table if one.column is None else f"{one.table}.{one.column}"
        for measure in one.measures:
            if measure.holds and not everything:
                continue
            why = f"gives way to {one.yields}" if one.yields else ""
            table.add_row(
                shown(label),
                shown(measure.name),
                _figure(measure.asked),
                _figure(measure.got) if measure.holds else f"[yellow]{_figure(measure.got)}[/]",
                f"± {_figure(measure.tolerance)}",
                "" if measure.holds else f"[yellow]missed[/] {shown(why)}".rstrip(),
            )
    return table


def _figure(value: float) -> str:
    if abs(value) >= _MANY:
        return f"{value:,.0f}"
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
