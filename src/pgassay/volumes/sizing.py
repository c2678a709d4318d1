"""How many rows each section has, whose children they are, and from when on.

What cannot be held (more children than a unique key allows, more rows than kinds) is refused in
words, before a row is made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pgassay.core.errors import ConfigError
from pgassay.volumes.columns import Key
from pgassay.volumes.draws import key_of
from pgassay.volumes.grouping import Grouping
from pgassay.volumes.profile import Spread
from pgassay.volumes.shape import quantum_of
from pgassay.volumes.span import calendar_of, slices, within_partitions
from pgassay.volumes.world import Part, Placed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgassay.core.catalog import Catalog
    from pgassay.core.names import QualifiedName
    from pgassay.rows.maker import RowMaker
    from pgassay.volumes.calendar import Calendar
    from pgassay.volumes.linking import Linker
    from pgassay.volumes.plan import SectionPlan, TablePlan
    from pgassay.volumes.pool import Pool
    from pgassay.volumes.profile import Profile
    from pgassay.volumes.world import Rowset

_CHILDREN = 3.0  # of a parent, where nothing is said and a key forces rows to stand together
_SAMPLE = 4096


@dataclass(kw_only=True)
class Sizer:
    """Sizes tables, parents before children.

    Attributes:
        tables: what is sized.
        linker: knows which rows there are to choose from.
        pool: makes the content of a section of about so many rows.
        where: names the profile in messages.
    """

    profile: Profile
    built: Catalog
    maker: RowMaker
    tables: Mapping[QualifiedName, Rowset]
    linker: Linker
    pool: Callable[[TablePlan, SectionPlan, int], Pool]
    seed: int
    where: str

    def __post_init__(self) -> None:
        self.calendar = calendar_of(self.profile.period, self.built)

    def size(self, plan: TablePlan) -> None:
        """Make the sections of a table, with their sizes, times and content."""
        table = self.tables[plan.table.name]
        quantum = quantum_of(plan.birth, self.maker.types)
        calendar = self.calendar
        parts = slices(plan.table, self.built, plan.birth.name) if plan.birth else []
        if parts:
            calendar = within_partitions(calendar, parts, str(plan.table.name))
            shares = [
                (low, high, plan.partitions.get(name.label, 0.0)) for low, high, name in parts
            ]
            if any(share for _, _, share in shares):
                calendar = calendar.shared(tuple(shares))
        for section in plan.sections:
            placed = Placed(
                calendar=calendar,
                key=key_of(self.seed, plan.table.name, section.spec.name, "time"),
                quantum=quantum,
                delay=None
                if section.spec.delay is None
                else round(section.spec.delay.total_seconds() * 1e6),
            )
            part = Part(section.spec.name, table, table.rows, 0, placed)
            if section.group is not None:
                self._grouped(plan, section, part)
            else:
                self._timed(plan, section, part)
            table.parts.append(part)
        self._within_capacity(plan, table)

    def _wanted(self, plan: TablePlan, section: SectionPlan) -> int:
        scale = 1.0 if plan.fixed else self.profile.scale
        rows = section.spec.rows
        if rows is None:
            rows = self.profile.rows // max(len(plan.sections), 1)
        return max(1, round(rows * scale)) if rows else 0

    def _timed(self, plan: TablePlan, section: SectionPlan, part: Part) -> None:
        wanted = self._wanted(plan, section)
        limits = []
        for name in sorted(section.spaced):
            target = self.tables[plan.ties[name].target]
            limits.append((target.rows, f"{name} allows one for each of {target.rows} rows"))
        part.pool = self.pool(plan, section, wanted)
        if section.once:
            limits.append((part.pool.size, f"{part.pool.size} rows of content differ"))
        if part.pool.dealt is not None and not section.siblings:
            limits.append((part.pool.dealt.kinds, section.excuse))
        part.rows = self._limited(plan, section, wanted, limits)
        part.placed.calendar = self._after_parents(plan, section, part)

    def _limited(
        self, plan: TablePlan, section: SectionPlan, wanted: int, limits: list[tuple[int, str]]
    ) -> int:
        most, excuse = min(limits, default=(wanted, ""))
        if wanted > most and section.spec.rows is not None:
            raise ConfigError(
                f"{wanted} rows are asked for and there can be {most}",
                where=f"{self.where}: tables.{plan.table.name}",
                expected=f"at most {most} rows",
                why=excuse,
            )
        return min(wanted, most)

    def _after_parents(self, plan: TablePlan, section: SectionPlan, part: Part) -> Calendar:
        """Begin when there is a parent of each kind that rows cannot be without."""
        calendar = part.placed.calendar
        start = calendar.start
        for name, tie in plan.ties.items():
            reference = section.references[name]
            target = self.tables[tie.target]
            open_ = not (reference.source or reference.within or reference.earlier)
            if open_ and plan.always(section, name) and target.rows and target is not part.table:
                numbers = np.arange(min(target.rows, _SAMPLE), dtype=np.int64)
                start = max(start, int(target.times(numbers).min()))
        if start >= calendar.end:
            return calendar
        return calendar.within(start, calendar.end)

    def _grouped(self, plan: TablePlan, section: SectionPlan, part: Part) -> None:
        assert section.group is not None
        target = self.tables[plan.ties[section.group].target]
        first, count = self.linker.stretch(plan, section, target)
        spec = section.spec
        guess = min(self._wanted(plan, section), max(1, round(count * max(spec.spread.mean, 1))))
        part.pool = self.pool(plan, section, guess)
        most, excuse = self._allowed(plan, section, part.pool)
        described = spec.per is not None
        rows = None
        spread = spec.spread
        if spec.rows is not None:
            rows = self._wanted(plan, section)
        elif not described:
            mean = min(self._wanted(plan, section) / max(count, 1), _CHILDREN)
            mean = max(min(mean, 0.8 * most) if most else mean, float(section.least))
            spread = Spread(mean=mean, tail=0.8, least=section.least or None)
        if most is not None and (spread.most is None or spread.most > most):
            spread = replace(spread, most=most)
        key = key_of(self.seed, plan.table.name, spec.name, "children")
        try:
            part.placed.grouping = self._grouping(section, spread, count, key, rows)
        except ValueError as wrong:
            raise ConfigError(
                str(wrong),
                where=f"{self.where}: tables.{plan.table.name}",
                expected="a mean that parents can hold",
                why=excuse or None,
            ) from wrong
        part.placed.parent, part.placed.first = target, first
        part.owner = section.group
        part.rows = part.placed.grouping.rows
        self._limited(plan, section, part.rows, [(part.pool.size, "")] if section.once else [])

    def _grouping(
        self, section: SectionPlan, spread: Spread, parents: int, key: int, rows: int | None
    ) -> Grouping:
        """Return the grouping; where statistics alone say who has none, all may have some."""
        try:
            return Grouping.of(spread, parents, key, rows)
        except ValueError:
            if not section.spec.statistics or section.spec.per is not None:
                raise
            plain = replace(spread, none=0.0, shape="tail", tail=0.4, steps=())
            return Grouping.of(plain, parents, key, rows)

    def _allowed(self, plan: TablePlan, section: SectionPlan, pool: Pool) -> tuple[int | None, str]:
        """Return how many children a parent can have by the keys, and which key says so.

        Raises:
            ConfigError: the profile asks for more, whatever the size.
        """
        most, excuse = section.most, section.excuse
        if pool.dealt is not None and section.siblings:
            kinds = pool.dealt.kinds
            most = kinds if most is None else min(kinds, most)
        asked = section.spec.spread.most
        if most is not None and asked is not None and asked > most:
            raise ConfigError(
                f"up to {asked} rows for each {section.spec.per} are asked for, and {most} can be",
                where=f"{self.where}: tables.{plan.table.name}",
                expected=f"most = {most} or less",
                why=excuse or None,
            )
        for name in sorted(section.distinct):  # as many as there are, which is a matter of size
            size = self.linker.choice_size(plan, section, name)
            if size is not None and (most is None or size < most):
                most, excuse = size, f"{name} allows one for each of {size}"
        return most, excuse

    def _within_capacity(self, plan: TablePlan, table: Rowset) -> None:
        for name, key in table.keys.items():
            if isinstance(key, Key) and table.rows > key.capacity:
                raise ConfigError(
                    f"{table.rows} rows need {name} of as many kinds, and there are {key.capacity}",
                    where=f"{self.where}: tables.{plan.table.name}",
                    expected=f"at most {key.capacity} rows",
                )
