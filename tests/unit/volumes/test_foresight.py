"""What a sample of a column tells, by ANALYZE's own estimators."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from pgassay.volumes.cells import NULL, Fixed, Varying, identifiers, integers, with_lengths
from pgassay.volumes.foresight import IN_FULL, _coded, _column, _split, _words


def drawn(kinds: int, rows: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, kinds, rows).astype(np.uint64)


def test_all_rows_tell_all_there_is() -> None:
    codes = np.asarray([1, 1, 1, 2, 2, 3], np.uint64)
    found = _column(codes, codes, 8, 8)
    assert (found.distinct, found.null) == (3, 0.25)
    assert found.common == (3 / 8, 2 / 8)
    assert found.correlation == pytest.approx(1.0)


@pytest.mark.parametrize("kinds", [50, 5_000, 200_000])
def test_distinct_values_are_estimated_as_analyze_does(kinds: int) -> None:
    found = _column(drawn(kinds, 100_000), None, 100_000, 2_000_000)
    assert found.distinct == pytest.approx(kinds, rel=0.1)


def test_values_that_all_differ_still_do_so_in_more_rows() -> None:
    found = _column(np.arange(1_000, dtype=np.uint64), None, 1_000, 50_000)
    assert found.distinct == 50_000
    assert found.common == ()


def test_a_sample_keeps_as_common_what_stands_out_and_no_more() -> None:
    rows = np.concatenate([np.zeros(3_000, np.uint64), drawn(20_000, 27_000) + np.uint64(1)])
    first, *others = _column(rows, None, 30_000, 10 * IN_FULL).common
    assert first == 0.1
    assert len(others) < 5
    assert len(_column(rows, None, 30_000, 30_000).common) == 100


def test_cells_are_the_same_if_their_values_are() -> None:
    numbers = np.asarray([5, -5, 5, 0], np.int64)
    for cells in (integers(numbers, 4), identifiers(numbers.astype(np.uint64), numbers.view("u8"))):
        codes, present = _coded(cells)
        assert codes[0] == codes[2]
        assert len(set(codes.tolist())) == 3
        assert present.all()
    codes, present = _coded(Varying(pa.array([b"\0\0\0\1a", NULL, b"\0\0\0\1a"], pa.binary())))
    assert codes[0] == codes[2]
    assert present.tolist() == [True, False, True]
    empty = Fixed(np.zeros((2, 0), np.uint8), np.asarray([True, True]))
    assert _words(empty).shape == (2, 1)


def test_the_content_of_a_pool_comes_apart_again() -> None:
    cells = [
        with_lengths(pa.array(v, pa.binary())).to_pylist() for v in ([b"a", b""], [b"bc", b"d"])
    ]
    whole = pa.array([cells[0][0] + cells[1][0], NULL + cells[1][1]], pa.binary())
    first, second = _split(whole, 2)
    assert first.to_pylist() == [cells[0][0], NULL]
    assert second.to_pylist() == cells[1]
