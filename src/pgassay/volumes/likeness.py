"""Which columns can be as their statistics say, and what the others give way to.

A column is dealt out by itself, so what binds it to others comes first: keys, references that
follow from others, CHECKs over several columns, partitions, formulas. There the statistics weigh
what content the CHECKs let through, as far as they can, and it is told.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import TypeKind
from pgassay.rows.expression import names
from pgassay.volumes.columns import TEXTS, TIMES, WIDTHS
from pgassay.volumes.passages import digits_of
from pgassay.volumes.plan import Deal
from pgassay.volumes.profile import Spread
from pgassay.volumes.scaling import fitting
from pgassay.volumes.shape import excluded, routing_columns
from pgassay.volumes.unique_keys import is_open

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Column
    from pgassay.core.names import QualifiedName
    from pgassay.core.statistics import ColumnStatistics
    from pgassay.rows.maker import RowMaker
    from pgassay.volumes.columns import Key
    from pgassay.volumes.plan import SectionPlan, TablePlan
    from pgassay.volumes.profile import Profile
    from pgassay.volumes.shape import Tie

DEALT = TEXTS | {*WIDTHS, *TIMES, "numeric", "float4", "float8", "bool", "uuid", "json", "jsonb"}
_NO_ORDER = 0.9  # a time of birth with less than that does not follow the rows
_QUANTILE = 3.3  # deviations from the middle of the largest of some thousand
_PLAIN_TAIL = 0.4
_DECIDES = 0.3  # a weaker dependency is left to chance
_FEW = 0.005  # of the rows, whose place among their siblings is not known
_GROWING = 0.9  # a key with such a correlation grows with the rows


class Likeness:
    """Decides for each column of which the profile states statistics."""

    def __init__(self, maker: RowMaker, profile: Profile) -> None:
        self._maker = maker
        self._profile = profile

    def decide(self, plan: TablePlan, section: SectionPlan) -> None:
        """Fill `ranked`, `frequent` and `yields` of a section, and weigh what yields."""
        stated = dict(section.spec.statistics)
        nulls = dict(section.spec.nulls)
        for name, statistics in stated.items():
            column = plan.table.column(name)
            if name in plan.givers:
                reason = self._reference(plan, section, column, statistics)
            else:
                reason = self._content(plan, section, column, statistics)
                nullable = name in self._maker.nullable(plan.table)
                if reason and statistics.null and nullable and not self._spoken_for(plan, name):
                    nulls.setdefault(name, statistics.null)
            if reason:
                section.yields[name] = reason
        section.spec = replace(section.spec, nulls=nulls)
        self._dependencies(plan, section)

    def _dependencies(self, plan: TablePlan, section: SectionPlan) -> None:
        """Let columns be decided by others, the closest one, and none in a circle."""
        volume = self._profile.tables.get(plan.table.name)
        joints = volume.together if volume else ()
        for joint in sorted(joints, key=lambda joint: -(joint.degree or 0.0)):
            name, degree = joint.decides, joint.degree or 0.0
            if name is None or len(joint.columns) != 1 or degree < _DECIDES:
                continue
            leader = joint.columns[0]
            able = name in section.ranked and leader in section.ranked
            free = name not in section.follows and leader not in section.follows
            leads = any(name == other for other, _ in section.follows.values())
            if able and free and not leads and not section.ranked[name].statistics.null:
                section.follows[name] = leader, degree

    def _reference(
        self, plan: TablePlan, section: SectionPlan, column: Column, statistics: ColumnStatistics
    ) -> str:
        """Decide about a column that refers to rows; return what it gives way to, if anything."""
        name = plan.givers[column.name][0]
        tie, reference = plan.ties[name], section.references[name]
        if name == section.group:
            self._spread(plan, section, name, statistics)
            return "rows stand together by it"
        if reference.null == 1.0:
            return "a CHECK, or what the profile says of it"
        reason = ""
        if len(tie.columns) > 1:
            reason = "a foreign key of several columns"
        elif name in section.distinct | section.spaced:
            reason = "a unique key"
        elif column.name in section.spec.references:
            reason = "what the profile says of it"
        elif not is_open(replace(reference, earlier=False)):
            reason = "what it refers to follows from other rows"
        else:
            reason = self._bound(plan, column.name)
        if not reason:
            section.frequent[name] = statistics
            section.references[name] = replace(reference, null=statistics.null)
            if tie.target == plan.table.name:
                return "rows refer to earlier ones only"
            kind = self._maker.types.base_type(column.type)
            return "" if kind.base in WIDTHS else "the order of the keys it refers to"
        if tie.optional and reference.null is not None and not reference.source:
            section.references[name] = replace(reference, null=max(statistics.null, 1e-9))
        return reason

    def _spread(
        self, plan: TablePlan, section: SectionPlan, name: str, statistics: ColumnStatistics
    ) -> None:
        """Let parents have as many children as the frequencies say, where nothing else does."""
        rows = section.spec.rows
        if section.spec.spread != Spread() or not rows:
            return
        parents = self.stated_rows(plan.ties[name].target)
        kinds = statistics.kinds(rows)
        if not kinds or not parents:
            return
        steps = self._steps(section)
        if steps:
            section.spec = replace(section.spec, spread=Spread(shape="steps", steps=steps))
            return
        none = max(0.0, 1 - kinds / parents)
        none = max(none, 1 - 0.98 * rows / parents)
        tail = _PLAIN_TAIL
        if statistics.common:
            largest = math.log(max(statistics.common[0] * kinds, 1.01))
            root = _QUANTILE**2 - 2 * largest
            tail = _QUANTILE - math.sqrt(root) if root > 0 else _QUANTILE
        section.spec = replace(section.spec, spread=Spread(none=none, tail=max(tail, 0.05)))

    def _steps(self, section: SectionPlan) -> tuple[float, ...]:
        """Return how many rows are the first of a parent, the second, and so on, as shares.

        Where a column counts the rows of each parent, its frequencies are just that.
        """
        for name, formula in section.formulas.items():
            stated = section.spec.statistics.get(name)
            if formula.position is not None and stated is not None and stated.common:
                kinds = round(stated.kinds(section.spec.rows or 0))
                left = max(1 - sum(stated.common), 0.0)
                others = kinds - len(stated.common)
                if others <= 0 or left < _FEW:
                    return stated.common
        return ()

    def stated_rows(self, table: QualifiedName) -> int:
        """Return how many rows the profile states of a table, at the scale of 1; 0 if none."""
        volume = self._profile.tables.get(table)
        return sum(section.rows or 0 for section in volume.sections) if volume else 0

    def _content(
        self, plan: TablePlan, section: SectionPlan, column: Column, statistics: ColumnStatistics
    ) -> str:
        """Decide about any other column; return what it gives way to, if anything."""
        reason = self._taken(plan, section, column)
        if reason:
            return reason
        if column is plan.birth and not self._out_of_order(plan, column, statistics):
            return "the time when a row comes about"
        return self._dealt(plan, section, column, statistics)

    def _taken(self, plan: TablePlan, section: SectionPlan, column: Column) -> str:
        """Return what decides a column already; empty if nothing does."""
        name, spec = column.name, section.spec
        said = {**spec.formulas, **spec.weights, **spec.nulls, **spec.values}
        routing = routing_columns(plan.table, self._maker.catalog)
        predicates = [names(predicate) for predicate in section.calm]
        content = excluded(plan.table) or any(name in columns for columns in section.once)
        reasons = (
            (column.generated is not None, "it is generated"),
            (name in said, "what the profile says of it"),
            (name in plan.keys, "a unique key, from the row's number"),
            (name in {*section.days, *section.formulas, *section.dealt}, "a unique key"),
            (content, "a key that only content keeps apart"),
            (any(name in mentioned for mentioned in predicates), "a unique index over some rows"),
            (name in routing and column is not plan.birth, "the partitions there are"),
        )
        return next((reason for holds, reason in reasons if holds), "")

    def _out_of_order(self, plan: TablePlan, column: Column, statistics: ColumnStatistics) -> bool:
        """Whether a time of birth does not follow the order of the rows, and need not."""
        if column.name in routing_columns(plan.table, self._maker.catalog):
            return False
        order = statistics.correlation
        return statistics.null > 0 or (order is not None and order < _NO_ORDER)

    def _dealt(
        self,
        plan: TablePlan,
        section: SectionPlan,
        column: Column,
        statistics: ColumnStatistics,
    ) -> str:
        name = column.name
        kind = self._maker.types.base_type(column.type)
        enum = kind.kind is TypeKind.ENUM
        plain = kind.kind is TypeKind.BASE and not kind.array and kind.base in DEALT
        if not (plain or enum):
            return f"no values in order are known for {column.type.sql}"
        if statistics.null and name not in self._maker.nullable(plan.table):
            return "NOT NULL"
        told, numbered = "", name in section.numbered
        if numbered:
            told = "" if statistics.distinct == -1 else "a unique key"
            statistics = replace(statistics, distinct=-1.0, common=(), values=())
            section.numbered.discard(name)
        elif not statistics.distinct:
            everyone = statistics.null + sum(statistics.common) > 1 - 1e-3
            if statistics.common and everyone:
                statistics = replace(statistics, distinct=float(len(statistics.common)))
            elif kind.base in ("json", "jsonb"):
                statistics = replace(statistics, distinct=-1.0)  # json has no equality to count by
            else:
                return "how many different values there are is not known"
        deal = Deal(statistics=statistics)
        reason = self._bound(plan, name)
        if not reason:
            wanted = round(statistics.kinds((section.spec.rows or 0) * self._profile.scale))
            found = fitting(self._maker, plan.table, column, deal, max(wanted, 1))
            reason = "" if found else "a CHECK"
            deal = found or deal
        if reason:
            if numbered:
                section.numbered.add(name)
            return reason
        section.ranked[name] = deal
        listed = kind.base in TEXTS and deal.listed and not statistics.values
        return told or ("the values that a CHECK lists" if listed else "")

    def _spoken_for(self, plan: TablePlan, name: str) -> bool:
        """Whether a CHECK may want a column filled wherever a reference is not."""
        rules = self._maker.rules(plan.table).rules
        bound = [rule.columns for rule in rules if name in rule.columns]
        return any(column in plan.givers for columns in bound for column in columns)

    def _bound(self, plan: TablePlan, name: str) -> str:
        """Return the CHECK that binds a column to others, if there is one."""
        for rule in self._maker.rules(plan.table).rules:
            if name in rule.columns and len(rule.columns) > 1:
                return f"the CHECK {rule.name}"
        return ""


def like(key: Key, statistics: ColumnStatistics, plan: TablePlan, profile: Profile) -> Key:
    """Return a key in the order of the rows where its statistics say so, and as wide."""
    rows = sum(section.spec.rows or 0 for section in plan.sections) * profile.scale
    width = statistics.width - 1 if statistics.width else 0
    fits = width >= digits_of(max(int(2 * rows), 2))
    return replace(
        key,
        ordered=(statistics.correlation or 0.0) >= _GROWING,
        width=width if fits and key.type.base in TEXTS else None,
    )


def way_shares(
    bound: Sequence[Tie], ways: Sequence[Sequence[Tie]], stated: Mapping[str, ColumnStatistics]
) -> list[float]:
    """Return the share of the rows in which just these references are filled, for each way."""
    weights = []
    for way in ways:
        weight = 1.0
        for tie in bound:
            known = [stated[c].null for c in tie.columns if c in stated]
            null = max(known) if known else 0.5
            weight *= 1 - null if tie in way else null
        weights.append(weight)
    total = sum(weights)
    return [weight / total if total else 1 / len(ways) for weight in weights]
