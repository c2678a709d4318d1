"""Makes rows of content: from factories, hints and types, judged by the server.

A few rows are searched for by the row maker, so that every CHECK is passed; the others are
variations of them with the factories' values, and those that some CHECK refuses are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

from pgassay.core.catalog import TypeKind
from pgassay.core.errors import ConfigError
from pgassay.rows.partitions import key_values
from pgassay.rows.rules import Judge, Question
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.rows.values import Place
from pgassay.volumes.columns import TIMES
from pgassay.volumes.draws import key_of
from pgassay.volumes.hints import hinted
from pgassay.volumes.shape import routing_columns, stand_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Value
    from pgassay.rows.maker import RowMaker, RowSource
    from pgassay.volumes.plan import SectionPlan, TablePlan

    Content = dict[str, Value]

_SEARCHED = 16
_KINDS = 4096
_MEMBERS = 64  # values of a list partition that are looked at
_EMPTY = 0.25  # the share of NULL in content of which nothing is said


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is fixed in each row, and what it has where optional references refer to nothing."""

    fixed: Content
    emptied: Content


class ContentMaker:
    """Makes rows of content for each section."""

    def __init__(
        self,
        maker: RowMaker,
        judge: Judge,
        sources: Mapping[QualifiedName, RowSource],
        built: Catalog,
    ) -> None:
        self._maker = maker
        self._judge = judge
        self._sources = sources
        self._built = built
        self._leaves = {
            table.name: _leaves(table, built)
            for table in maker.catalog.roots()
            if table.partition_key is not None
        }

    def rows(
        self, plan: TablePlan, section: SectionPlan, size: int, computed: frozenset[str]
    ) -> list[Content]:
        """Return about so many rows that every CHECK over content lets through.

        `computed` columns are made by others; something stands for them here.

        Raises:
            Unsatisfiable: no row passes a CHECK, which is named.
            ConfigError: a value that the profile asks for never stands in a row.
        """
        fixed = self._placeholders(plan, section, computed)
        if section.once:
            return self._different(plan.table, section, size, fixed)
        frame = _Frame(fixed, self._emptied(plan, section, fixed))
        searched = [
            self._maker.draft(plan.table, number, fixed, optional=True)
            for number in range(min(size, _SEARCHED))
        ]
        varied = [
            self._varied(plan, section, searched[number % len(searched)], number, fixed)
            for number in range(size)
        ]
        rows = self._passing(plan.table, varied, frame) or searched
        return rows + self._wanted(plan, section, rows, searched, frame)

    def _emptied(self, plan: TablePlan, section: SectionPlan, fixed: Content) -> Content:
        """Return what a row has where its optional references refer to nothing."""
        nullable = self._maker.nullable(plan.table)
        open_ = [
            name
            for name, reference in section.references.items()
            if reference.null != 1.0 and plan.ties[name].optional
        ]
        return {
            c: None
            for name in open_
            for c in plan.ties[name].columns
            if c in fixed and c in nullable and c in plan.givers
        }

    def _different(
        self, table: Table, section: SectionPlan, size: int, fixed: Content
    ) -> list[Content]:
        """Return rows of content that do not repeat each other where they must not."""
        found: list[Content] = []
        seen: list[set[tuple[Value, ...]]] = [set() for _ in section.once]
        for number in range(size):
            try:
                row = self._maker.draft(table, number, fixed, optional=True)
            except Unsatisfiable:
                if not found:
                    raise
                break
            keys = [tuple(row.get(c) for c in columns) for columns in section.once]
            if all(
                not key or None in key or key not in s for key, s in zip(keys, seen, strict=True)
            ):
                found.append(row)
                for key, those in zip(keys, seen, strict=True):
                    those.add(key)
        return found

    def _placeholders(
        self, plan: TablePlan, section: SectionPlan, computed: frozenset[str]
    ) -> Content:
        """Return what stands for columns that others make, and what the profile fixes."""
        fixed: Content = {}
        for column in plan.table.columns:
            name = column.name
            if name not in computed or column is plan.birth or column.generated is not None:
                continue
            if name in plan.givers:
                empty = section.references[plan.givers[name][0]].null == 1.0
                fixed[name] = None if empty else stand_in(self._maker.types, column)
            elif name in section.formulas and column.type.base == "bool":
                fixed[name] = "false"
            elif name in section.formulas and section.formulas[name].position is not None:
                fixed[name] = str(section.formulas[name].position)
        return {**fixed, **section.spec.values}

    def _varied(
        self,
        plan: TablePlan,
        section: SectionPlan,
        searched: Content,
        number: int,
        fixed: Content,
    ) -> Content:
        """Return a variation of a row: the factory's values, or content by name and type."""
        table = plan.table
        source = self._sources.get(table.name)
        given = source(number) if source is not None else {}
        row = dict(searched)
        row |= self._partition(plan, number)
        ruled = self._maker.rules(table).columns | self._partition(plan, number).keys()
        for column in table.columns:
            name = column.name
            if column.generated is not None or name in fixed:
                continue
            if name in given:
                row[name] = given[name]
            elif name not in ruled and column is not plan.birth and name not in plan.givers:
                row[name] = self._plain(plan, section, column, number, bare=source is None)
        return row

    def _partition(self, plan: TablePlan, number: int) -> Content:
        """Return what leads a row into one of the partitions that hold rows, by turns."""
        leaves = self._leaves.get(plan.table.name)
        if not leaves:
            return {}
        found = key_values(leaves[number % len(leaves)], self._built, number)
        return {c: v for c, v in found.items() if plan.birth is None or c != plan.birth.name}

    def leaves_of(self, plan: TablePlan, rows: Sequence[Content]) -> list[str | None]:
        """Return the partition that each row of content falls into; None where that is not known.

        Empty where it is not content that decides it, but the time when rows come about.
        """
        routing = routing_columns(plan.table, self._built)
        if not routing or (plan.birth is not None and routing == {plan.birth.name}):
            return []
        known: dict[tuple[tuple[str, Value], ...], str] = {}
        for leaf in self._leaves.get(plan.table.name) or ():
            for number in range(_MEMBERS):
                found = key_values(leaf, self._built, number)
                known.setdefault(tuple(sorted(found.items())), leaf.name.label)
        keys = [dict(key) for key in known if key]
        return [
            next(
                (known[tuple(sorted(key.items()))] for key in keys if key.items() <= row.items()),
                None,
            )
            for row in rows
        ]

    def _plain(
        self, plan: TablePlan, section: SectionPlan, column: Column, number: int, *, bare: bool
    ) -> Value:
        types = self._maker.types
        kind = types.base_type(column.type)
        asked = column.name in section.spec.nulls or column.name in section.spec.weights
        empty = key_of("empty", plan.table.name, column.name, number) / 2**64 < _EMPTY
        if bare and empty and not asked and column.name in self._maker.nullable(plan.table):
            return None
        labels = types.labels(kind.name) if kind.kind is TypeKind.ENUM else ()
        domain = types.domains(column.type)
        hint = None if domain else hinted(column, kind, number, labels)
        if hint is not None:
            return hint
        place = Place(label=column.name, position=column.position, number=number)
        return types.value(column.type, place)

    def _wanted(
        self,
        plan: TablePlan,
        section: SectionPlan,
        rows: Sequence[Content],
        searched: Sequence[Content],
        frame: _Frame,
    ) -> list[Content]:
        """Return rows with the values that are asked for and that no row has yet."""
        spec = section.spec
        wanted: list[Content] = [
            {name: value}
            for name, weights in spec.weights.items()
            for value, weight in weights.items()
            if weight
        ]
        wanted += [{n: None} for n, share in spec.nulls.items() if share and n not in plan.givers]
        wanted += [
            wish
            for n, share in spec.nulls.items()
            if share < 1 and n not in plan.givers and all(row.get(n) is None for row in rows)
            for wish in self._present(plan, n, rows, searched)
        ]
        wanted += self._kinds(plan, section)
        found: list[Content] = []
        for wish in wanted:
            if any(wish.items() <= row.items() for row in rows):
                continue
            some = [{**row, **wish} for row in rows[: max(8, len(rows) // 8)]]
            passing = self._passing(plan.table, some, frame)
            found += passing or [self._searched(plan.table, wish, frame.fixed)]
        return found

    def _present(
        self,
        plan: TablePlan,
        name: str,
        rows: Sequence[Content],
        searched: Sequence[Content],
    ) -> list[Content]:
        """Return values for a column that is NULL in all rows: of a time, that of another one."""
        column = plan.table.column(name)
        alike = [
            c.name
            for c in plan.table.columns
            if c.type.base == column.type.base and c.type.base in TIMES
        ]
        found = [row[name] for row in searched if row.get(name) is not None]
        found = found or [row[c] for row in rows[:1] for c in alike if row.get(c) is not None][-1:]
        if not found:
            place = Place(label=name, position=column.position)
            found = [self._maker.types.value(column.type, place)]
        return [{name: found[0]}]

    def _searched(self, table: Table, wish: Content, fixed: Content) -> Content:
        try:
            return self._maker.draft(table, 0, {**fixed, **wish}, optional=True)
        except Unsatisfiable as failure:
            said = ", ".join(f"{n} = {v or 'NULL'}" for n, v in wish.items())
            raise ConfigError(
                f"no row has {said}",
                where=f"profile: {table.name}",
                expected="values that the CHECKs let through",
                why=str(failure),
            ) from failure

    def _kinds(self, plan: TablePlan, section: SectionPlan) -> list[Content]:
        """Return what the columns may hold together that a parent has once each."""
        lists: list[list[Value]] = []
        for name in section.dealt:
            column = plan.table.column(name)
            kind = self._maker.types.base_type(column.type)
            rules = self._maker.rules(plan.table)
            if kind.kind is TypeKind.ENUM:
                lists.append(list(self._maker.types.labels(kind.name)))
            elif kind.base == "bool":
                lists.append(["true", "false"])
            elif name in rules.columns:
                lists.append([*sorted(rules.listed(name))])
            else:
                return []
        return [
            dict(zip(section.dealt, values, strict=True))
            for values in islice(product(*lists), _KINDS)
            if lists
        ]

    def _passing(self, table: Table, rows: Sequence[Content], frame: _Frame) -> list[Content]:
        """Return the rows that every CHECK lets through, optional references filled or not."""
        rules = self._maker.rules(table).rules
        if not rules or not rows:
            return list(rows)
        columns = tuple(dict.fromkeys(c for rule in rules for c in rule.columns))
        variants = [{}, frame.emptied] if set(frame.emptied) & set(columns) else [{}]
        questions = [
            Question(
                table=table,
                rules=rules,
                columns=columns,
                rows=tuple(tuple({**row, **variant}.get(c) for c in columns) for row in rows),
            )
            for variant in variants
        ]
        answers = self._judge.verdicts(questions)
        return [
            row
            for row, *verdicts in zip(rows, *answers, strict=True)
            if all(v.passes for verdict in verdicts for v in verdict)
        ]


def _leaves(table: Table, built: Catalog) -> list[Table]:
    found = []
    for child in built.partitions_of(table.name):
        if child.partition is not None and not child.partition.is_default:
            found += _leaves(child, built) if child.partition_key is not None else [child]
    return found
