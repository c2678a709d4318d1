"""What is told of the night before: what moved, of the same kind of night, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import ConfigError
from pgassay.core.event import QueryMeasured, RunStarted
from pgassay.report.history import HistoryReport
from pgassay.run.bench_history import Night, last_night, trend

if TYPE_CHECKING:
    from pathlib import Path

TONIGHT = Night(system="shop", postgres="18.6", profile="small", seed=0)


def kept(path: Path, buffers: int) -> None:
    report = HistoryReport(path, profile="small")
    report.hear(
        RunStarted(command="bench", system="shop", server="", postgres="18.6", seed=0, version="1")
    )
    figures = {"buffers": buffers, "ms": 2.0}
    report.hear(QueryMeasured(system="shop", query="latest", asked="typical", figures=figures))
    report.close()


def night(path: Path, at: str, buffers: int, **other: object) -> None:
    line = {"at": at, "system": "shop", "postgres": "18.6", "profile": "small", "seed": 0,
            "query": "latest", "asked": "typical", "buffers": buffers, "ms": 2.0}  # fmt: skip
    with path.open("a") as file:
        file.write(json.dumps({**line, **other}) + "\n")


def test_what_a_report_writes_is_read_again(tmp_path: Path):
    kept(tmp_path / "h", 100)
    before = last_night(tmp_path / "h", TONIGHT)
    assert before is not None
    assert before.figures == {("latest", "typical"): {"buffers": 100, "ms": 2.0}}


def test_the_last_comparable_night_counts(tmp_path: Path):
    night(tmp_path / "h", "2026-01-01", 100)
    night(tmp_path / "h", "2026-01-02", 200)
    night(tmp_path / "h", "2026-01-03", 300, postgres="17.9")
    night(tmp_path / "h", "2026-01-04", 400, profile="medium")
    night(tmp_path / "h", "2026-01-05", 500, seed=1)
    before = last_night(tmp_path / "h", TONIGHT)
    assert before is not None
    assert (before.at, before.figures["latest", "typical"]["buffers"]) == ("2026-01-02", 200)


def test_what_moved_is_told_and_noise_is_not(tmp_path: Path):
    night(tmp_path / "h", "2026-01-01", 100)
    before = last_night(tmp_path / "h", TONIGHT)
    same, *moved = trend(before, {("latest", "typical"): {"buffers": 110, "ms": 3.0}})
    assert "of 1 plans 0 touch other numbers of pages" in same
    assert "1.50 times as long" in same
    assert moved == []
    head, line = trend(before, {("latest", "typical"): {"buffers": 900, "ms": 2.0}})
    assert "1 touch other" in head
    assert line == "since 2026-01-01: latest (typical): 100 → 900 buffers"
    new, *_ = trend(before, {("other", "typical"): {"buffers": 9, "ms": 2.0}})
    assert "1 are new, 1 are gone" in new


def test_without_a_night_before_that_is_said(tmp_path: Path):
    assert last_night(tmp_path / "none", TONIGHT) is None
    assert list(trend(None, {})) == ["no night before to compare with"]


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"at": "x"}'])
def test_a_damaged_line_is_named(tmp_path: Path, line: str):
    night(tmp_path / "h", "2026-01-01", 100)
    with (tmp_path / "h").open("a") as file:
        file.write(line + "\n")
    with pytest.raises(ConfigError) as error:
        last_night(tmp_path / "h", TONIGHT)
    assert str(error.value.where).endswith(":2")
