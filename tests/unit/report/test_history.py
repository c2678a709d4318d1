from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pgassay.core.errors import MachineError
from pgassay.core.event import QueryMeasured, RunStarted
from pgassay.report.history import HistoryReport

if TYPE_CHECKING:
    from pathlib import Path

STARTED = RunStarted(
    command="bench", system="shop", server="embedded", postgres="18.6", seed=3, version="1"
)
MEASURED = QueryMeasured(
    system="shop", query="latest", asked="heaviest", figures={"buffers": 7, "ms": 0.4}
)


def night(path: Path) -> None:
    report = HistoryReport(path)
    report.hear(STARTED)
    report.hear(MEASURED)
    report.close()


def test_each_night_adds_a_line_for_each_plan(tmp_path: Path):
    path = tmp_path / "deep" / "nights.jsonl"
    night(path)
    night(path)
    first, second = map(json.loads, path.read_text().splitlines())
    assert first["query"] == second["query"] == "latest"
    assert (first["asked"], first["buffers"], first["seed"]) == ("heaviest", 7, 3)
    assert first["at"] <= second["at"]


def test_a_run_that_ends_early_leaves_no_half_of_itself(tmp_path: Path):
    path = tmp_path / "nights.jsonl"
    report = HistoryReport(path)
    report.hear(STARTED)
    report.hear(MEASURED)
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_an_error_of_the_machine(tmp_path: Path):
    with pytest.raises(MachineError, match="history could not be written"):
        night(tmp_path)
