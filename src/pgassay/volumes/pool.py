"""A pool of content: whole rows that the CHECKs let through, in the server's own binary form.

A row of a volume takes its content from one row of the pool, so that what belongs together stays
together. How often each is taken follows from the weights of the profile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pgassay.volumes.draws import choices, shuffled, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from pgassay.volumes.cells import Flags
    from pgassay.volumes.draws import Numbers
    from pgassay.volumes.world import Rows

_SLOTS = 1 << 16
_ROUNDS = 40


@dataclass(frozen=True)
class Dealt:
    """Rows of the pool by what they hold in some columns: each kind at most once for a parent.

    `order` are rows of the pool sorted by kind, `starts` where each kind begins.
    """

    order: Numbers
    starts: Numbers
    siblings: bool

    @property
    def kinds(self) -> int:
        """How many kinds there are."""
        return len(self.starts) - 1


@dataclass(frozen=True)
class Pool:
    """The content of one section's rows.

    Attributes:
        size: how many rows of content there are.
        slots: rows of content, each as often as it is to be taken.
        calm: the same without those that only the first row of a parent may have.
        once: each row of content is taken once.
        dealt: kinds of rows that a parent has once each.
        joined: the cells of all columns that are taken as they are, per row of content.
        columns: those columns, in order.
        cells: columns that other tables copy or refer to.
        values: columns that are added up, in units of their scale.
        offsets: times, as distances from when the row came about, and which are NULL.
        texts: head, tail and NULLs of texts that get the row's number.
    """

    key: int
    size: int
    slots: npt.NDArray[np.int32]
    joined: pa.BinaryArray
    columns: tuple[str, ...]
    calm: npt.NDArray[np.int32] | None = None
    once: bool = False
    dealt: Dealt | None = None
    cells: Mapping[str, pa.BinaryArray] = field(default_factory=dict)
    values: Mapping[str, tuple[Numbers, int]] = field(default_factory=dict)
    offsets: Mapping[str, tuple[Numbers, Flags | None]] = field(default_factory=dict)
    texts: Mapping[str, tuple[pa.BinaryArray, pa.BinaryArray, Flags | None]] = field(
        default_factory=dict
    )

    def drawn(self, rows: Rows) -> Numbers:
        """Return which row of content each row takes."""
        return rows.once("drawn", lambda: self._drawn(rows))

    def _drawn(self, rows: Rows) -> Numbers:
        if self.once:
            return shuffled(self.key, rows.local, self.size)
        if self.dealt is not None:
            return self._dealt(rows, self.dealt)
        slot = (words(self.key, rows.numbers) >> np.uint64(48)).astype(np.int64)
        found = self.slots[slot].astype(np.int64)
        if self.calm is not None:
            found = np.where(rows.family[1] > 0, self.calm[slot], found)
        return found

    def _dealt(self, rows: Rows, dealt: Dealt) -> Numbers:
        owner, place, _ = rows.family
        if not dealt.siblings:
            owner, place = np.zeros_like(owner), rows.local
        kind = shuffled(words(self.key, owner), place, dealt.kinds)
        first, end = dealt.starts[kind], dealt.starts[kind + 1]
        found: Numbers = dealt.order[first + choices(self.key ^ 1, rows.numbers, end - first)]
        return found


def slots_of(weights: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    """Return rows of content in proportion to their weights."""
    ends = np.round(np.cumsum(weights) / weights.sum() * _SLOTS).astype(np.int64)
    counts = np.diff(np.concatenate([[0], ends]))
    return np.repeat(np.arange(len(weights), dtype=np.int32), counts)


def balanced(
    size: int, wishes: Sequence[tuple[Sequence[str | None], Mapping[str | None, float]]]
) -> npt.NDArray[np.float64]:
    """Return weights of rows by which each column has its values as often as is wished.

    Iterative proportional fitting; each wish is a column's values and a share for each of them.
    Values without a share are not taken, unless nothing else is left.
    """
    weights = np.ones(size)
    for _ in range(_ROUNDS if len(wishes) > 1 else 1):
        for values, shares in wishes:
            kinds = np.asarray([str(v) if v is not None else None for v in values], object)
            total = sum(shares.values())
            for value in dict.fromkeys(values):
                these = kinds == value
                held = weights[these].sum()
                if held:
                    weights[these] *= shares.get(value, 0.0) / total / held
    return weights if weights.sum() else np.ones(size)
