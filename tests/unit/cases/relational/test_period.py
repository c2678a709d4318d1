from __future__ import annotations

from datetime import date

import pytest

from pgassay.cases.period import period_of, span


@pytest.mark.parametrize(
    ("every", "start", "end", "shown"),
    [
        ("day", date(2026, 12, 31), date(2027, 1, 1), "2026-12-31"),
        ("week", date(2026, 12, 28), date(2027, 1, 4), "2026-12-28"),
        ("month", date(2026, 12, 1), date(2027, 1, 1), "2026-12"),
        ("quarter", date(2026, 10, 1), date(2027, 1, 1), "2026-10-01"),
        ("year", date(2026, 1, 1), date(2027, 1, 1), "2026"),
    ],
)
def test_a_period_ends_where_the_next_begins(every: str, start: date, end: date, shown: str):
    period = period_of(date(2026, 12, 31), every)
    assert (period.start, period.end, str(period)) == (start, end, shown)
    assert period.next.start == end


def test_a_span_has_the_period_and_those_ahead():
    found = [str(p) for p in span(period_of(date(2026, 11, 21), "month"), 2)]
    assert found == ["2026-11", "2026-12", "2027-01"]
