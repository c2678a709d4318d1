"""Makes the links of a plan: which rows each reference may choose from, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgassay.core.errors import ConfigError, suggestion
from pgassay.volumes.draws import key_of
from pgassay.volumes.links import Along, Drawn, Earlier, Itself, Nobody, Owner, Spaced, Within
from pgassay.volumes.ranked import Dealing, Frequent
from pgassay.volumes.sums import Children

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.names import QualifiedName
    from pgassay.volumes.grouping import Grouping
    from pgassay.volumes.plan import SectionPlan, TablePlan
    from pgassay.volumes.planner import Planner
    from pgassay.volumes.world import Link, Part, Rowset

    Step = tuple[int, Grouping, int]


class Linker:
    """Makes links, and answers what the sizes depend on."""

    def __init__(self, planner: Planner, tables: Mapping[QualifiedName, Rowset], seed: int) -> None:
        self._planner = planner
        self._tables = tables
        self._seed = seed

    def link_ready(self, plan: TablePlan) -> None:
        """Make the links to tables that are sized, and let rows be no older than those."""
        self._links(plan, rest=False)

    def link_rest(self, plan: TablePlan) -> None:
        """Make the links that had to wait."""
        self._links(plan, rest=True)

    def _links(self, plan: TablePlan, *, rest: bool) -> None:
        table = self._tables[plan.table.name]
        for part, section in zip(table.parts, plan.sections, strict=True):
            for name, tie in plan.ties.items():
                ready = bool(self._tables[tie.target].parts) or tie.target == plan.table.name
                reference = section.references[name]
                own = reference.within is not None or reference.source is not None
                if name in part.links or (not rest and (not ready or own)):
                    continue
                part.links[name] = self._link(plan, section, part, name)
            if rest:
                part.placed.floors = self._floors(plan, section, part)

    def _floors(self, plan: TablePlan, section: SectionPlan, part: Part) -> tuple[str, ...]:
        """Return the references by which grouped rows have to wait for whom they refer to."""
        if part.placed.grouping is None or plan.birth is None:
            return ()
        if any(formula.running for formula in section.formulas.values()):
            return ()
        found = []
        for name, tie in plan.ties.items():
            link = part.links[name]
            if tie.optional or tie.target == plan.table.name:
                continue
            if (isinstance(link, Within) and section.references[name].within != ".") or isinstance(
                link, Spaced
            ):
                found.append(name)
            elif isinstance(link, Drawn):
                timed = all(p.placed.grouping is None for p in link.parts)
                early = all(
                    p.placed.calendar.start <= part.placed.calendar.start for p in link.parts
                )
                if not (timed and early):
                    found.append(name)
        return tuple(found)

    def _link(self, plan: TablePlan, section: SectionPlan, part: Part, name: str) -> Link:
        tie = plan.ties[name]
        target = self._tables[tie.target]
        reference = section.references[name]
        if name == section.group:
            return Owner(target=target)
        own = tie.target == plan.table.name
        if name in section.frequent and part.rows and (target.rows or own):
            return self._frequent(plan, section, part, name)
        if reference.null == 1.0 or (not target.rows and tie.optional):
            return Nobody(target=target)
        always = plan.always(section, name)
        if reference.source is not None:
            if always:
                self.leads_somewhere(plan, section, reference.source)
            return Along(target=target, path=self._path(plan, reference.source, tie.target))
        if reference.earlier and not self._may_be_earlier(plan, section, name):
            return Itself(target=target) if always else Nobody(target=target)
        return self._choice(plan, section, part, name)

    def _frequent(self, plan: TablePlan, section: SectionPlan, part: Part, name: str) -> Link:
        """Deal rows out as the statistics of the referring column say."""
        statistics = section.frequent[name]
        tie = plan.ties[name]
        target = self._tables[tie.target]
        stated = self._planner.likeness.stated_rows(tie.target)
        kinds = statistics.kinds(part.rows)
        rows = target.rows or part.rows  # a table that refers to itself is not sized yet
        if statistics.distinct > 0 and stated:
            kinds = statistics.distinct / stated * rows  # as many of its rows as there
        if not kinds:
            kinds = float(rows)
        key = key_of(self._seed, plan.table.name, section.spec.name, name, "dealt")
        return Frequent(
            target=target,
            dealing=Dealing.of(statistics, part.rows, key, max(1, min(round(kinds), rows))),
            always=not tie.optional,
        )

    def _choice(self, plan: TablePlan, section: SectionPlan, part: Part, name: str) -> Link:
        tie = plan.ties[name]
        target = self._tables[tie.target]
        reference = section.references[name]
        always = plan.always(section, name)
        common: dict[str, Any] = {
            "target": target,
            "key": key_of(self._seed, plan.table.name, section.spec.name, name),
            "null": 0.0 if always else reference.null or 0.0,
            "first": reference.first,
            "optional": not always,
            "other": self._rival(plan, section, name),
        }
        if reference.earlier:
            return Earlier(**{**common, "optional": tie.optional})
        distinct = reference.distinct or name in section.distinct
        if reference.within is not None:
            chain = self._chain(plan, section, name)
            if always:
                self._never_none(plan, section, name, part, chain, distinct=distinct)
            return Within(
                path=reference.within,
                chain=chain,
                skew=reference.skew,
                distinct=distinct,
                place=reference.place,
                aged=reference.within != ".",
                **common,
            )
        parts = tuple(p for p in self._parts(plan, name, reference.of) if p.rows)
        if not parts:
            raise ConfigError(
                f"there is no row that {name} could refer to",
                where=f"{self._planner.where}: tables.{plan.table.name}",
                expected=f"rows of {target.table.name}",
            )
        if distinct or name in section.spaced:
            return Spaced(parts=parts, siblings=distinct, **common)
        return Drawn(parts=parts, skew=reference.skew, never=reference.never, **common)

    def leads_somewhere(self, plan: TablePlan, section: SectionPlan, path: str) -> None:
        """Refuse a path that may end in nothing where NULL is not allowed."""
        first = path.partition(".")[0]
        name = plan.names.get(first, first)
        if not plan.always(section, name):
            raise ConfigError(
                f"{path} may lead to nothing",
                where=f"{self._planner.where}: tables.{plan.table.name}",
                expected=f"references.{first} with null = 0",
                why="what follows it cannot be NULL",
            )

    def _may_be_earlier(self, plan: TablePlan, section: SectionPlan, name: str) -> bool:
        """Whether a row and an earlier one agree in the columns that both ends of a key share."""
        tie = plan.ties[name]
        shared = [h for h, t in zip(tie.columns, tie.referenced, strict=True) if h == t]
        return all(plan.givers.get(c, ("",))[0] == section.group for c in shared)

    def _rival(self, plan: TablePlan, section: SectionPlan, name: str) -> str | None:
        """Return an earlier reference to the same table, where a CHECK compares the two."""
        rules = self._planner.rules_of(plan)
        tie = plan.ties[name]
        for other in plan.ties.values():
            if other.name == name:
                return None
            both = set(other.columns) | set(tie.columns)
            alike = other.target == tie.target and other.columns and tie.columns
            if alike and any(both <= set(columns) for columns in rules):
                if name == section.group:
                    return None
                return other.name
        return None

    def _parts(self, plan: TablePlan, name: str, of: tuple[str, ...]) -> list[Part]:
        target = self._tables[plan.ties[name].target]
        known = {part.name: part for part in target.parts}
        for wanted in of:
            if wanted not in known:
                raise ConfigError(
                    f'{target.table.name} has no section "{wanted}"',
                    where=f"{self._planner.where}: tables.{plan.table.name}",
                    expected=suggestion(wanted, known),
                )
        return [known[wanted] for wanted in of] if of else target.parts

    def stretch(self, plan: TablePlan, section: SectionPlan, target: Rowset) -> tuple[int, int]:
        """Return the first parent that has children of a section, and how many such there are."""
        assert section.group is not None
        parts = self._parts(plan, section.group, section.spec.of)
        first = min((part.offset for part in parts), default=0)
        end = max((part.offset + part.rows for part in parts), default=0)
        if end - first != sum(part.rows for part in parts):
            raise ConfigError(
                f"the sections {', '.join(section.spec.of)} of {target.table.name} do not adjoin",
                where=f"{self._planner.where}: tables.{plan.table.name}.of",
                expected="sections that follow each other",
            )
        return first, end - first

    def choice_size(self, plan: TablePlan, section: SectionPlan, name: str) -> int | None:
        """Return how many rows siblings can choose from without meeting; None if nobody knows."""
        reference = section.references[name]
        if reference.within is None:
            return sum(part.rows for part in self._parts(plan, name, reference.of))
        if plan.ties[name].optional or not self._tables[plan.ties[name].target].parts:
            return None
        least = 1
        for _, grouping, _ in self._chain(plan, section, name):
            least *= grouping.least
        return least or None

    def _never_none(
        self,
        plan: TablePlan,
        section: SectionPlan,
        name: str,
        part: Part,
        chain: tuple[Step, ...],
        *,
        distinct: bool,
    ) -> None:
        """Refuse a reference that must lead somewhere and may find nobody."""
        least = 1
        for _, grouping, _ in chain:
            least *= grouping.least
        needed = part.placed.grouping.most if distinct and part.placed.grouping else 1
        if least >= needed:
            return
        target = plan.ties[name].target
        raise ConfigError(
            f"{name} needs {needed} rows of {target} for each "
            f"{section.references[name].within}, and some have {least}",
            where=f"{self._planner.where}: tables.{plan.table.name}",
            expected=f"least = {needed} and none = 0 in tables.{target}",
            why="a row without one would break NOT NULL",
        )

    def _chain(self, plan: TablePlan, section: SectionPlan, name: str) -> tuple[Step, ...]:
        reference = section.references[name]
        assert reference.within is not None
        ancestor = self._tables[self._planner.end_of(plan, reference.within).table.name]
        start = self._tables[plan.ties[name].target]
        found = self._down(ancestor, start, reference.of, frozenset())
        if len(found) == 1:
            return found[0]
        target = start.table.name
        raise ConfigError(
            f"rows of {target} do not stand together by {ancestor.table.name}"
            if not found
            else f"rows of {target} stand together by {ancestor.table.name} in several ways",
            where=f"{self._planner.where}: tables.{plan.table.name}.references.{name}",
            expected=f"per in tables.{target}, leading to {ancestor.table.name}"
            if not found
            else "of = [a section]",
        )

    def _down(
        self, ancestor: Rowset, target: Rowset, of: tuple[str, ...], seen: frozenset[int]
    ) -> list[tuple[Step, ...]]:
        found: list[tuple[Step, ...]] = []
        for part in target.parts:
            placed = part.placed
            if placed.grouping is None or placed.parent is None or (of and part.name not in of):
                continue
            step = (placed.first, placed.grouping, part.offset)
            if placed.parent is ancestor:
                found.append((step,))
            elif id(placed.parent) not in seen:
                above = self._down(ancestor, placed.parent, (), seen | {id(target)})
                found += [(*way, step) for way in above]
        return found

    def _path(self, plan: TablePlan, path: str, target: QualifiedName) -> str:
        """Return a path of links that ends at a table; one that ends too early goes on by name."""
        end = self._planner.end_of(plan, path)
        if end.table.name != target:
            raise ConfigError(
                f"{path} leads to {end.table.name}, not to {target}",
                where=f"{self._planner.where}: tables.{plan.table.name}",
                expected=f"a path to {target}",
            )
        return path

    def column(self, plan: TablePlan, text: str) -> tuple[TablePlan, str]:
        """Return the table and column that `table.column` names."""
        name, _, column = text.rpartition(".")
        known = {p.table.name.label: p for p in self._planner.tables.values()}
        where = f"{self._planner.where}: tables.{plan.table.name}"
        if name not in known:
            raise ConfigError(
                f'"{text}" names no table', where=where, expected=suggestion(name, known)
            )
        target = known[name]
        columns = [c.name for c in target.table.columns]
        if column not in columns:
            raise ConfigError(
                f'{name} has no column "{column}"',
                where=where,
                expected=suggestion(column, columns),
            )
        return target, column

    def children(self, plan: TablePlan, text: str, path: str | None) -> tuple[Children, ...]:
        """Return the rows of a table that belong to the row at the end of a path."""
        known = {p.table.name.label: p for p in self._planner.tables.values()}
        where = f"{self._planner.where}: tables.{plan.table.name}"
        if text not in known:
            raise ConfigError(
                f'"{text}" names no table', where=where, expected=suggestion(text, known)
            )
        owner = self._tables[self._planner.end_of(plan, path or ".").table.name]
        target = self._tables[known[text].table.name]
        found = tuple(
            Children(path or ".", at, target)
            for at, part in enumerate(target.parts)
            if part.placed.parent is owner
        )
        if not found:
            raise ConfigError(
                f"rows of {text} do not stand together by {owner.table.name}",
                where=where,
                expected=f"per in tables.{text}",
            )
        return found
