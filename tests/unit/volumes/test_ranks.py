"""Rows dealt out to values: exact counts, every slot once, the correlation that is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from pgassay.core.statistics import ColumnStatistics
from pgassay.volumes.ranked import Dealing
from pgassay.volumes.ranks import Layout, led


def correlation(values: np.ndarray) -> float:
    """As ANALYZE computes it: equal values count in the order of their rows."""
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(len(values))
    return float(np.corrcoef(ranks, np.arange(len(values)))[0, 1])


@dataclass
class Column:
    """Stands for rows: their numbers are all that dealing asks for."""

    local: np.ndarray


def dealt(rows: int, kinds: int, *, seed: int = 0, **statistics: object) -> np.ndarray:
    stated = ColumnStatistics(distinct=kinds, **statistics)  # type: ignore[arg-type]  # by name
    dealing = Dealing.of(stated, rows, seed, kinds)
    return dealing.of_rows(Column(np.arange(rows, dtype=np.int64)))  # type: ignore[arg-type]  # all


@pytest.mark.parametrize("order", [None, 0.0, 0.35, 0.9, 1.0, -0.7])
@pytest.mark.parametrize(
    ("rows", "null", "kinds", "common"),
    [
        (10_000, 0.0, 10_000, ()),
        (9_999, 0.25, 500, (0.2, 0.1, 0.05)),
        (5_000, 0.0, 7, (0.4, 0.3, 0.2, 0.05, 0.03, 0.01, 0.01)),
        (4_097, 0.6, 900, (0.01,)),
    ],
)
def test_counts_are_exact(
    rows: int, null: float, kinds: int, common: tuple[float, ...], order: float | None
) -> None:
    found = dealt(rows, kinds, null=null, common=common, correlation=order)
    assert (found < 0).sum() == round(null * rows)
    counts = np.bincount(found[found >= 0])
    assert (len(counts), int((counts > 0).sum())) == (kinds, kinds)
    top = np.sort(counts)[::-1][: len(common)]
    assert np.abs(top - [round(share * rows) for share in common]).max(initial=0) <= 1
    rest = np.sort(counts)[: kinds - len(common)]
    assert rest.max(initial=0) - rest.min(initial=10**9) <= 1 or not len(rest)


@pytest.mark.parametrize("wanted", [-0.9, -0.3, 0.0, 0.2, 0.6, 0.97, 1.0])
@pytest.mark.parametrize(
    ("kinds", "null", "common"), [(20_000, 0.0, ()), (3_000, 0.2, (0.1, 0.02)), (40, 0.0, (0.2,))]
)
def test_the_correlation_is_what_is_asked_for(
    wanted: float, kinds: int, null: float, common: tuple[float, ...]
) -> None:
    found = dealt(20_000, kinds, null=null, common=common, correlation=wanted)
    assert correlation(found[found >= 0]) == pytest.approx(wanted, abs=0.03)


def test_few_values_cannot_be_out_of_order_and_come_as_near_as_they_can() -> None:
    """Two values, half of the rows each: 0.5 in no order, as equal ones count in their own."""
    found = dealt(20_000, 2, common=(0.5, 0.5), correlation=0.5)
    assert correlation(found) == pytest.approx(0.5, abs=0.02)
    lowest = dealt(20_000, 2, common=(0.5, 0.5), correlation=-1.0)
    assert correlation(lowest) == pytest.approx(-0.5, abs=0.02)


def test_nulls_are_strewn_over_rows_that_stand_in_order() -> None:
    found = dealt(20_000, 14_000, null=0.3, correlation=1.0)
    shares = (found.reshape(20, 1_000) < 0).mean(axis=1)
    assert np.abs(shares - 0.3).max() < 0.03
    assert len(set(np.diff(np.flatnonzero(found < 0)).tolist())) > 4, "not at regular distances"


def test_any_rows_by_themselves_are_what_they_are_among_all() -> None:
    stated = ColumnStatistics(null=0.1, distinct=900, common=(0.2, 0.1), correlation=0.6)
    dealing = Dealing.of(stated, 10_000, 5, 900)
    whole = dealing.of_rows(Column(np.arange(10_000)))  # type: ignore[arg-type]  # all it asks for
    some = np.asarray([9_999, 3, 4_096, 4_095, 0])
    assert (dealing.of_rows(Column(some)) == whole[some]).all()  # type: ignore[arg-type]  # as above


def test_another_seed_gives_other_rows() -> None:
    first, second = (dealt(1_000, 300, seed=seed, common=(0.3,)) for seed in (1, 2))
    assert (first != second).mean() > 0.5


@pytest.mark.parametrize(
    ("rows", "kinds", "common"),
    [(1, 1, (1.0,)), (3, 9, (0.5,)), (5, 5, (0.2, 0.2, 0.2)), (10, 2, (0.99, 0.5)), (4, 4, ())],
)
def test_more_than_the_rows_can_hold_is_cut_down(
    rows: int, kinds: int, common: tuple[float, ...]
) -> None:
    layout = Layout.of(rows, rows, kinds=kinds, common=common, key=3)
    values = layout.values(np.arange(rows))
    assert len(set(values.tolist())) == layout.kinds == min(rows, kinds)
    assert int(layout.counts().sum()) == rows
    assert (np.bincount(values) == layout.counts()).all()


def test_what_one_column_leads_to_occurs_as_often_as_asked() -> None:
    leader = Layout.of(10_000, 10_000, kinds=400, common=(0.05, 0.04, 0.03), key=1)
    own = Layout.of(10_000, 10_000, kinds=20, common=(0.3, 0.2), key=2)
    table = led(leader, own)
    values = table[leader.values(np.arange(10_000))]
    assert np.abs(np.bincount(values, minlength=20) - own.counts()).max() <= 60
