"""Draws follow from a key and a number alone, and permutations repeat nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgassay.volumes.draws import choices, key_of, shuffled, units, words, zipf_ranks

KEY = key_of(7, "users", "email")
NUMBERS = np.arange(50_000, dtype=np.int64)


def test_a_key_is_that_of_its_parts() -> None:
    assert key_of(1, "a", "b") == key_of(1, "a", "b")
    assert len({key_of(1, "a", "b"), key_of(2, "a", "b"), key_of(1, "ab", ""), key_of(1, "a")}) == 4


def test_words_of_one_key_never_repeat() -> None:
    assert len(np.unique(words(KEY, NUMBERS))) == len(NUMBERS)


def test_words_of_two_keys_have_nothing_to_do_with_each_other() -> None:
    assert not (words(KEY, NUMBERS) == words(KEY + 1, NUMBERS)).any()


def test_any_part_of_the_numbers_has_the_same_draws() -> None:
    whole = units(KEY, NUMBERS)
    parts = [units(KEY, part) for part in np.array_split(NUMBERS, 7)]
    assert np.array_equal(whole, np.concatenate(parts))
    assert np.array_equal(whole[::-1], units(KEY, NUMBERS[::-1]))


def test_fractions_are_spread_evenly() -> None:
    drawn = units(KEY, NUMBERS)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    tenths, _ = np.histogram(drawn, bins=10, range=(0, 1))
    assert abs(tenths - 5_000).max() < 300


@given(size=st.integers(1, 3_000), key=st.integers(0, 2**64 - 1))
def test_a_shuffle_is_a_permutation_of_any_range(size: int, key: int) -> None:
    sent = shuffled(key, np.arange(size, dtype=np.int64), size)
    assert np.array_equal(np.sort(sent), np.arange(size))


def test_a_shuffle_leaves_hardly_anything_in_its_place() -> None:
    places = np.arange(10_000, dtype=np.int64)
    assert (shuffled(KEY, places, 10_000) == places).mean() < 0.01


@given(data=st.data())
def test_places_of_one_group_are_sent_to_different_ones(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 60), min_size=1, max_size=40))
    group = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    place = np.concatenate([np.arange(size, dtype=np.int64) for size in sizes])
    sent = shuffled(words(KEY, group), place, np.repeat(np.asarray(sizes), sizes))
    for number, size in enumerate(sizes):
        assert sorted(sent[group == number]) == list(range(size))


@pytest.mark.parametrize("exponent", [0.0, 0.6, 1.0, 1.4])
def test_the_first_ranks_are_the_most_frequent_by_zipf(exponent: float) -> None:
    ranks = zipf_ranks(KEY, NUMBERS, 1_000, exponent)
    assert ranks.min() == 0
    assert ranks.max() < 1_000
    counts = np.bincount(ranks, minlength=1_000)
    first, later = counts[:10].sum(), counts[100:110].sum()
    assert (first > 1.5 * later) == (exponent > 0)


def test_choices_stay_within_sizes_that_differ() -> None:
    sizes = NUMBERS % 9 + 1
    chosen = choices(KEY, NUMBERS, sizes)
    assert (chosen >= 0).all()
    assert (chosen < sizes).all()
    assert (chosen == sizes - 1).any()
