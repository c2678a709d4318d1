"""Builds the world of a volume from its plan: sizes, times, links, content and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, suggestion
from pgassay.volumes.columns import (
    Content,
    Copied,
    Days,
    Key,
    Moment,
    Numbered,
    Producer,
    Referring,
    Shifted,
)
from pgassay.volumes.draws import key_of
from pgassay.volumes.likeness import like
from pgassay.volumes.linking import Linker
from pgassay.volumes.pooling import PoolMaker, scale_of
from pgassay.volumes.ranked import Following, Ranked
from pgassay.volumes.scaling import Scaler
from pgassay.volumes.shape import quantum_of
from pgassay.volumes.sizing import Sizer
from pgassay.volumes.sums import ADDED, Added, Count, First, Position, Running, Same, Total
from pgassay.volumes.world import Part, Rowset

if TYPE_CHECKING:
    from pgassay.core.catalog import Catalog, Column
    from pgassay.core.names import QualifiedName
    from pgassay.rows.maker import RowMaker
    from pgassay.volumes.plan import SectionPlan, TablePlan
    from pgassay.volumes.planner import Planner
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
    pools: PoolMaker
    seed: int

    def __post_init__(self) -> None:
        plans = self.planner.tables
        self.tables = {name: Rowset(plan.table) for name, plan in plans.items()}
        for name, plan in plans.items():
            self.tables[name].names = plan.names
        self._linker = Linker(self.planner, self.tables, self.seed)
        self._copied, self._counted = self._read_by_others()
        self._sizer = Sizer(
            profile=self.profile,
            built=self.built,
            maker=self.maker,
            tables=self.tables,
            linker=self._linker,
            pool=self._pool,
            seed=self.seed,
            where=self.planner.where,
        )

    def build(self) -> dict[QualifiedName, Rowset]:
        """Build all tables and return them, parents first."""
        ordered = self._ordered()
        for plan in ordered:
            self._keys(plan)
            self._sizer.size(plan)
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
            key = Key(kind, key_of(self.seed, plan.table.name, name))
            stated = plan.sections[0].spec.statistics.get(name) if plan.sections else None
            table.keys[name] = key if stated is None else like(key, stated, plan, self.profile)

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
        added = [(plan, column) for column in formula.add]
        if formula.running is not None:
            added.append((plan, formula.running))
        if formula.total is not None:
            added.append(self._linker.column(plan, formula.total))
        for target, column in added:
            self._must_be_a_number(plan, target, column)
            counted[target.table.name].add(column)
        if formula.source is not None:
            path, _, column = formula.source.rpartition(".")
            copied[self.planner.end_of(plan, path or ".").table.name].add(column)

    def _must_be_a_number(self, plan: TablePlan, target: TablePlan, name: str) -> None:
        columns = {column.name: column for column in target.table.columns}
        where = f"{self.planner.where}: tables.{plan.table.name}"
        if name not in columns:
            raise ConfigError(
                f'{target.table.name} has no column "{name}"',
                where=where,
                expected=suggestion(name, columns),
            )
        base = self.maker.types.base_type(columns[name].type).base
        if base not in ADDED or name in target.keys or name in target.givers:
            raise ConfigError(
                f"{target.table.name}.{name} cannot be added up",
                where=where,
                expected="a number that is no key and no reference",
            )

    def _computed(self, plan: TablePlan, section: SectionPlan) -> frozenset[str]:
        found = set(plan.keys) | set(plan.givers) | set(section.formulas) | section.days
        found |= section.ranked.keys()
        if plan.birth is not None and plan.birth.name not in section.spec.values:
            found.add(plan.birth.name)
        return frozenset(found)

    def _pool(self, plan: TablePlan, section: SectionPlan, rows: int) -> Pool:
        size = min(self.profile.pool, max(rows // _TAKEN, _LEAST_POOL))
        computed = self._computed(plan, section)
        name = plan.table.name
        # What one section computes stands by itself in all of them.
        apart = {c for s in plan.sections for c in self._computed(plan, s) | s.numbered}
        apart |= {c for s in plan.sections[1:] for c in s.spec.values}
        apart |= set(plan.sections[0].spec.values) if len(plan.sections) > 1 else set()
        return self.pools.pool(
            plan,
            section,
            size,
            computed=computed,
            copied=frozenset((self._copied[name] | apart) - computed - section.numbered),
            counted=frozenset(self._counted[name] - computed),
            digits=len(str(max(rows, 1))) + 1,
        )

    def _columns(self, plan: TablePlan, part: Part, section: SectionPlan) -> None:
        for column in plan.table.columns:
            if column.generated is not None:
                continue
            made = self._computed_by(plan, part, section, column)
            made = made or self._content_of(part, column)
            if made is not None:
                part.columns[column.name] = made
        for name, (leader, degree) in section.follows.items():
            first, own = part.columns[leader], part.columns[name]
            assert isinstance(first, Ranked), "the planner lets none follow a follower"
            assert isinstance(own, Ranked), "as above"
            key = key_of(self.seed, plan.table.name, section.spec.name, name, "follows")
            part.columns[name] = Following.of(first.dealing, own, degree, key)

    def _computed_by(
        self, plan: TablePlan, part: Part, section: SectionPlan, column: Column
    ) -> Producer | None:
        name = column.name
        if name in section.ranked:
            scaler = Scaler(maker=self.maker, wire=self.pools.wire, seed=self.seed)
            return scaler.ranked(column, section.ranked[name], part, self._sizer.calendar)
        kind = self.maker.types.base_type(column.type)
        if name in section.formulas:
            return self._formula(plan, section, name, section.formulas[name])
        if name in plan.keys:
            return self.tables[plan.table.name].keys[name]
        if name in plan.givers:
            return Referring(*plan.givers[name])
        if plan.birth is not None and name == plan.birth.name and name not in section.spec.values:
            return Moment(kind)
        return Days(kind) if name in section.days else None

    def _content_of(self, part: Part, column: Column) -> Producer | None:
        name, pool = column.name, part.pool
        assert pool is not None
        if name in pool.texts:
            return Numbered(name)
        if name in pool.offsets:
            kind = self.maker.types.base_type(column.type)
            return Shifted(kind, name, quantum_of(column, self.maker.types))
        return Content(name) if name in pool.cells else None

    def _formula(
        self, plan: TablePlan, section: SectionPlan, name: str, formula: Formula
    ) -> Producer:
        if formula.source is not None:
            path, _, there = formula.source.rpartition(".")
            if plan.table.column(name).not_null and path:
                self._linker.leads_somewhere(plan, section, path)
            return Copied(path or ".", there)
        if formula.same is not None:
            return Same(*formula.same)
        if formula.first is not None:
            key = key_of(self.seed, plan.table.name, section.spec.name, name, "first")
            return First(key, formula.first)
        return self._number(plan, plan.table.column(name), formula)

    def _number(self, plan: TablePlan, column: Column, formula: Formula) -> Producer:
        kind = self.maker.types.base_type(column.type)
        scale = scale_of(column)
        if formula.position is not None:
            return Position(kind, formula.position)
        if formula.count is not None:
            return Count(kind, self._linker.children(plan, formula.count, formula.of))
        if formula.total is not None:
            target, there = self._linker.column(plan, formula.total)
            children = self._linker.children(plan, target.table.name.label, formula.of)
            return Total(kind, children, there, scale)
        if formula.running is not None:
            return Running(kind, formula.running, scale)
        return Added(kind, formula.add, scale)
