"""The sample reports are what their events come to today."""

from __future__ import annotations

import re

import pytest

from benchmarks.sample_reports import FOLDER, SAMPLES, reports


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_in_step_with_the_reports(name: str) -> None:
    for file, text in reports(name).items():
        kept = (FOLDER / name / file).read_text(encoding="utf-8")
        assert _constant(kept) == _constant(text), "python -m benchmarks.sample_reports --again"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_small_enough_to_be_kept(name: str) -> None:
    assert sum(path.stat().st_size for path in (FOLDER / name).iterdir()) < 2_000_000


def _constant(text: str) -> str:
    """Return a report without the version that made it."""
    return re.sub(r"Made by pgassay \S+", "", text)
