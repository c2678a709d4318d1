"""The rows of all tables as functions of their numbers.

A table's rows are numbered from 0, section after section. `Rows` are some rows of one section and
remember what was asked of them; a table spreads rows of any sections over those. Nothing is kept
from one question to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from pgassay.volumes.draws import units

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgassay.core.catalog import Table
    from pgassay.volumes.calendar import Calendar
    from pgassay.volumes.cells import Cells, Flags
    from pgassay.volumes.columns import Producer
    from pgassay.volumes.draws import Numbers
    from pgassay.volumes.grouping import Grouping
    from pgassay.volumes.pool import Pool

    class Link(Protocol):
        """Which row of another table each row belongs to."""

        target: Rowset

        def numbers(self, rows: Rows) -> Numbers:
            """Return the numbers of rows of the target, -1 for none."""
            ...


_T = TypeVar("_T")


@dataclass(eq=False)
class Placed:
    """How the rows of a section stand in time.

    Timed rows follow the calendar. Grouped ones are the children of `parent`'s rows from number
    `first` on, within the rest of the time or `delay` microseconds apart.
    """

    calendar: Calendar
    key: int
    quantum: int = 1
    grouping: Grouping | None = None
    parent: Rowset | None = None
    first: int = 0
    delay: int | None = None
    floors: tuple[str, ...] = ()


@dataclass(eq=False)
class Part:
    """One section of a table, ready to be made; `owner` is the link to whose children they are."""

    name: str
    table: Rowset
    offset: int
    rows: int
    placed: Placed
    links: dict[str, Link] = field(default_factory=dict)
    columns: dict[str, Producer] = field(default_factory=dict)
    pool: Pool | None = None
    owner: str | None = None

    def all(self) -> Rows:
        """Return all of its rows."""
        return Rows(self, np.arange(self.rows, dtype=np.int64))


@dataclass(eq=False)
class Rowset:
    """A table and its sections.

    Attributes:
        keys: columns that depend on a row's number alone.
        names: links by the column that a profile names them by.
    """

    table: Table
    parts: list[Part] = field(default_factory=list)
    keys: dict[str, Producer] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(part.rows for part in self.parts)

    def times(self, numbers: Numbers) -> Numbers:
        """Return when rows came about; -1 gives the lowest number there is."""
        return self.spread(numbers, lambda rows: rows.times, np.iinfo(np.int64).min)

    def follow(self, link: str, numbers: Numbers) -> Numbers:
        """Return what a link of rows leads to."""
        return self.spread(numbers, lambda rows: rows.link(link), -1)

    def spread(self, numbers: Numbers, ask: Callable[[Rows], Numbers], none: int) -> Numbers:
        """Ask a question of rows of any sections."""
        found = np.full(numbers.shape, none, np.int64)
        for at, rows in self.split(numbers):
            found[at] = ask(rows)
        return found

    def split(self, numbers: Numbers) -> list[tuple[Flags | slice, Rows]]:
        """Return the rows of each section, with where they stand among the numbers."""
        found: list[tuple[Flags | slice, Rows]] = []
        for part in self.parts:
            local = numbers - part.offset
            inside = (local >= 0) & (local < part.rows)
            if inside.all():
                return [(slice(None), Rows(part, local))] if len(numbers) else []
            if inside.any():
                found.append((inside, Rows(part, local[inside])))
        return found

    def cells(self, column: str, numbers: Numbers) -> Cells:
        """Return a column of rows of any sections, NULL where the number is -1."""
        from pgassay.volumes.columns import gathered  # noqa: PLC0415 - columns are made of rows

        return gathered(self, column, numbers)


class Rows:
    """Some rows of one section."""

    __slots__ = ("_known", "local", "part")

    def __init__(self, part: Part, local: Numbers) -> None:
        self.part = part
        self.local = local
        self._known: dict[object, object] = {}

    @property
    def numbers(self) -> Numbers:
        """Their numbers in the table."""
        return self.local + self.part.offset

    def once(self, key: object, make: Callable[[], _T]) -> _T:
        """Return what was made of these rows before, or make it."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]  # type: ignore[return-value]  # kept under the key of its maker

    @property
    def family(self) -> tuple[Numbers, Numbers, Numbers]:
        """Their parents, places among their siblings, and how many siblings there are."""
        return self.once("family", self._family)

    def _family(self) -> tuple[Numbers, Numbers, Numbers]:
        placed = self.part.placed
        if placed.grouping is None:
            alone = np.zeros_like(self.local)
            return alone, self.local, np.full_like(self.local, self.part.rows)
        owner, place = placed.grouping.owner(self.local)
        _, count = placed.grouping.children(owner)
        return owner + placed.first, place, count

    @property
    def elders(self) -> tuple[Rows, Numbers] | None:
        """Their parents, each once, and which of them is whose: where rows follow each other."""
        return self.once("elders", self._elders)

    def _elders(self) -> tuple[Rows, Numbers] | None:
        placed = self.part.placed
        if placed.grouping is None or placed.parent is None or not len(self.local):
            return None
        owner = self.family[0]
        steps = np.diff(owner)
        if (steps < 0).any():
            return None
        at = np.concatenate([[0], np.cumsum(steps > 0)])
        once = owner[np.concatenate([[True], steps > 0])]
        found = placed.parent.split(once)
        if len(found) != 1 or len(found[0][1].local) != len(once):
            return None
        return found[0][1], at

    @property
    def times(self) -> Numbers:
        """When they came about: not before any parent that they cannot be without."""
        return self.once("times", self._times)

    def _times(self) -> Numbers:
        times = self.early
        placed = self.part.placed
        for name in placed.floors:
            link = self.part.links[name]
            lowest = link.target.times(self.link(name))
            lowest = np.where(lowest > times, lowest + self.family[1] * placed.quantum, times)
            times = np.maximum(times, _up(lowest, placed.quantum))
        return times

    @property
    def early(self) -> Numbers:
        """When they would have come about for all that the calendar or the parent says."""
        return self.once("early", self._early)

    def _early(self) -> Numbers:
        placed = self.part.placed
        jitter = units(placed.key, self.local)
        if placed.grouping is None:
            jitter[self.local == 0] = 0.0
            times = placed.calendar.at((self.local + jitter) / max(self.part.rows, 1))
            return np.maximum(times // placed.quantum * placed.quantum, placed.calendar.start)
        owner, place, count = self.family
        assert placed.parent is not None
        elders = self.elders
        born = elders[0].times[elders[1]] if elders else placed.parent.times(owner)
        step = np.maximum(placed.calendar.end - born, 0) / np.maximum(count, 1)
        if placed.delay is not None:
            step = np.minimum(step, placed.delay)
        times = born + ((place + jitter) * step).astype(np.int64) + place * placed.quantum
        return _up(times, placed.quantum)

    def link(self, name: str) -> Numbers:
        """Return the rows that a link leads to, -1 for none."""
        return self.once(("link", name), lambda: self.part.links[name].numbers(self))

    def path(self, path: str) -> tuple[Rowset, Numbers]:
        """Return the table at the end of a path of links, and the rows there."""
        return self.once(("path", path), lambda: self._path(path))

    def _path(self, path: str) -> tuple[Rowset, Numbers]:
        table, numbers = self.part.table, self.numbers
        names = [] if path == "." else path.split(".")
        elders = self.elders if len(names) > 1 else None
        if elders is not None and self.part.owner == table.names.get(names[0], names[0]):
            end, found = elders[0].path(".".join(names[1:]))
            return end, found[elders[1]]
        for at, name in enumerate(names):
            link = table.names.get(name, name)
            target = table.parts[0].links[link].target
            numbers = self.link(link) if at == 0 else table.follow(link, numbers)
            table = target
        return table, numbers


def _up(times: Numbers, quantum: int) -> Numbers:
    return -(-times // quantum) * quantum
