"""Growth: how the counts of a query grow with the volume, fitted by least squares.

Fitted are `a`, `a + b·log n`, `a + b·n`, `a + b·n·log n` and `a + b·n²`, with `b` never negative.
The simplest model whose error is about as small as the smallest is the answer; the error is the
root mean square of the relative residuals, where a page or two is no residual at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, sqrt
from typing import TYPE_CHECKING

from pgassay.core.case import Subject
from pgassay.core.finding import Finding
from pgassay.plans.query import Grows, Growth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgassay.plans.query import HotQuery

_MODELS: tuple[tuple[Growth, Callable[[float], float]], ...] = (
    (Growth.CONSTANT, lambda _: 0.0),
    (Growth.LOGARITHMIC, lambda n: log2(max(n, 2.0))),
    (Growth.LINEAR, lambda n: n),
    (Growth.LINEARITHMIC, lambda n: n * log2(max(n, 2.0))),
    (Growth.WORSE, lambda n: n * n),
)
_ORDER = [growth for growth, _ in _MODELS]
_GRAIN = 2.0  # pages or rows that are no difference
_AS_GOOD = 0.05  # a simpler model may have so much more error
_LEAST = 3  # volumes
_TWICE, _FEW = 2.0, 10.0  # rows read for each returned, and some rows or pages more
_STEEPER = 1.25  # a last step by so much more than linear is linear


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What a query counted at one volume.

    Args:
        rows: rows of the largest table that it reads.
        returned: rows that it returned.
        buffers: shared buffers touched.
        read: rows read.
    """

    rows: float
    returned: float
    buffers: float
    read: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a count grows: `a + b·f(n)`, with its error relative to the counts."""

    growth: Growth
    a: float
    b: float
    error: float

    def __str__(self) -> str:
        return f"{self.growth.value} (error {self.error:.0%})"


def fit(points: Sequence[tuple[float, float]]) -> Fit:
    """Return the simplest model that explains counts by the number of rows.

    Raises:
        ValueError: there are fewer than three volumes.
    """
    if len({n for n, _ in points}) < _LEAST:
        raise ValueError(f"{len(points)} points: a fit needs {_LEAST} volumes")
    fits = [_fitted(growth, shape, points) for growth, shape in _MODELS]
    least = min(found.error for found in fits)
    return next(found for found in fits if found.error <= least + _AS_GOOD)


def judge_growth(
    query: HotQuery, run: str, points: Sequence[Point], *, asked: str = ""
) -> Iterator[Finding]:
    """Yield what grows faster than it may; linear growth has to be allowed in the header.

    A query that returns more rows from a larger volume may read as much more.

    Args:
        query: the query.
        run: the run, whose expectation holds.
        points: what was counted at each volume.
        asked: the run and the kind of plan in words, where that is more than the run.
    """
    wanted = [e for e in query.expected(run) if isinstance(e, Grows)]
    way = asked or run
    most = wanted[0].most if wanted else Growth.LOGARITHMIC
    returned = fit([(p.rows, p.returned) for p in points])
    for what, counts in (
        ("shared buffers", [(p.rows, p.buffers) for p in points]),
        ("rows read", [(p.rows, p.read) for p in points]),
    ):
        found = fit(counts)
        allowed = most if wanted else max(most, returned.growth, key=_ORDER.index)
        if _ORDER.index(found.growth) <= _ORDER.index(allowed):
            continue
        if _follows(points, counts, allowed, pages=what == "shared buffers", said=bool(wanted)):
            continue
        table = tuple(
            f"{p.rows:>14,.0f} rows: {p.buffers:>10,.0f} buffers, {p.read:>10,.0f} rows read, "
            f"{p.returned:,.0f} returned"
            for p in points
        )
        yield Finding(
            slug="plan_growth",
            subject=Subject(object=query.name),
            title=f"{what} grow: {found.growth.value} ({way})",
            found=f"{found}: {' → '.join(f'{count:,.0f}' for _, count in counts)}",
            expected=wanted[0].text if wanted else f"growth at most {allowed.value}",
            why=f"{query.why}; at ten times the rows it costs what the fit says",
            fix="see the plan at the largest volume; where it is meant, say so in the header: "
            f"-- expect: growth at most {found.growth.value}",
            evidence=table,
            source=f"{query.file}:{wanted[0].line}" if wanted else query.file or None,
            discriminator=f"{way}: {what}",
        )


def _follows(
    points: Sequence[Point],
    counts: Sequence[tuple[float, float]],
    allowed: Growth,
    *,
    pages: bool,
    said: bool,
) -> bool:
    """Whether the largest volume explains a count that the fit finds too steep.

    At the smallest volumes tables of a page are read whole, which bends a fit. A query may read
    what it returns, unless its header says otherwise; it may touch a page for each row that it
    reads, which are judged themselves, and those on the way down its indexes; and where it may grow
    linearly, its last step may be a quarter steeper than the volume's.
    """
    (n, count), (less, before) = counts[-1], counts[-2]
    last = points[-1]
    linear = _ORDER.index(allowed) >= _ORDER.index(Growth.LINEAR)
    if pages and count <= last.read + _FEW:
        return True
    if not pages and (linear or not said) and count <= _TWICE * last.returned + _FEW:
        return True
    return linear and count + _GRAIN <= (before + _GRAIN) * _STEEPER * n / less


def _fitted(
    growth: Growth, shape: Callable[[float], float], points: Sequence[tuple[float, float]]
) -> Fit:
    """Return the best `a + b·shape(n)`, residuals weighed by the size of the count."""
    weights = [1.0 / max(y, _GRAIN) ** 2 for _, y in points]
    total = sum(weights)
    xs = [shape(n) for n, _ in points]
    mean_x = sum(w * x for w, x in zip(weights, xs, strict=True)) / total
    mean_y = sum(w * y for w, (_, y) in zip(weights, points, strict=True)) / total
    spread = sum(w * (x - mean_x) ** 2 for w, x in zip(weights, xs, strict=True))
    together = sum(
        w * (x - mean_x) * (y - mean_y) for w, x, (_, y) in zip(weights, xs, points, strict=True)
    )
    b = max(together / spread, 0.0) if spread else 0.0
    a = mean_y - b * mean_x
    residuals = [
        max(abs(a + b * x - y) - _GRAIN, 0.0) / max(y, 1.0)
        for x, (_, y) in zip(xs, points, strict=True)
    ]
    return Fit(growth=growth, a=a, b=b, error=sqrt(sum(r * r for r in residuals) / len(residuals)))
