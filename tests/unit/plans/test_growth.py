from __future__ import annotations

from math import log2

import pytest

from pgassay.plans.growth import Point, fit, judge_growth
from pgassay.plans.phrases import expectation
from pgassay.plans.query import Growth, HotQuery

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def query(*expect: str) -> HotQuery:
    return HotQuery(
        name="q", title="q", why="hot", sql="select 1", file="q.sql",
        expectations=tuple(expectation(t, run=None, line=3, file="q.sql") for t in expect),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "growth"),
    [
        ([3, 3, 4, 4], Growth.CONSTANT),
        ([0, 0, 0, 0], Growth.CONSTANT),
        ([5 * log2(n) for n in SIZES], Growth.LOGARITHMIC),
        ([50 + n / 100 for n in SIZES], Growth.LINEAR),
        ([n / 10 for n in SIZES], Growth.LINEAR),
        ([n / 10 * log2(n) for n in SIZES], Growth.LINEARITHMIC),
        ([n * n / 1e6 for n in SIZES], Growth.WORSE),
        ([900, 90, 9, 9], Growth.CONSTANT),
    ],
)
def test_growth_is_told_by_the_counts(counts: list[float], growth: Growth):
    found = fit(list(zip(SIZES, counts, strict=True)))
    assert found.growth is growth
    if counts[0] < counts[-1]:
        assert found.error < 0.1


def test_noise_of_a_few_percent_changes_no_answer():
    for sign in (1, -1):
        counts = [n / 10 * (1 + sign * (-1) ** i * 0.04) for i, n in enumerate(SIZES)]
        assert fit(list(zip(SIZES, counts, strict=True))).growth is Growth.LINEAR


def test_two_volumes_are_too_few():
    with pytest.raises(ValueError, match="needs 3 volumes"):
        fit([(10, 1), (10, 2), (20, 2)])


def points(buffers: list[float], returned: list[float]) -> list[Point]:
    return [
        Point(rows=n, returned=r, buffers=b, read=r)
        for n, b, r in zip(SIZES, buffers, returned, strict=True)
    ]


def test_linear_growth_is_a_finding_unless_it_is_meant():
    linear = points([n / 50 for n in SIZES], [1] * 4)
    (found,) = judge_growth(query(), "typical", linear)
    assert found.title == "shared buffers grow: linear (typical)"
    assert found.expected == "growth at most logarithmic"
    assert "-- expect: growth at most linear" in found.fix
    assert len(found.evidence) == 4
    assert list(judge_growth(query("growth at most linear"), "typical", linear)) == []
    assert list(judge_growth(query("growth at most constant"), "typical", linear))


def test_what_is_returned_may_be_read():
    more = points([n / 50 for n in SIZES], [n / 40 for n in SIZES])
    assert list(judge_growth(query(), "typical", more)) == []
    assert list(judge_growth(query("growth at most logarithmic"), "typical", more))


def test_a_look_up_grows_no_faster_than_it_may():
    assert list(judge_growth(query(), "typical", points([3, 3, 4, 5], [1] * 4))) == []


def volumes(*counted: tuple[float, float, float, float]) -> list[Point]:
    return [Point(rows=n, buffers=b, read=r, returned=o) for n, b, r, o in counted]


def test_a_table_read_whole_where_it_is_a_page_bends_no_verdict():
    returned = volumes((20, 1, 20, 1), (1_000, 19, 27, 27), (20_000, 687, 1_576, 1_576))
    linear = volumes((150, 6, 150, 1), (7_500, 34, 106, 1), (150_000, 477, 2_315, 1))
    scattered = volumes((150, 1, 38, 1), (7_500, 6, 73, 4), (150_000, 598, 1_460, 4))
    assert list(judge_growth(query(), "typical", returned)) == []
    for points_ in (linear, scattered):
        wanted = query("growth at most linear")
        assert list(judge_growth(wanted, "typical", points_)) == []
        assert list(judge_growth(query(), "typical", points_)) != []


def test_what_may_be_linear_may_not_be_n_log_n():
    read = [(n, 10, n * log2(n) / 100, 1) for n in (100, 1_000, 10_000)]
    (found,) = judge_growth(query("growth at most linear"), "typical", volumes(*read))
    assert found.title == "rows read grow: n log n (typical)"


def test_a_page_for_each_row_and_those_on_the_way_to_it_are_no_growth():
    full = [(15, 4, 15, 1), (750, 12, 11, 11), (15_000, 51, 50, 50)]
    assert list(judge_growth(query(), "typical", volumes(*full))) == []
    bloated = [*full[:2], (15_000, 90, 50, 50)]
    (found,) = judge_growth(query(), "typical", volumes(*bloated))
    assert found.title == "shared buffers grow: linear (typical)"


def test_pages_without_rows_and_a_step_too_steep_are_findings_still():
    index = volumes((600, 4, 10, 10), (6_000, 20, 10, 10), (60_000, 180, 10, 10))
    (found,) = judge_growth(query(), "typical", index)
    assert found.title == "shared buffers grow: linear (typical)"
    square = volumes((100, 1, 10, 1), (1_000, 100, 1_000, 1), (10_000, 10_000, 100_000, 1))
    found, *_ = judge_growth(query("growth at most linear"), "typical", square)
    assert "rows read grow: worse" in found.title
