"""Time and the share of rows follow from each other, and both only grow."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgassay.volumes.calendar import DAY, HOUR, Calendar, microseconds, moment
from pgassay.volumes.profile import Period

START = microseconds(datetime(2026, 1, 1))  # noqa: DTZ001 - times without a zone
YEAR = Calendar(Period(growth=4.0), START, START + 365 * DAY)


def test_microseconds_and_moments_are_inverse() -> None:
    assert microseconds(datetime(2000, 1, 1)) == 0  # noqa: DTZ001 - as above
    assert moment(START) == datetime(2026, 1, 1)  # noqa: DTZ001 - as above


@given(seed=st.integers(0, 2**32))
def test_a_larger_share_is_a_later_time_within_the_span(seed: int) -> None:
    times = YEAR.at(np.sort(np.random.default_rng(seed).random(50)))
    assert (np.diff(times) >= 0).all()
    assert times[0] >= YEAR.start
    assert times[-1] < YEAR.end


def test_the_share_of_a_time_gives_the_time_back() -> None:
    shares = np.linspace(0, 0.9999, 20_000)
    assert np.allclose(YEAR.share(YEAR.at(shares)), shares, atol=1e-7)


def test_times_outside_the_span_have_all_rows_or_none() -> None:
    outside = np.asarray([START - DAY, START + 400 * DAY])
    assert YEAR.share(outside).tolist() == [0.0, 1.0]


def test_rows_grow_week_by_week() -> None:
    times = YEAR.at(np.linspace(0, 1, 100_000, endpoint=False))
    weeks = np.bincount((times - START) // (7 * DAY))
    assert weeks[51] / weeks[0] == pytest.approx(4, rel=0.1)
    assert (np.diff(weeks[:52]) > -20).all()


def test_weekends_and_nights_are_quiet() -> None:
    flat = Calendar(Period(growth=1.0), START, START + 364 * DAY)
    times = flat.at(np.linspace(0, 1, 100_000, endpoint=False))
    days = [moment(time).weekday() for time in times[::10]]
    hours = np.bincount(times // HOUR % 24)
    assert days.count(5) < days.count(2) / 2
    assert hours[3] < hours[15] / 5


def test_a_part_of_the_span_keeps_the_growth_of_the_whole() -> None:
    period = Period(start=moment(START), end=moment(START + 365 * DAY), growth=100.0)
    month = Calendar(period, START, START + 30 * DAY)
    times = month.at(np.linspace(0, 1, 50_000, endpoint=False))
    first, last = (times < START + 7 * DAY).sum(), (times >= START + 21 * DAY).sum()
    assert 1.0 < last / first < 2.0
    assert moment(int(times[-1])) - moment(START) < timedelta(days=30)
