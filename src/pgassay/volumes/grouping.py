"""How many children each parent has, with both ways in constant time and without a list of them.

Parents stand in blocks. The counts of a block are the quantiles of the distribution, shuffled in
one of a few ways, so every full block has the same sum, and the place of a parent's first child
and the parent of a child are a division and a look into one small table. Nothing grows with the
number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from pgassay.volumes.draws import shuffled, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from pgassay.volumes.draws import Numbers, Units
    from pgassay.volumes.profile import Spread

_BLOCK = 2048  # the finest quantile: one parent in so many is the largest
_WAYS = 16
_CELLS = 1 << 22  # children in the tables of one grouping: 8 MB


@dataclass(frozen=True, slots=True)
class Grouping:
    """The children of `parents` parents, numbered from 0 in the order of their parents.

    Attributes:
        parents: how many there are.
        rows: how many children they have together.
        block: parents in a block.
        most: the largest number of children.
        least: the smallest.
    """

    parents: int
    rows: int
    block: int
    most: int
    least: int
    _key: int
    _counts: npt.NDArray[np.int32]
    _starts: npt.NDArray[np.int32]
    _owners: npt.NDArray[np.int16]

    @classmethod
    def of(cls, spread: Spread, parents: int, key: int, rows: int | None = None) -> Grouping:
        """Return the grouping of so many parents; `rows` asks for so many children in all.

        Raises:
            ValueError: the spread cannot hold, in words.
        """
        if rows and not parents:
            raise ValueError(f"{rows} children are asked for, and there is no parent")
        mean = spread.mean if rows is None else rows / max(parents, 1)
        cells = max(16, int(_CELLS / max(mean, 1) / _WAYS))
        block = max(1, min(_BLOCK, parents, cells))
        wanted = round(mean * block) if rows is None else int(np.ceil(mean * block))
        found = cls._of(counts_of(spread, block, wanted), parents, key)
        while rows is not None and found.rows < rows:  # the last block is not a whole one
            wanted += max(1, (rows - found.rows) * block // max(parents, 1))
            found = cls._of(counts_of(spread, block, wanted), parents, key)
        return found if rows is None else replace(found, rows=rows)

    @classmethod
    def _of(cls, grid: Numbers, parents: int, key: int) -> Grouping:
        block = len(grid)
        ways = 1 if parents <= block else _WAYS
        places = np.tile(np.arange(block), ways)
        keys = np.repeat(words(key, np.arange(ways, dtype=np.int64)), block)
        counts = grid[shuffled(keys, places, block)].reshape(ways, block)
        starts = np.zeros((ways, block + 1), np.int64)
        np.cumsum(counts, axis=1, out=starts[:, 1:])
        owners = np.stack([np.repeat(np.arange(block), row) for row in counts])
        whole, rest = divmod(parents, block)
        way = int(words(key, np.asarray([whole], np.int64))[0] % np.uint64(ways))
        return cls(
            parents=parents,
            rows=whole * int(grid.sum()) + int(starts[way, rest]),
            block=block,
            most=int(grid.max()),
            least=int(grid.min()),
            _key=key,
            _counts=counts.astype(np.int32),
            _starts=starts.astype(np.int32),
            _owners=owners.astype(np.int16),
        )

    def owner(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """Return the parent of each child, and the child's place among its siblings from 0."""
        size = self._owners.shape[1]
        block, place = np.divmod(rows, max(size, 1))
        way = self._way(block)
        within = self._owners[way, place].astype(np.int64)
        among: Numbers = place - self._starts[way, within].astype(np.int64)
        return block * self.block + within, among

    def children(self, parents: Numbers) -> tuple[Numbers, Numbers]:
        """Return the first child of each parent and how many it has."""
        block, within = np.divmod(parents, self.block)
        way = self._way(block)
        first = block * self._owners.shape[1] + self._starts[way, within]
        count = self._counts[way, within].astype(np.int64)
        first = np.minimum(first, self.rows)
        return first, np.minimum(count, self.rows - first)

    def _way(self, block: Numbers) -> Numbers:
        ways = np.uint64(self._counts.shape[0])
        return (words(self._key, block) % ways).astype(np.int64)


def counts_of(spread: Spread, parents: int, rows: int) -> Numbers:
    """Return the children of so many parents, `rows` in all, the fewest first.

    Raises:
        ValueError: the spread cannot hold, in words.
    """
    if spread.steps:
        return _stepped(spread.steps, parents, rows, spread.most)
    without = round(spread.none * parents)
    having = parents - without
    least = spread.least if spread.least is not None else (1 if spread.none else 0)
    most = spread.most if spread.most is not None else max(rows, least)
    if rows > having * most:
        raise ValueError(
            f"{rows} children for {parents} parents, of which {having} may have any, "
            f"are more than {most} each"
        )
    if rows < having * least:
        raise ValueError(
            f"{rows} children for {parents} parents, of which {having} have at least {least}, "
            "are too few"
        )
    shares = _shape(spread, having)
    low, high = 0.0, float(rows + 1)
    while float(np.clip(shares * high, least, most).sum()) < rows and high < 1e18:  # noqa: PLR2004 - far above any count
        high *= 4
    for _ in range(80):
        middle = (low + high) / 2
        if float(np.clip(shares * middle, least, most).sum()) < rows:
            low = middle
        else:
            high = middle
    exact = np.clip(shares * high, least, most)
    counts = np.floor(exact).astype(np.int64)
    order = np.argsort(counts - exact, kind="stable")  # the largest remainders first
    missing = rows - int(counts.sum())
    while missing > 0:
        able = order[counts[order] < most][:missing]
        counts[able] += 1
        missing -= len(able)
    while missing < 0:
        able = order[::-1][counts[order[::-1]] > least][:-missing]
        counts[able] -= 1
        missing += len(able)
    return np.concatenate([np.zeros(without, np.int64), counts])


def _stepped(steps: Sequence[float], parents: int, rows: int, most: int | None) -> Numbers:
    """Return the children of parents so many of which have a first, a second and so on."""
    places = min(len(steps), most or len(steps))
    if rows > parents * places:
        raise ValueError(f"{rows} children for {parents} parents are more than {places} each")
    ends = np.round(np.cumsum(steps[:places]) / sum(steps[:places]) * rows).astype(np.int64)
    having = np.minimum(np.diff(np.concatenate([[0], ends])), parents)
    at = 0
    while having.sum() < rows:  # what one step cannot hold goes to the next that can
        room = parents - int(having[at])
        having[at] += min(room, rows - int(having.sum()))
        at += 1
    having = np.sort(having)[::-1]
    behind = np.arange(parents, 0, -1, dtype=np.int64)
    counts: Numbers = (having[None, :] >= behind[:, None]).sum(axis=1)
    return counts


def _shape(spread: Spread, size: int) -> Units:
    """Return the quantiles of the distribution, up to a factor, the smallest first."""
    middle = (np.arange(size) + 0.5) / max(size, 1)
    if spread.shape == "even":
        return np.ones(size)
    if spread.shape == "zipf":
        return np.arange(size, 0, -1, dtype=np.float64) ** -spread.tail
    normal = NormalDist()
    return np.exp(spread.tail * np.asarray([normal.inv_cdf(q) for q in middle]))
