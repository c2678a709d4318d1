"""Builds the world of a volume from its plan: sizes, times, links, content, columns.

Tables are built parents first. What cannot be held (more children than a unique key allows, a
reference within an ancestor that may have none) is refused in words, before a row is made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pgassay.core.errors import ConfigError
from pgassay.volumes.columns import (
    Added,
    Content,
    Copied,
    Count,
    Days,
    First,
    Key,
    Moment,
    Numbered,
    Position,
    Producer,
    Referring,
    Running,
    Same,
    Shifted,
    Total,
)
from pgassay.volumes.content import ContentMaker, scale_of
from pgassay.volumes.draws import key_of
from pgassay.volumes.grouping import Grouping
from pgassay.volumes.linking import Linker
from pgassay.volumes.profile import Spread
from pgassay.volumes.shape import quantum_of
from pgassay.volumes.span import calendar_of, slices, within_partitions
from pgassay.volumes.world import Part, Placed, Rowset

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog
    from pgassay.core.names import QualifiedName
    from pgassay.rows.maker import RowMaker
    from pgassay.volumes.calendar import Calendar
    from pgassay.volumes.plan import Planner, SectionPlan, TablePlan
    from pgassay.volumes.pool import Pool
    from pgassay.volumes.profile import Formula, Profile

_CHILDREN = 3.0  # of a parent, where nothing is said and a key forces rows to stand together
_SAMPLE = 4096
_LEAST_POOL = 64
_TAKEN = 100  # a row of content is taken so often before there are more of them


@dataclass(kw_only=True)
class Builder:
    """Builds what a plan says; `tables` is the result."""

    planner: Planner
    profile: Profile
    built: Catalog
    maker: RowMaker
    content: ContentMaker
    seed: int

    def __post_init__(self) -> None:
        self.calendar = calendar_of(self.profile.period, self.built)
        plans = self.planner.tables
        self.tables = {name: Rowset(plan.table) for name, plan in plans.items()}
        for name, plan in plans.items():
            self.tables[name].names = plan.names
        self._linker = Linker(self.planner, self.tables, self.seed)
        self._copied, self._counted = self._read_by_others()

    def build(self) -> dict[QualifiedName, Rowset]:
        """Build all tables and return them, parents first."""
        ordered = self._ordered()
        for plan in ordered:
            self._keys(plan)
            self._size(plan)
            self._linker.link_ready(plan)
        for plan in ordered:
            self._linker.link_rest(plan)
            for part, section in zip(
                self.tables[plan.table.name].parts, plan.sections, strict=True
            ):
                self._columns(plan, part, section)
        return {plan.table.name: self.tables[plan.table.name] for plan in ordered}

    def _ordered(self) -> list[TablePlan]:
        """Put parents before children: first whose children rows are, then what they must have."""
        plans = self.planner.tables
        done: dict[QualifiedName, TablePlan] = {}
        open_: list[QualifiedName] = []

        def visit(name: QualifiedName) -> None:
            if name in done or name in open_:
                return
            open_.append(name)
            plan = plans[name]
            groups = {s.group for s in plan.sections if s.group}
            for tie in plan.ties.values():
                if tie.name in groups:
                    if tie.target in open_ and tie.target not in done:
                        raise ConfigError(
                            f"rows of {name} are children of {tie.target}, and those of them",
                            where=f"{self.planner.where}: tables.{name}",
                            expected="a per that leads to no circle",
                        )
                    visit(tie.target)
            for tie in plan.ties.values():
                if not tie.optional:
                    visit(tie.target)
            open_.remove(name)
            done[name] = plan

        for name in plans:
            visit(name)
        return list(done.values())

    def _keys(self, plan: TablePlan) -> None:
        table = self.tables[plan.table.name]
        for name in sorted(plan.keys):
            kind = self.maker.types.base_type(plan.table.column(name).type)
            table.keys[name] = Key(kind, key_of(self.seed, plan.table.name, name))

    def _size(self, plan: TablePlan) -> None:
        table = self.tables[plan.table.name]
        quantum = quantum_of(plan.birth, self.maker.types)
        calendar = self.calendar
        parts = slices(plan.table, self.built, plan.birth.name) if plan.birth else []
        if parts:
            calendar = within_partitions(calendar, parts, str(plan.table.name))
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
        self._pool(plan, section, part, wanted)
        assert part.pool is not None
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
                where=f"{self.planner.where}: tables.{plan.table.name}",
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
        first, count = self._linker.stretch(plan, section, target)
        spec = section.spec
        guess = min(self._wanted(plan, section), max(1, round(count * max(spec.spread.mean, 1))))
        self._pool(plan, section, part, guess)
        assert part.pool is not None
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
            part.placed.grouping = Grouping.of(spread, count, key, rows)
        except ValueError as wrong:
            raise ConfigError(
                str(wrong),
                where=f"{self.planner.where}: tables.{plan.table.name}",
                expected="a mean that parents can hold",
                why=excuse or None,
            ) from wrong
        part.placed.parent, part.placed.first = target, first
        part.owner = section.group
        part.rows = part.placed.grouping.rows
        self._limited(plan, section, part.rows, [(part.pool.size, "")] if section.once else [])

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
                where=f"{self.planner.where}: tables.{plan.table.name}",
                expected=f"most = {most} or less",
                why=excuse or None,
            )
        for name in sorted(section.distinct):  # as many as there are, which is a matter of size
            size = self._linker.choice_size(plan, section, name)
            if size is not None and (most is None or size < most):
                most, excuse = size, f"{name} allows one for each of {size}"
        return most, excuse

    def _within_capacity(self, plan: TablePlan, table: Rowset) -> None:
        for name, key in table.keys.items():
            if isinstance(key, Key) and table.rows > key.capacity:
                raise ConfigError(
                    f"{table.rows} rows need {name} of as many kinds, and there are {key.capacity}",
                    where=f"{self.planner.where}: tables.{plan.table.name}",
                    expected=f"at most {key.capacity} rows",
                )

    def _read_by_others(
        self,
    ) -> tuple[dict[QualifiedName, set[str]], dict[QualifiedName, set[str]]]:
        """Return the columns whose cells others copy, and those that are added up."""
        copied: dict[QualifiedName, set[str]] = {name: set() for name in self.tables}
        counted: dict[QualifiedName, set[str]] = {name: set() for name in self.tables}
        for plan in self.planner.tables.values():
            for tie in plan.ties.values():
                copied[tie.target].update(tie.referenced)
            for section in plan.sections:
                for formula in section.formulas.values():
                    self._reads(plan, formula, copied, counted)
        return copied, counted

    def _reads(
        self,
        plan: TablePlan,
        formula: Formula,
        copied: dict[QualifiedName, set[str]],
        counted: dict[QualifiedName, set[str]],
    ) -> None:
        own = counted[plan.table.name]
        own.update(formula.add)
        if formula.running is not None:
            own.add(formula.running)
        if formula.total is not None:
            target, column = self._linker.column(plan, formula.total)
            counted[target.table.name].add(column)
        if formula.source is not None:
            path, _, column = formula.source.rpartition(".")
            copied[self.planner.end_of(plan, path or ".").table.name].add(column)

    def _computed(self, plan: TablePlan, section: SectionPlan) -> frozenset[str]:
        found = set(plan.keys) | set(plan.givers) | set(section.formulas) | section.days
        if plan.birth is not None and plan.birth.name not in section.spec.values:
            found.add(plan.birth.name)
        return frozenset(found)

    def _pool(self, plan: TablePlan, section: SectionPlan, part: Part, rows: int) -> None:
        size = min(self.profile.pool, max(rows // _TAKEN, _LEAST_POOL))
        computed = self._computed(plan, section)
        name = plan.table.name
        # What one section computes stands by itself in all of them.
        apart = {c for s in plan.sections for c in self._computed(plan, s) | s.numbered}
        apart |= {c for s in plan.sections[1:] for c in s.spec.values}
        apart |= set(plan.sections[0].spec.values) if len(plan.sections) > 1 else set()
        part.pool = self.content.pool(
            plan,
            section,
            size,
            computed=computed,
            copied=frozenset((self._copied[name] | apart) - computed - section.numbered),
            counted=frozenset(self._counted[name] - computed),
            digits=len(str(max(rows, 1))) + 1,
        )

    def _columns(self, plan: TablePlan, part: Part, section: SectionPlan) -> None:
        table = plan.table
        types = self.maker.types
        pool = part.pool
        assert pool is not None
        for column in table.columns:
            name = column.name
            kind = types.base_type(column.type)
            made: Producer | None = None
            if column.generated is not None:
                continue
            if name in section.formulas:
                made = self._formula(plan, section, name, section.formulas[name])
            elif name in plan.keys:
                made = self.tables[table.name].keys[name]
            elif name in plan.givers:
                tie, there = plan.givers[name]
                made = Referring(tie, there)
            elif plan.birth is not None and name == plan.birth.name:
                made = Moment(kind) if name not in section.spec.values else None
            elif name in section.days:
                made = Days(kind)
            elif name in pool.texts:
                made = Numbered(name)
            elif name in pool.offsets:
                made = Shifted(kind, name, quantum_of(column, types))
            elif name in pool.cells:
                made = Content(name)
            if made is not None:
                part.columns[name] = made

    def _formula(
        self, plan: TablePlan, section: SectionPlan, name: str, formula: Formula
    ) -> Producer:
        column = plan.table.column(name)
        kind = self.maker.types.base_type(column.type)
        scale = scale_of(column)
        if formula.position is not None:
            return Position(kind, formula.position)
        if formula.source is not None:
            path, _, there = formula.source.rpartition(".")
            if column.not_null and path:
                self._linker.leads_somewhere(plan, section, path)
            return Copied(path or ".", there)
        if formula.count is not None:
            return Count(kind, self._linker.children(plan, formula.count, formula.of))
        if formula.total is not None:
            target, there = self._linker.column(plan, formula.total)
            children = self._linker.children(plan, target.table.name.label, formula.of)
            return Total(kind, children, there, scale)
        if formula.running is not None:
            return Running(kind, formula.running, scale)
        if formula.add:
            return Added(kind, formula.add, scale)
        if formula.same is not None:
            return Same(*formula.same)
        assert formula.first is not None
        key = key_of(self.seed, plan.table.name, section.spec.name, name, "first")
        return First(key, formula.first)
