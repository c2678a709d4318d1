"""Where a plan becomes another one, found by halving."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgassay.plans.flips import Seen, changed_lines, find_flips, ladder, times

if TYPE_CHECKING:
    from collections.abc import Iterable


def seen(scale: float, flips: tuple[float, ...]) -> Seen:
    number = sum(scale >= flip for flip in flips)
    return Seen(scale=scale, shape=(f"plan {number}",), cost=scale, rows=scale * 1000)


def found(**plans: tuple[float, ...]) -> tuple[dict[str, list[float]], list[float]]:
    asked: list[float] = []

    def look(scale: float, keys: Iterable[str]) -> dict[str, Seen]:
        asked.append(scale)
        return {key: seen(scale, plans[key]) for key in keys}

    curves = {key: [seen(scale, flips) for scale in ladder(100)] for key, flips in plans.items()}
    flips = find_flips(curves, look)
    return {key: [flip.scale for flip in some] for key, some in flips.items()}, asked


def test_a_flip_is_found_where_it_is() -> None:
    flips, asked = found(steady=(), once=(37.0,), twice=(0.3, 4.0))
    assert "steady" not in flips
    assert flips["once"] == [pytest.approx(37, rel=0.1)]
    assert flips["twice"] == [pytest.approx(0.3, rel=0.1), pytest.approx(4, rel=0.1)]
    assert len(asked) <= 12


def test_nothing_is_looked_at_where_nothing_flips() -> None:
    assert found(steady=()) == ({}, [])


def test_the_lines_that_changed() -> None:
    assert changed_lines(("Limit", "  Index Scan"), ("Limit", "  Sort")) == ("Index Scan", "Sort")
    assert changed_lines(("Limit",), ("Limit", "  Sort")) == ("nothing", "Sort")
    before, after = "Index Scan using i on t [Filter: a]", "Seq Scan on t [Filter: a]"
    assert changed_lines((before,), (after,)) == ("Index Scan using i on t", "Seq Scan on t")
    other = "Index Scan using i on t [Filter: b]"
    assert changed_lines((before,), (other,)) == (before, other)


def test_factors_read_well() -> None:
    assert [times(n) for n in (0.4512, 1, 37.04, 5234.0, 1e6)] == [
        "0.451x", "1x", "37x", "5,230x", "1,000,000x"
    ]  # fmt: skip
