"""What a person reads of a populated database."""

from __future__ import annotations

import io

from rich.console import Console

from pgassay.core.event import (
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
from pgassay.core.nearness import ColumnNearness, Measure
from pgassay.report.figures import size
from pgassay.report.volume import VolumeReport


def test_sizes_read_as_people_write_them() -> None:
    told = [size(n) for n in (0, 812, 1536, 10 * 1024, 10_190, 5 * 1024**2, 3 * 1024**4)]
    assert told == ["0 B", "812 B", "1.5 kB", "10 kB", "10 kB", "5.0 MB", "3.0 TB"]


def _printed(*, terminal: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=120, highlight=False)
    report = VolumeReport(console)
    name = '"a\x1b[31mb"'
    for event in (
        RunStarted(
            command="populate", system="shop", server="embedded: [bold]", postgres="18.6", seed=7,
            version="1",
        ),
        PhaseStarted(system="shop", phase="rows"),
        RowsCopied(system="shop", table=name, rows=60, size=600, asked=100),
        Progressed(system="shop", phase="rows", done=60, total=100),
        RowsCopied(system="shop", table=name, rows=40, size=400, asked=100),
        PhaseFinished(system="shop", phase="rows", seconds=2.0, counts={"copied": 100}),
        Told(system="shop", text="not kept"),
        TablePopulated(
            system="shop", table=name, rows=99, asked=100, size=2048, index_size=8192
        ),
        RunFinished(system="shop", passed=True, seconds=3.0),
    ):  # fmt: skip
        report.hear(event)
    report.summary()
    return out.getvalue()


def test_rates_totals_and_short_tables_are_told() -> None:
    lines = [line.strip() for line in _printed(terminal=False).splitlines()]
    assert lines[0] == "shop  PostgreSQL 18.6, seed 7"
    assert lines[1] == "embedded: [bold]"
    assert "100 copied, 50 rows/s" in lines[2]
    assert lines[3] == "not kept"
    assert r'"a\x1b[31mb"    100    99  2.0 kB   8.0 kB' in lines
    assert "1 table         100    99  2.0 kB   8.0 kB" in lines


def test_only_a_terminal_is_moved_about_on() -> None:
    assert "\x1b" not in _printed(terminal=False)
    assert "━" in _printed(terminal=True)


def _nearness(*, everything: bool) -> str:
    out = io.StringIO()
    report = VolumeReport(Console(file=out, width=120, highlight=False))
    for near in (
        ColumnNearness(table="t", column=None, measures=(Measure("rows", 9_000.0, 9_000.0, 90.0),)),
        ColumnNearness(
            table="t",
            column="[red]x",
            measures=(Measure("null", 0.25, 0.5, 0.01), Measure("width", 8.0, 9.0, 2.0)),
            yields="the CHECK c",
        ),
    ):
        report.hear(StatisticsCompared(system="shop", nearness=near))
    report.summary(everything=everything)
    return out.getvalue()


def test_statistics_that_are_missed_are_told_with_what_they_gave_way_to() -> None:
    told = _nearness(everything=False)
    assert "statistics of 1 column: 2 of 3 within their tolerances" in told
    (line,) = [line for line in told.splitlines() if "t.[red]x" in line]
    assert " ".join(line.split()) == (
        "t.[red]x null 0.25 0.5 ± 0.01 missed gives way to the CHECK c"
    )
    assert "width" not in told


def test_all_statistics_are_told_if_everything_is() -> None:
    told = _nearness(everything=True)
    assert "9,000" in told
    assert [line.split()[1] for line in told.splitlines() if "±" in line] == [
        "rows", "null", "width",
    ]  # fmt: skip
    assert told.count("missed") == 1
