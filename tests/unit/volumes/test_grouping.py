"""Children of parents: both ways agree, nothing is lost, and limits hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgassay.volumes.grouping import Grouping, counts_of
from pgassay.volumes.profile import Spread

SPREADS = [
    Spread(mean=1, most=1, least=1, shape="even"),
    Spread(mean=3.2, none=0.15, most=200),
    Spread(mean=0.4, none=0.7),
    Spread(mean=20, shape="zipf", tail=1.1),
    Spread(mean=250, tail=1.5),
]


@pytest.mark.parametrize("spread", SPREADS, ids=str)
@pytest.mark.parametrize("parents", [1, 17, 2_048, 10_001])
def test_every_child_is_among_its_parents_children_in_order(spread: Spread, parents: int) -> None:
    grouping = Grouping.of(spread, parents, key=11)
    first, count = grouping.children(np.arange(parents, dtype=np.int64))
    assert count.sum() == grouping.rows
    assert np.array_equal(first, np.cumsum(count) - count)
    owner, place = grouping.owner(np.arange(grouping.rows, dtype=np.int64))
    assert np.array_equal(owner, np.repeat(np.arange(parents), count))
    assert np.array_equal(place, np.arange(grouping.rows) - np.repeat(first, count))


@pytest.mark.parametrize("parents", [100, 50_000])
def test_the_mean_the_share_without_and_the_most_are_those_asked_for(parents: int) -> None:
    grouping = Grouping.of(Spread(mean=3.2, none=0.15, most=20), parents, key=3)
    _, count = grouping.children(np.arange(parents, dtype=np.int64))
    assert count.mean() == pytest.approx(3.2, rel=0.02)
    assert (count == 0).mean() == pytest.approx(0.15, abs=0.02)
    assert count.max() <= 20
    assert (grouping.least, grouping.most) == (0, count.max())


def test_a_long_tail_has_a_few_large_parents() -> None:
    _, even = Grouping.of(Spread(mean=20, shape="even"), 5_000, key=3).children(np.arange(5_000))
    _, tail = Grouping.of(Spread(mean=20, tail=1.2), 5_000, key=3).children(np.arange(5_000))
    assert even.max() == 20
    assert tail.max() > 200
    assert np.median(tail) < 15


def test_so_many_rows_in_all_are_so_many() -> None:
    for rows in (1, 999, 40_000):
        grouping = Grouping.of(Spread(), 3_001, key=5, rows=rows)
        _, count = grouping.children(np.arange(3_001))
        assert grouping.rows == count.sum() == rows


def test_parents_next_to_each_other_differ_from_block_to_block() -> None:
    _, count = Grouping.of(Spread(mean=4), 8_192, key=9).children(np.arange(8_192))
    blocks = count.reshape(4, 2_048)
    assert not np.array_equal(blocks[0], blocks[1])
    assert np.array_equal(np.sort(blocks[0]), np.sort(blocks[1]))


@given(
    parents=st.integers(1, 300),
    rows=st.integers(0, 900),
    most=st.integers(1, 9),
    none=st.floats(0, 0.9),
)
def test_counts_add_up_within_the_limits_or_are_refused(
    parents: int, rows: int, most: int, none: float
) -> None:
    spread = Spread(none=none, least=0, most=most)
    able = parents - round(none * parents)
    if rows > able * most:
        with pytest.raises(ValueError, match=f"are more than {most} each"):
            counts_of(spread, parents, rows)
        return
    counts = counts_of(spread, parents, rows)
    assert counts.sum() == rows
    assert counts.max(initial=0) <= most
    assert (counts > 0).sum() <= able


def test_too_few_children_for_the_least_are_refused() -> None:
    with pytest.raises(ValueError, match="have at least 3, are too few"):
        counts_of(Spread(least=3), 10, 29)
