"""What a person sees while a database is populated: bars on a terminal, a table at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pgassay.core.event import (
    Event,
    PhaseFinished,
    PhaseStarted,
    Progressed,
    RowsCopied,
    RunFinished,
    RunStarted,
    StatisticsCompared,
    TablePopulated,
    Told,
)
from pgassay.report.figures import count, duration, shown, size
from pgassay.report.nearness import in_a_line, in_a_table

if TYPE_CHECKING:
    from rich.progress import Task, TaskID

    from pgassay.core.nearness import ColumnNearness

_WIDE = 200  # columns of what is no terminal: no name is cut short


class VolumeReport:
    """Prints how a database is populated, and at the end what each table has come to.

    Args:
        console: where to print.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, stderr=True)
        if not self._console.is_terminal:
            self._console.width = _WIDE
        self._progress: Progress | None = None
        self._bars: dict[str, TaskID] = {}
        self._copied: dict[str, int] = {}
        self._tables: list[TablePopulated] = []
        self._nearness: list[ColumnNearness] = []

    def hear(self, event: Event) -> None:
        """Print what this event has to say."""
        match event:
            case RunStarted():
                head = f"PostgreSQL {event.postgres}, seed {event.seed}"
                self._line(f"[bold]{shown(event.system)}[/]  {shown(head)}")
                self._line(f"  {shown(event.server)}", "dim")
            case PhaseStarted(phase=phase):
                self._begin(phase)
            case Progressed():
                self._move(event.phase, event.done, event.total)
            case RowsCopied():
                self._rows(event)
            case PhaseFinished():
                self._end(event)
            case TablePopulated():
                self._tables.append(event)
            case StatisticsCompared():
                self._nearness.append(event.nearness)
            case Told(text=text):
                self._line(f"  {shown(text)}", "dim")
            case RunFinished():
                self.close()
                self._line(f"  {'all of it':<16}{'':<52}{duration(event.seconds):>9}")
            case _:
                pass

    def close(self) -> None:
        """Take the bars away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
            self._bars.clear()

    def summary(self, *, everything: bool = False) -> None:
        """Print what each table has come to, and how near its statistics are to the profile's.

        Statistics within their tolerances are printed if `everything` is.
        """
        self.close()
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("table", no_wrap=True)
        for column in ("asked", "rows", "size", "indexes"):
            table.add_column(column, justify="right")
        if any(one.digest for one in self._tables):
            table.add_column("digest", no_wrap=True)
        for one in self._tables:
            short = one.asked is not None and one.asked != one.rows
            table.add_row(
                shown(one.table),
                "" if one.asked is None else f"{one.asked:,}",
                f"[yellow]{one.rows:,}[/]" if short else f"{one.rows:,}",
                size(one.size),
                size(one.index_size),
                *([shown(one.digest)] if one.digest else []),
            )
        rows = sum(one.rows for one in self._tables)
        asked = [one.asked for one in self._tables if one.asked is not None]
        table.add_row(
            f"[bold]{count(len(self._tables), 'table')}[/]",
            f"{sum(asked):,}" if asked else "",
            f"[bold]{rows:,}[/]",
            size(sum(one.size for one in self._tables)),
            size(sum(one.index_size for one in self._tables)),
        )
        self._console.print(Padding(table, (1, 2)))
        if self._nearness:
            self._line(f"  {in_a_line(self._nearness)}")
            near = in_a_table(self._nearness, everything=everything)
            if near.row_count:
                self._console.print(Padding(near, (1, 2)))

    def _line(self, text: str, style: str | None = None) -> None:
        self._console.print(text, style=style, soft_wrap=True)

    def _begin(self, phase: str) -> None:
        if not self._console.is_terminal:
            return
        if self._progress is None:
            self._progress = Progress(
                TextColumn("  {task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                _Rate(),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._progress.start()
        self._bars[phase] = self._progress.add_task(phase, total=None)

    def _move(self, name: str, done: int, total: int) -> None:
        if self._progress is not None and name in self._bars:
            self._progress.update(self._bars[name], completed=done, total=total)

    def _rows(self, event: RowsCopied) -> None:
        done = self._copied[event.table] = self._copied.get(event.table, 0) + event.rows
        if self._progress is None:
            return
        bar = f"  {shown(event.table)}"
        if bar not in self._bars:
            self._bars[bar] = self._progress.add_task(bar, total=event.asked)
        self._progress.update(self._bars[bar], completed=done)
        if done >= event.asked:
            self._progress.remove_task(self._bars.pop(bar))

    def _end(self, event: PhaseFinished) -> None:
        if self._progress is not None and event.phase in self._bars:
            self._progress.remove_task(self._bars.pop(event.phase))
        figures = [f"{number:,} {name}" for name, number in event.counts.items() if number]
        if event.phase == "rows" and self._copied and event.seconds:
            figures.append(f"{sum(self._copied.values()) / event.seconds:,.0f} rows/s")
        said = ", ".join(figures)
        self._line(f"  {event.phase:<16}{said:<52}{duration(event.seconds):>9}")


class _Rate(ProgressColumn):
    """Rows, or whatever a bar counts, per second."""

    def render(self, task: Task) -> Text:
        """Return the rate as it is now."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="dim")
