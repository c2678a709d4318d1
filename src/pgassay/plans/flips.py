"""Where a plan becomes another one as a database grows, and what it costs on the way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

K = TypeVar("K")

LADDER = 4
"""Steps of ten by which sizes are looked at first: a thousandth, …, all of it."""
_NEAR = 1.2  # a flip is known when the sizes around it are so near to each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A plan at one size: its shape, its cost, how many rows the largest table in it has."""

    scale: float
    shape: tuple[str, ...]
    cost: float
    rows: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Two sizes near to each other, at which a query has different plans."""

    before: Seen
    after: Seen

    @property
    def scale(self) -> float:
        """Where about it is."""
        return math.sqrt(self.before.scale * self.after.scale)


def times(number: float) -> str:
    """Return a factor as people read it: `37x`, `5,230x`, `0.45x`."""
    rounded = float(f"{number:.3g}")
    return f"{rounded:,.0f}x" if rounded >= 100 else f"{rounded:g}x"  # noqa: PLR2004 - no decimals


def ladder(scale: float) -> tuple[float, ...]:
    """Return the sizes to look at first, up to a scale."""
    return tuple(scale / 10**step for step in reversed(range(LADDER)))


def find_flips(
    curves: Mapping[K, Sequence[Seen]], look: Callable[[float, Iterable[K]], Mapping[K, Seen]]
) -> dict[K, list[Flip]]:
    """Return where each plan flips, by halving the distance between sizes that differ.

    Args:
        curves: what was seen at sizes in ascending order.
        look: shows some plans at another size; asked once a size for all that need it.
    """
    open_ = {
        key: [Flip(before=a, after=b) for a, b in pairwise(seen) if a.shape != b.shape]
        for key, seen in curves.items()
    }
    found: dict[K, list[Flip]] = {key: [] for key in curves}
    while any(open_.values()):
        wide: dict[float, list[tuple[K, Flip]]] = {}
        for key, flips in open_.items():
            for flip in flips:
                if flip.after.scale <= flip.before.scale * _NEAR:
                    found[key].append(flip)
                else:
                    wide.setdefault(flip.scale, []).append((key, flip))
        open_ = {key: [] for key in curves}
        for scale, flips_there in wide.items():
            middle = look(scale, [key for key, _ in flips_there])
            for key, flip in flips_there:
                here = middle[key]
                halves = (Flip(before=flip.before, after=here), Flip(before=here, after=flip.after))
                open_[key] += [f for f in halves if f.before.shape != f.after.shape]
    return {key: sorted(flips, key=lambda f: f.scale) for key, flips in found.items() if flips}


def changed_lines(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, str]:
    """Return the first lines of two shapes that are not the same, without equal conditions."""
    pairs = zip(before, after, strict=False)
    one, other = next(((a, b) for a, b in pairs if a != b), ("", ""))
    if not one:
        shorter = min(len(before), len(after))
        one, other = ("".join(shape[shorter : shorter + 1]) for shape in (before, after))
    heads = tuple(line.split(" [")[0].strip() for line in (one, other))
    if heads[0] != heads[1]:
        return heads[0] or "nothing", heads[1] or "nothing"
    return one.strip(), other.strip()
