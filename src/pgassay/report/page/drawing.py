"""The pictures of a page, as SVG that takes its colours from the page and runs no script.

Names stand in texts and titles only, which drawsvg escapes, never in attributes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import drawsvg
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

_LETTER = 7.2  # about the width of a letter at 12 px
_WIDTHS = dict.fromkeys("mwMW@%", 11.5) | dict.fromkeys("ijlftrI.,:;'|() ", 4.6)
_LONGEST = 44


def picture(
    width: float, height: float, title: str, *parts: drawsvg.types.DrawingElement
) -> Markup:
    """Return a drawing as it may stand in a page; `title` is what a screen reader says of it."""
    drawing = drawsvg.Drawing(_round(width), _round(height), role="img")
    drawing.append_title(visible(title))  # first: it is the name for a screen reader
    for part in parts:
        drawing.append(part)
    text: str = drawing.as_svg(header="")
    return Markup(text.replace(" width=", ' class="picture" width=', 1))  # noqa: S704 - texts are escaped by drawsvg


def text(words: str, x: float, y: float, kind: str = "", *, anchor: str = "start") -> drawsvg.Text:
    """Return a text with its baseline at `y`; a long one is cut, and whole in its title."""
    words = visible(words)
    made = drawsvg.Text(
        short(words), 12, x=_round(x), y=_round(y), class_=kind or "label", text_anchor=anchor
    )
    if len(words) > _LONGEST:
        made.append_title(words)
    return made


def bar(
    x: float, y: float, width: float, height: float, *, kind: str, title: str
) -> drawsvg.Rectangle:
    """Return a rectangle with a title that shows when it is pointed at."""
    made = drawsvg.Rectangle(_round(x), _round(y), _round(width), _round(height), class_=kind, rx=2)
    made.append_title(visible(title))
    return made


def dot(x: float, y: float, kind: str, title: str, *, size: float = 3.5) -> drawsvg.Circle:
    """Return a point with a title."""
    made = drawsvg.Circle(_round(x), _round(y), size, class_=kind)
    made.append_title(visible(title))
    return made


def line(kind: str, *points: tuple[float, float]) -> drawsvg.Lines:
    """Return a line through points."""
    flat = [_round(value) for point in points for value in point]
    return drawsvg.Lines(*flat, class_=kind, fill="none")


def branch(start: tuple[float, float], end: tuple[float, float], kind: str) -> drawsvg.Path:
    """Return the line from a node of a tree down to one beneath it."""
    (x, y), (to_x, to_y) = start, end
    made = drawsvg.Path(class_=kind, fill="none")
    made.M(_round(x), _round(y)).L(_round(x), _round(to_y)).L(_round(to_x), _round(to_y))
    return made


def short(words: str, longest: int = _LONGEST) -> str:
    """Return words cut to a length, with a mark where they are."""
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def width_of(words: str) -> float:
    """Return about how wide a text is, in pixels."""
    return sum(_WIDTHS.get(letter, _LETTER) for letter in short(words))


def visible(words: str) -> str:
    """Return words with what has no shape (controls, halves of a pair) as an escape."""
    return "".join(
        c if c.isprintable() or c in "\n\t\u00ad\u200d" else c.encode("unicode_escape").decode()
        for c in words
    )


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers that divide a span; the powers of ten are divided by 1, 2 and 5."""
    if high <= low:
        return [low]
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= raw)
    first = math.ceil(low / step)
    return [step * number for number in range(first, math.floor(high / step) + 1)]


def spread(
    values: Sequence[float], low: float, high: float, *, decades: float = 0.0
) -> list[float]:
    """Return values placed on a logarithmic scale between two pixels, which are so far apart."""
    logs = [math.log10(max(value, 1.0)) for value in values]
    least, most = min(logs), max(logs)
    if most - least < decades:  # what hardly differs looks alike
        middle = (most + least) / 2
        least, most = middle - decades / 2, middle + decades / 2
    span = (most - least) or 1.0
    return [low + (high - low) * (value - least) / span for value in logs]


def _round(value: float) -> float:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
