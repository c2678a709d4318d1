"""The planner of a volume: what the profile says, and for all else what the catalog leads to.

For every section: whose children its rows are, and how each reference is chosen.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from pgassay.core.catalog import TableKind
from pgassay.core.errors import ConfigError
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.volumes.likeness import Likeness, way_shares
from pgassay.volumes.plan import SectionPlan, TablePlan
from pgassay.volumes.profile import Reference, Section, TableVolume
from pgassay.volumes.shape import Tie, birth_of, stand_in, ties_of
from pgassay.volumes.unique_keys import UniqueKeys, is_open

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Catalog, Table
    from pgassay.core.names import QualifiedName
    from pgassay.rows.maker import RowMaker
    from pgassay.volumes.profile import Profile

_OPTIONAL = 0.2  # the share of NULL in a reference that may be NULL and of which nothing is said
_CHOICE = 2  # of what rows have to choose from within an ancestor
_BOUND = 5  # references that a CHECK compares; more are not tried in all combinations


class Planner:
    """Decides for each table; `where` names the profile in messages."""

    def __init__(self, catalog: Catalog, profile: Profile, maker: RowMaker) -> None:
        self._maker = maker
        self._profile = profile
        self.where = f"profile {profile.name}"
        self._keys = UniqueKeys(maker, self.where)
        self.tables: dict[QualifiedName, TablePlan] = {}
        for table in catalog.roots():
            if table.kind is not TableKind.FOREIGN:
                self.tables[table.name] = self._begun(table)
        for plan in self.tables.values():
            volume = profile.tables.get(plan.table.name)
            if volume is None or volume.counted:
                volume = self._derived(plan, volume)
            plan.sections = [self._section(plan, section) for section in volume.sections]
        for plan in self.tables.values():
            for section in plan.sections:
                self._stand_together(plan, section)
        self.likeness = Likeness(maker, profile)
        for plan in self.tables.values():
            for section in plan.sections:
                self.likeness.decide(plan, section)

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
        last_wins = list(ties.values())
        last_wins.reverse()
        for tie in sorted(last_wins, key=lambda tie: not tie.optional):
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
            partitions=volume.partitions if volume else {},
        )
        self._keys.own(plan)
        return plan

    def _derived(self, plan: TablePlan, volume: TableVolume | None) -> TableVolume:
        """Return a section for each way in which a CHECK lets references be filled.

        `volume` says how many rows there are and what their statistics are; each way gets a share.
        """
        table = plan.table
        stated = volume.sections[0] if volume else Section()
        bound = self._bound(plan)
        for filled in range(len(bound), -1, -1):
            ways = [ways for ways in combinations(bound, filled) if self._passes(plan, bound, ways)]
            if ways and filled < len(bound):
                shares = way_shares(bound, ways, stated.statistics)
                sections = tuple(
                    replace(
                        stated,
                        rows=None if stated.rows is None else round(stated.rows * share),
                        name="_".join(tie.columns[0] for tie in way) or "alone",
                        values={
                            c: None for t in bound if t not in way for c in self._empty(plan, t)
                        },
                    )
                    for way, share in zip(ways, shares, strict=True)
                )
                return TableVolume(name=table.name, sections=sections)
            if ways:
                break
        return TableVolume(name=table.name, sections=(stated,))

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
        self._keys.keep_apart(plan, section)
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
                and is_open(target.sections[0].references[t.name])
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
