"""The plan of a volume: what the profile says, and for all else what the catalog leads to.

For every section: whose children its rows are, how each reference is chosen, and what keeps each
unique key apart. Ratios that no key can hold are refused here, before anything is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

from pgassay.core.catalog import TableKind, TypeKind
from pgassay.core.errors import ConfigError, suggestion
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.volumes.columns import TEXTS, TIMES, WIDTHS
from pgassay.volumes.profile import Formula, Reference, Section, Spread, TableVolume
from pgassay.volumes.shape import Tie, Unique, birth_of, excluded, routing_columns, stand_in, ties_of, uniques_of
from pgassay.volumes.text_parts import head_and_tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.core.names import QualifiedName
    from pgassay.rows.maker import RowMaker
    from pgassay.volumes.profile import Profile

_KEYED = TEXTS | {"uuid", "bytea", *WIDTHS, "numeric"}
_OPTIONAL = 0.2  # the share of NULL in a reference that may be NULL and of which nothing is said


@dataclass(kw_only=True)
class SectionPlan:
    """What was decided of a section.

    Attributes:
        spec: what the profile says.
        group: the tie whose target's children the rows are; None for rows by the calendar.
        references: how each tie's row is chosen.
        formulas: columns that are computed from rows.
        distinct: ties that are distinct among siblings.
        spaced: ties that are distinct among all rows.
        numbered: texts that get the row's number.
        days: dates that count the days from the parent's first.
        dealt: columns whose values a parent (`siblings`) or the table has once each.
        siblings: see `dealt`.
        once: columns of content that must not repeat, so that each row of it is taken once.
        calm: predicates of unique indexes that only the first row of a parent may satisfy.
        most: no parent may have more children; None for no limit.
        least: no parent should have fewer, where the profile says nothing.
        excuse: why `most` is what it is.
    """

    spec: Section
    group: str | None = None
    references: dict[str, Reference] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)
    distinct: set[str] = field(default_factory=set)
    spaced: set[str] = field(default_factory=set)
    numbered: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    dealt: tuple[str, ...] = ()
    siblings: bool = False
    once: list[tuple[str, ...]] = field(default_factory=list)
    calm: list[str] = field(default_factory=list)
    most: int | None = None
    least: int = 0
    excuse: str = ""


@dataclass(kw_only=True)
class TablePlan:
    """What was decided of a table.

    Attributes:
        table: it.
        described: whether the profile speaks of it.
        fixed: whether it has as many rows at every scale.
        ties: its references, by name.
        names: the tie that a column is called by in paths.
        givers: the tie that a column gets its value from, and the column it is there.
        keys: columns that depend on the row's number alone.
        birth: the column that says when a row came about.
    """

    table: Table
    described: bool
    fixed: bool
    ties: dict[str, Tie]
    names: dict[str, str]
    givers: dict[str, tuple[str, str]]
    keys: set[str] = field(default_factory=set)
    birth: Column | None = None
    sections: list[SectionPlan] = field(default_factory=list)

    def always(self, section: SectionPlan, name: str) -> bool:
        """Whether a reference always leads somewhere: it has to, or the profile says so."""
        told = section.references[name].null == 0.0
        return not self.ties[name].optional or name == section.group or told

    def tie(self, name: str, where: str) -> str:
        """Return the name of the tie that a column or a link is called by."""
        found = self.names.get(name)
        if found is None:
            raise ConfigError(
                f'"{name}" refers to nothing',
                where=f"{where}: {self.table.name}",
                expected=suggestion(name, self.names),
            )
        return found


class Planner:
    """Decides for each table; `where` names the profile in messages."""

    def __init__(self, catalog: Catalog, profile: Profile, maker: RowMaker) -> None:
        self._maker = maker
        self._profile = profile
        self.where = f"profile {profile.name}"
        self.tables: dict[QualifiedName, TablePlan] = {}
        for table in catalog.roots():
            if table.kind is not TableKind.FOREIGN:
                self.tables[table.name] = self._begun(table)
        for plan in self.tables.values():
            volume = profile.tables.get(plan.table.name) or self._derived(plan)
            plan.sections = [self._section(plan, section) for section in volume.sections]
        for plan in self.tables.values():
            for section in plan.sections:
                self._stand_together(plan, section)

    def _begun(self, table: Table) -> TablePlan:
        volume = self._profile.tables.get(table.name)
        ties = {
            tie.name: tie
            for tie in ties_of(table, self._maker)
            if tie.target in {t.name for t in self._maker.catalog.roots()}
        }
        for section in volume.sections if volume else ():
            ties |= self._declared(table, section, ties)
        names: dict[str, str] = {}
        for tie in ties.values():  # those of fewer columns come later and win
            names |= dict.fromkeys(tie.columns or (tie.name,), tie.name)
        givers: dict[str, tuple[str, str]] = {}
        for tie in sorted(reversed(ties.values()), key=lambda tie: not tie.optional):
            own = tie.target == table.name  # a row's parent shares such columns, it gives them not
            pairs = zip(tie.columns, tie.referenced, strict=True)
            givers |= {h: (tie.name, t) for h, t in pairs if not (own and h == t)}
        plan = TablePlan(
            table=table,
            described=volume is not None,
            fixed=bool(volume and volume.fixed),
            ties=ties,
            names=names,
            givers=givers,
            birth=birth_of(table),
        )
        self._own_keys(plan)
        return plan

    def _derived(self, plan: TablePlan) -> TableVolume:
        """Return a section for each way in which a CHECK lets references be filled."""
        table = plan.table
        bound = self._bound(plan)
        for filled in range(len(bound), -1, -1):
            ways = [ways for ways in combinations(bound, filled) if self._passes(plan, bound, ways)]
            if ways and filled < len(bound):
                sections = tuple(
                    Section(
                        name="_".join(tie.columns[0] for tie in way) or "alone",
                        values={
                            c: None for t in bound if t not in way for c in self._empty(plan, t)
                        },
                    )
                    for way in ways
                )
                return TableVolume(name=table.name, sections=sections)
            if ways:
                break
        return TableVolume(name=table.name, sections=(Section(),))

    def _passes(self, plan: TablePlan, bound: Sequence[Tie], filled: Sequence[Tie]) -> bool:
        fixed = {
            column.name: stand_in(self._maker.types, column)
            for column in plan.table.columns
            if column.name in plan.givers
        }
        for tie in bound:
            if tie not in filled:
                fixed |= dict.fromkeys(self._empty(plan, tie))
        try:
            self._maker.draft(plan.table, 0, fixed, optional=True)
        except Unsatisfiable:
            return False
        return True

    def _empty(self, plan: TablePlan, tie: Tie) -> list[str]:
        nullable = self._maker.nullable(plan.table)
        return [
            c for c in tie.columns if c in nullable and plan.givers.get(c, ("",))[0] == tie.name
        ]

    def _declared(self, table: Table, section: Section, ties: Mapping[str, Tie]) -> dict[str, Tie]:
        """Return the references that only the profile knows."""
        found: dict[str, Tie] = {}
        by_column = {c: t for t in ties.values() for c in t.columns}
        for name, reference in section.references.items():
            if reference.table is None or name in by_column:
                continue
            columns = {c.name: c for c in table.columns}
            target = self._maker.table(reference.table)
            key = target.primary_key
            if name in columns and (key is None or len(key.columns) != 1):
                raise ConfigError(
                    f"{target.name} has no primary key of one column",
                    where=f"{self.where}: tables.{table.name}.references.{name}",
                    expected="a table that one column can refer to",
                )
            found[name] = Tie(
                name=name,
                target=reference.table,
                columns=(name,) if name in columns else (),
                referenced=key.columns if name in columns and key else (),
                optional=name not in columns or not columns[name].not_null,
            )
        return found

    def _own_keys(self, plan: TablePlan) -> None:
        """Find columns that are keys by the row's number, and leave them to nobody else."""
        table = plan.table
        primary = table.primary_key
        for unique in uniques_of(table):
            own = [c for c in unique.columns if c not in plan.givers]
            if len(unique.columns) == 1 and own:
                column = table.column(own[0])
                kind = self._maker.types.base_type(column.type)
                is_key = primary is not None and unique.columns == primary.columns
                if kind.base in TEXTS and not is_key:
                    continue
                if kind.base in _KEYED and not kind.array and kind.kind is TypeKind.BASE:
                    plan.keys.add(column.name)
        for column in table.columns:
            counted = column.identity or (column.default or "").startswith("nextval(")
            made = counted or "gen_random_uuid" in (column.default or "")
            mixed = primary is not None and column.name in primary.columns
            if made and mixed and column.name not in plan.givers:
                plan.keys.add(column.name)
        # A key among the columns of a reference: the row there must be one of this row's own.
        for name in list(plan.givers):
            if primary is not None and primary.columns == (name,) and name not in plan.keys:
                shared = [t for t in plan.ties.values() if name in t.columns and len(t.columns) > 1]
                if shared and all(t.optional for t in shared):
                    plan.keys.add(name)
        for name in plan.keys:
            plan.givers.pop(name, None)

    def _section(self, plan: TablePlan, spec: Section) -> SectionPlan:
        section = SectionPlan(spec=spec, formulas=dict(spec.formulas))
        where = f"{self.where}: tables.{plan.table.name}"
        if spec.per is not None:
            section.group = plan.tie(spec.per, where)
        given = {plan.tie(name, where): r for name, r in spec.references.items()}
        for tie in plan.ties.values():
            section.references[tie.name] = given.get(tie.name) or self._reference(plan, tie)
        self._null_ties(plan, section)
        self._filled_ties(plan, section, given)
        for unique in uniques_of(plan.table):
            self._keep_apart(plan, section, unique)
        if excluded(plan.table):
            section.once.append(())
        return section

    def _reference(self, plan: TablePlan, tie: Tie) -> Reference:
        """Return how a reference of which nothing is said is chosen."""
        for other in plan.ties.values():  # one that a larger key carries along
            if other is not tie and set(tie.columns) < set(other.columns):
                there = other.referenced[other.columns.index(tie.columns[0])]
                return Reference(source=f"{other.name}.{there}")
        if any(column in plan.keys for column in tie.columns):
            return Reference(within=".", place=0)
        for column in tie.columns:  # one that shares a column: within what that column leads to
            giver, there = plan.givers.get(column, (tie.name, ""))
            if giver != tie.name and tie.target != plan.table.name and len(tie.columns) > 1:
                path = giver if plan.ties[giver].columns == (column,) else f"{giver}.{there}"
                return Reference(within=path, null=_OPTIONAL if tie.optional else 0.0)
        if tie.target == plan.table.name:
            return Reference(earlier=True, null=0.5 if tie.optional else 0.0)
        return Reference(null=_OPTIONAL if tie.optional else 0.0, skew=0.6)

    def _null_ties(self, plan: TablePlan, section: SectionPlan) -> None:
        for name, tie in plan.ties.items():
            empty = [c for c in tie.columns if section.spec.values.get(c, "") is None]
            if empty or any(section.spec.nulls.get(c) == 1 for c in tie.columns):
                section.references[name] = Reference(null=1.0)
            else:
                shares = [s for c, s in section.spec.nulls.items() if c in tie.columns]
                if shares and section.references[name].null is None:
                    section.references[name] = replace(section.references[name], null=shares[0])

    def _filled_ties(
        self, plan: TablePlan, section: SectionPlan, given: Mapping[str, Reference]
    ) -> None:
        """Never leave a reference empty that a CHECK of the table wants to be filled."""
        bound = self._bound(plan)
        filled = [tie for tie in bound if section.references[tie.name].null != 1.0]
        for tie in filled:
            reference = section.references[tie.name]
            if tie.name in given or tie.name == section.group or reference.within:
                continue
            if not self._passes(plan, bound, [other for other in filled if other is not tie]):
                section.references[tie.name] = replace(reference, null=0.0)

    def _bound(self, plan: TablePlan) -> list[Tie]:
        """Return the references that may be NULL and that a CHECK looks at."""
        ruled = self.rules_of(plan)
        return [
            tie
            for tie in plan.ties.values()
            if tie.optional and any(set(tie.columns) & set(columns) for columns in ruled)
        ][:_BOUND]

    def _keep_apart(self, plan: TablePlan, section: SectionPlan, unique: Unique) -> None:
        """Decide what keeps a unique key apart."""
        columns = unique.columns
        kept = plan.keys | section.numbered | section.formulas.keys()
        if any(c in kept or section.spec.values.get(c, "") is None for c in columns):
            return
        if any(self._is_null(plan, section, c) for c in columns):
            return
        ties = list(dict.fromkeys(plan.givers[c][0] for c in columns if c in plan.givers))
        if any(section.references[tie].within == "." for tie in ties):
            return  # a row's own children are nobody else's
        routing = routing_columns(plan.table, self._maker.catalog)
        rest = [plan.table.column(c) for c in columns if c not in plan.givers and c not in routing]
        text = self._free_text(plan, rest)
        if text is not None:
            section.numbered.add(text)
            return
        number = next(
            (c for c in rest if self._base(c) in WIDTHS or self._base(c) == "numeric"), None
        )
        day = next((c for c in rest if self._base(c) in TIMES and c != plan.birth), None)
        grouped = self._grouped_by(section, ties)
        if grouped and unique.predicate is not None and not rest:
            section.calm.append(unique.predicate)
        elif grouped and number is not None:
            section.formulas[number.name] = Formula(position=1)
        elif grouped and day is not None:
            section.days.add(day.name)
        elif number is not None:
            plan.keys.add(number.name)
        elif rest and (grouped or not ties) and all(self._is_finite(plan, c) for c in rest):
            self._deal(plan, section, unique, [c.name for c in rest], siblings=grouped)
        elif grouped and not rest:
            others = [t for t in ties if t != section.group and not section.references[t].source]
            if others:
                section.distinct.add(others[0])
            else:
                self._limit(section, 1, f"{unique.name} allows one for each")
        elif ties and not rest:
            self._space(plan, section, ties)
        else:
            section.once.append(tuple(c.name for c in rest))

    def _space(self, plan: TablePlan, section: SectionPlan, ties: Sequence[str]) -> None:
        """Let one of the references of a key lead to a row of its own each time."""
        able = [tie for tie in ties if _is_open(section.references[tie])]
        empty = [tie for tie in ties if plan.ties[tie].optional]
        if able:
            section.spaced.add(able[0])
        elif empty and section.references[empty[0]].earlier:
            section.references[empty[0]] = Reference(null=1.0)

    def _is_null(self, plan: TablePlan, section: SectionPlan, column: str) -> bool:
        giver = plan.givers.get(column)
        return giver is not None and section.references[giver[0]].null == 1.0

    def _grouped_by(self, section: SectionPlan, ties: Sequence[str]) -> bool:
        """Whether rows stand together by one of the ties; see to it where nothing says otherwise."""
        if section.group is not None:
            return section.group in ties
        able = [t for t in ties if _is_open(section.references[t])]
        if not able:
            return False
        section.group = able[0]
        return True

    def _stand_together(self, plan: TablePlan, section: SectionPlan) -> None:
        """Let rows that are chosen from within an ancestor stand together by it."""
        for name, reference in section.references.items():
            if reference.within is None:
                continue
            ancestor = self.end_of(plan, reference.within)
            target = self.tables[plan.ties[name].target]
            ways = [
                t.name
                for t in target.ties.values()
                if t.target == ancestor.table.name
                and _is_open(target.sections[0].references[t.name])
            ]
            only = target.sections[0]
            if ways and len(target.sections) == 1 and only.group is None and not only.spec.rows:
                only.group = ways[0]
            if len(target.sections) == 1 and only.spec.per is None and not plan.ties[name].optional:
                only.least = _CHOICE

    def end_of(self, plan: TablePlan, path: str) -> TablePlan:
        """Return the table at the end of a path; ConfigError where it leads nowhere."""
        for name in [] if path == "." else path.split("."):
            tie = plan.ties.get(name) or plan.ties[plan.tie(name, f"{self.where}: {path}")]
            plan = self.tables[tie.target]
        return plan

    def rules_of(self, plan: TablePlan) -> list[tuple[str, ...]]:
        """Return the columns of each CHECK of a table."""
        return [rule.columns for rule in self._maker.rules(plan.table).rules]

    def _free_text(self, plan: TablePlan, columns: Sequence[Column]) -> str | None:
        """Return a text that may hold anything, the last one of a key."""
        rules = self._maker.rules(plan.table)
        for column in reversed(columns):
            kind = self._maker.types.base_type(column.type)
            room = kind.length is None or kind.length >= _ROOM
            plain = kind.base in TEXTS and not kind.array and kind.kind is TypeKind.BASE
            free = column.name not in rules.columns or self._takes_number(plan, column.name)
            if plain and room and free:
                return column.name
        return None

    def _takes_number(self, plan: TablePlan, column: str) -> bool:
        """Whether the CHECKs let a number into a text."""
        try:
            plain = self._maker.draft(plan.table, 0, {}, optional=True)
            length = self._maker.types.base_type(plan.table.column(column).type).length
            head, tail = head_and_tail(plain[column] or "", length, len(_NUMBER))
            fixed = {column: f"{head}{_NUMBER}{tail}"}
            self._maker.draft(plan.table, 0, fixed, optional=True)
        except Unsatisfiable:
            return False
        return True

    def _is_finite(self, plan: TablePlan, column: Column) -> bool:
        """Whether a column has few values that are all known."""
        kind = self._maker.types.base_type(column.type)
        rules = self._maker.rules(plan.table)
        listed = column.name in rules.columns and rules.listed(column.name)
        few = kind.kind is TypeKind.ENUM or kind.base == "bool" or bool(listed)
        return few and not kind.array

    def _deal(
        self,
        plan: TablePlan,
        section: SectionPlan,
        unique: Unique,
        columns: list[str],
        *,
        siblings: bool,
    ) -> None:
        if section.dealt:
            if set(section.dealt) <= set(columns) and section.siblings <= siblings:
                return
            raise ConfigError(
                f"{unique.name} and another key both need their own values",
                where=f"{self.where}: {plan.table.name}",
                expected="one key of listed values",
                fix="describe the table's rows with columns or weights of their own",
            )
        section.dealt, section.siblings = tuple(columns), siblings
        section.excuse = f"{unique.name} allows each value of {', '.join(columns)} once"

    def _limit(self, section: SectionPlan, most: int, excuse: str) -> None:
        if section.most is None or most < section.most:
            section.most, section.excuse = most, excuse

    def _base(self, column: Column) -> str:
        kind = self._maker.types.base_type(column.type)
        plain = kind.kind is TypeKind.BASE and not kind.array
        return kind.base if plain else ""


_ROOM = 12  # a text shorter than that leaves no room for content and a number
_NUMBER = "1234567"  # a row's number, for trying
_CHOICE = 2  # of what rows have to choose from within an ancestor
_BOUND = 5  # references that a CHECK compares; more are not tried in all combinations


def _is_open(reference: Reference) -> bool:
    """Whether a reference may lead to any row, so that its rows can stand together."""
    return not (reference.source or reference.within or reference.earlier or reference.null == 1.0)


def mean_of(spread: Spread, most: int | None) -> Spread:
    """Return a spread that keeps to a limit it was not told of."""
    if most is None or (spread.most is not None and spread.most <= most):
        return spread
    return replace(spread, most=most)
