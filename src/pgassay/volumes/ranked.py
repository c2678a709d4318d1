"""Columns and references whose rows are dealt out by frequency and order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pgassay.volumes.draws import key_of, units
from pgassay.volumes.ranks import Layout, Order, led, share_in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgassay.core.statistics import ColumnStatistics
    from pgassay.volumes.cells import Cells
    from pgassay.volumes.draws import Numbers
    from pgassay.volumes.scales import Scale
    from pgassay.volumes.world import Rows, Rowset


_TABLE = 1 << 16  # values, of which a table is kept of what leads to what
_IN_ORDER = 0.5


@dataclass(eq=False)
class Dealing:
    """The values of a column's rows, by their places in the order; -1 for NULL."""

    order: Order
    layout: Layout

    @classmethod
    def of(
        cls,
        statistics: ColumnStatistics,
        rows: int,
        key: int,
        kinds: int,
        places: Sequence[int] | None = None,
    ) -> Dealing:
        """Return how so many rows are dealt out over so many values."""
        nulls = min(round(statistics.null * rows), rows)
        held = max(rows - nulls, 1)
        layout = Layout.of(
            rows,
            held,
            kinds=kinds,
            common=statistics.common,
            key=key_of(key, "places"),
            places=places,
        )
        share = (
            0.0
            if statistics.correlation is None
            else share_in_order(layout, statistics.correlation)
        )
        return cls(Order(key, rows, nulls, share), layout)

    def of_rows(self, rows: Rows) -> Numbers:
        """Return the places of rows' values."""
        slots = self.order.slots(rows.local)
        values = self.layout.values(np.maximum(slots, 0))
        return np.where(slots >= 0, values, -1) if self.order.nulls else values


@dataclass(eq=False)
class Ranked:
    """A column whose values are dealt out."""

    dealing: Dealing
    scale: Scale
    offset: int = 0

    def cells(self, rows: Rows) -> Cells:
        """Return the cells of the column for these rows."""
        places = self.dealing.of_rows(rows)
        cells = self.scale.cells(np.maximum(places, 0) + self.offset)
        return cells.where(places >= 0) if self.dealing.order.nulls else cells


@dataclass(eq=False)
class Following:
    """A column that another one decides in so many of the rows (a functional dependency).

    Which value leads to which is a table. Where there are too many, or the order of the values
    follows that of the rows, both are laid out over the slots of the one that decides: a value of
    it leads to whatever has the slot in its middle.
    """

    leader: Dealing
    own: Ranked
    degree: float
    key: int
    table: Numbers | None

    @classmethod
    def of(cls, leader: Dealing, own: Ranked, degree: float, key: int) -> Following:
        """Return the column that follows another one."""
        few = max(leader.layout.kinds, own.dealing.layout.kinds) <= _TABLE
        loose = abs(own.dealing.order.share) < _IN_ORDER
        table = led(leader.layout, own.dealing.layout) if few and loose else None
        return cls(leader, own, degree, key, table)

    def cells(self, rows: Rows) -> Cells:
        """Return the cells of the column for these rows."""
        slots = self.leader.order.slots(rows.local)
        safe = np.maximum(slots, 0)
        bound = (slots >= 0) & (units(self.key, rows.local) < self.degree)
        if self.table is not None:
            found = self.table[self.leader.layout.values(safe)]
        else:
            found = self.own.dealing.layout.values(self._slots(safe))
        return self.own.scale.cells(np.where(bound, found, self.own.dealing.of_rows(rows)))

    def _slots(self, slots: Numbers) -> Numbers:
        """Return slots of the column that follows, in the middle of the leader's values."""
        middles = self.leader.layout.middles(slots)
        scaled: Numbers = middles * self.own.dealing.layout.slots // self.leader.layout.slots
        return scaled


@dataclass(eq=False, kw_only=True)
class Frequent:
    """References by the frequencies of the referring column; some rows are referred to by none.

    Within one table the rows referred to stand in front, so that they are earlier ones and there
    is no circle; the first row refers to nothing, or to itself where it has to (`always`).
    """

    target: Rowset
    dealing: Dealing
    always: bool = False

    def numbers(self, rows: Rows) -> Numbers:
        """Return the rows referred to, -1 for none."""
        places = self.dealing.of_rows(rows)
        if self.target is rows.part.table:
            own = rows.numbers
            earlier = places % np.maximum(np.minimum(own, self.target.rows), 1)
            first = 0 if self.always else -1
            return np.where(places < 0, -1, np.where(own > 0, earlier, first))
        spread = places * self.target.rows // self.dealing.layout.kinds
        return np.where(places >= 0, spread, -1)
