"""Periods: where a span ends that begins on a day the next month does not have."""

from __future__ import annotations

from datetime import datetime

import pytest

from pgassay.drift.periods import Pattern


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-31", "2026-11-30"),
        ("2027-01-29 12:00:00", "2027-02-28 12:00:00"),
        ("2026-12-01", "2027-01-01"),
    ],
)
def test_a_month_ends_as_an_interval_of_one_month_does(start: str, end: str) -> None:
    after = Pattern(months=1).after(datetime.fromisoformat(start))
    assert after == datetime.fromisoformat(end)
