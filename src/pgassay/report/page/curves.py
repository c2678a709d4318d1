"""Curves: how a plan's buffers grow with the volume, with their fit, and from night to night."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.report.page.drawing import dot, line, picture, spread, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import drawsvg
    from markupsafe import Markup

    from pgassay.core.exhibit import GrowthFitted, NightBefore

_WIDE, _HIGH, _LEFT, _RIGHT, _TOP, _FOOT = 320.0, 130.0, 14.0, 14.0, 22.0, 24.0
_STEPS = 24
_FLAT = ("constant", "logarithmic")
# The models of `plans.growth`, by their names there.
_MODELS: dict[str, Callable[[float], float]] = {
    "constant": lambda _: 0.0,
    "logarithmic": lambda n: math.log2(max(n, 2.0)),
    "linear": lambda n: n,
    "n log n": lambda n: n * math.log2(max(n, 2.0)),
    "worse": lambda n: n * n,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A picture with its name and a line of words; `flat` is what one need not look at first."""

    query: str
    asked: str
    words: str
    picture: Markup
    figures: tuple[tuple[str, ...], ...] = ()
    flat: bool = False


def growth_curve(fitted: GrowthFitted) -> Curve:
    """Return the counts of a plan over the volume, on scales that are both logarithmic."""
    points = sorted(fitted.points, key=lambda point: point.rows)
    rows = [point.rows for point in points]
    fit = _fit(fitted, rows)
    everything = [point.buffers for point in points] + [y for _, y in fit]
    ys = spread(everything, _TOP + _HIGH, _TOP, decades=1.0)
    xs = spread(rows + [x for x, _ in fit], _LEFT, _WIDE - _RIGHT)
    here = list(zip(xs[: len(rows)], ys[: len(rows)], strict=True))
    parts: list[drawsvg.types.DrawingElement] = [_ground()]
    if fit:
        parts.append(line("fit", *zip(xs[len(rows) :], ys[len(rows) :], strict=True)))
    for number, ((x, y), point) in enumerate(zip(here, points, strict=True)):
        told = f"{point.buffers:,.0f} buffers at {point.rows:,.0f} rows"
        parts.append(dot(x, y, "point", told))
        anchor = "start" if number == 0 else "end" if number == len(here) - 1 else "middle"
        parts.append(text(f"{point.buffers:,.0f}", x, y - 8, anchor=anchor))
        parts.append(text(_amount(point.rows), x, _TOP + _HIGH + 16, anchor=anchor))
    counts = " → ".join(f"{point.buffers:,.0f}" for point in points)
    words = f"{fitted.growth}, error {fitted.error:.0%}"
    title = f"{fitted.query} ({fitted.asked}): buffers {counts}: {words}"
    figures = tuple(
        (f"{p.rows:,.0f}", f"{p.returned:,.0f}", f"{p.read:,.0f}", f"{p.buffers:,.0f}")
        for p in points
    )
    return Curve(
        query=fitted.query,
        asked=fitted.asked,
        words=words,
        picture=picture(_WIDE, _TOP + _HIGH + _FOOT, title, *parts),
        figures=figures,
        flat=fitted.growth in _FLAT,
    )


def trend_curve(
    query: str, asked: str, nights: Sequence[NightBefore], now: float | None, at: str
) -> Curve:
    """Return what a plan touched from night to night, this run last."""
    counts = [(night.at, night.buffers) for night in nights]
    if now is not None:
        counts.append((at, now))
    most = max(count for _, count in counts) or 1.0
    wide = _WIDE - _LEFT - _RIGHT
    step = wide / max(len(counts) - 1, 1)
    places = [
        (_LEFT + number * step, _TOP + _HIGH * (1 - count / most))
        for number, (_, count) in enumerate(counts)
    ]
    parts: list[drawsvg.types.DrawingElement] = [_ground()]
    if len(places) > 1:
        parts.append(line("fit", *places))
    for number, ((x, y), (when, count)) in enumerate(zip(places, counts, strict=True)):
        last = number == len(counts) - 1
        parts.append(
            dot(x, y, "point now" if last else "point", f"{when[:10]}: {count:,.0f} buffers")
        )
    parts.append(text(f"{most:,.0f}", _LEFT, _TOP - 8))
    parts.append(text(counts[0][0][:10], _LEFT, _TOP + _HIGH + 16))
    parts.append(text(counts[-1][0][:10], _WIDE - _RIGHT, _TOP + _HIGH + 16, anchor="end"))
    first, last_count = counts[0][1], counts[-1][1]
    words = f"{first:,.0f} → {last_count:,.0f} buffers over {len(counts)} nights"
    return Curve(
        query=query,
        asked=asked,
        words=words,
        picture=picture(_WIDE, _TOP + _HIGH + _FOOT, f"{query} ({asked}): {words}", *parts),
        figures=tuple((when, f"{count:,.0f}") for when, count in counts),
        flat=not _apart([count for _, count in counts]),
    )


def _apart(counts: Sequence[float]) -> bool:
    """Whether counts have moved by more than is told of nights (`run.bench_history`)."""
    return max(counts) > min(counts) * 1.2 + 8


def _fit(fitted: GrowthFitted, rows: Sequence[float]) -> list[tuple[float, float]]:
    shape = _MODELS.get(fitted.growth)
    if shape is None or not rows:
        return []
    low, high = (math.log10(max(value, 1.0)) for value in (rows[0], rows[-1]))
    xs = [10 ** (low + (high - low) * step / _STEPS) for step in range(_STEPS + 1)]
    return [(x, fitted.a + fitted.b * shape(x)) for x in xs]


def _ground() -> drawsvg.Lines:
    return line("axis", (_LEFT, _TOP + _HIGH), (_WIDE - _RIGHT, _TOP + _HIGH))


def _amount(rows: float) -> str:
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if rows >= size:
            return f"{rows / size:.3g}{unit} rows"
    return f"{rows:.0f} rows"
