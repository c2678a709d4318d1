"""Makes pools of content: rows from factories, hints and types, judged by the server.

A few rows are searched for by the row maker, so that every CHECK is passed; the others are
variations of them with the factories' values, and those that some CHECK refuses are left out.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pgassay.core.catalog import Constraint, ConstraintKind, TypeKind
from pgassay.core.errors import ConfigError
from pgassay.rows.expression import names
from pgassay.rows.partitions import key_values
from pgassay.rows.rules import Judge, Question, Rule, Verdict
from pgassay.rows.unsatisfiable import Unsatisfiable
from pgassay.rows.values import Place
from pgassay.volumes.calendar import DAY
from pgassay.volumes.cells import NULL
from pgassay.volumes.columns import TIMES
from pgassay.volumes.draws import key_of
from pgassay.volumes.hints import hinted
from pgassay.volumes.pool import Dealt, Pool, balanced, slots_of
from pgassay.volumes.shape import stand_in
from pgassay.volumes.text_parts import head_and_tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Session, Value
    from pgassay.rows.maker import RowMaker, RowSource
    from pgassay.volumes.plan import SectionPlan, TablePlan
    from pgassay.volumes.wire import Wire, Written

    Content = dict[str, Value]

_SEARCHED = 16
_KINDS = 4096
_FOREVER = 1 << 62  # infinity, which no distance reaches
_EMPTY = 0.25  # the share of NULL in content of which nothing is said


class ContentMaker:
    """Makes the pool of each section."""

    def __init__(
        self,
        maker: RowMaker,
        ask: Session,
        wire: Wire,
        sources: Mapping[QualifiedName, RowSource],
        seed: int,
        built: Catalog,
    ) -> None:
        self._maker = maker
        self._judge = Judge(ask, maker.types)
        self._wire = wire
        self._sources = sources
        self._seed = seed
        self._built = built
        self._leaves = {
            table.name: _leaves(table, built)
            for table in maker.catalog.roots()
            if table.partition_key is not None
        }

    def pool(
        self,
        plan: TablePlan,
        section: SectionPlan,
        size: int,
        *,
        computed: frozenset[str],
        copied: frozenset[str],
        counted: frozenset[str],
        digits: int,
    ) -> Pool:
        """Return the pool of a section.

        `computed` columns are made by others, `copied` ones read by others, `counted` added up;
        `digits` are left free in texts that get the row's number.

        Raises:
            Unsatisfiable: no row passes a CHECK, which is named.
            ConfigError: a value that the profile asks for never stands in a row.
        """
        table = plan.table
        rows = self._rows(plan, section, size, computed)
        names_ = [c.name for c in table.columns if c.generated is None]
        written = self._wire.written(
            {n: (table.column(n), [row.get(n) for row in rows]) for n in names_}
        )
        shifted = self._shifted(plan, section, computed)
        taken = [n for n in names_ if n not in computed | shifted | section.numbered | copied]
        dealt = self._dealt(section, written)
        weights = balanced(len(rows), self._wishes(plan, section, written))
        calm = self._calm(plan, section, rows, weights)
        return Pool(
            key=key_of(self._seed, table.name, section.spec.name, "content"),
            size=len(rows),
            slots=slots_of(weights),
            calm=calm,
            once=bool(section.once),
            dealt=dealt,
            joined=_joined([written[n] for n in taken], len(rows)),
            columns=tuple(taken),
            cells={n: _joined([written[n]], len(rows)) for n in copied - shifted},
            values={n: _values(table.column(n), written[n]) for n in counted if n not in computed},
            offsets=self._offsets(plan, shifted, written),
            texts={
                n: self._text(table.column(n), written[n], digits)
                for n in section.numbered
                if n not in computed
            },
        )

    def _rows(
        self, plan: TablePlan, section: SectionPlan, size: int, computed: frozenset[str]
    ) -> list[Content]:
        table = plan.table
        fixed = self._placeholders(plan, section, computed)
        open_ = [
            name
            for name, reference in section.references.items()
            if reference.null != 1.0 and plan.ties[name].optional
        ]
        emptied: Content = {
            c: None
            for name in open_
            for c in plan.ties[name].columns
            if c in fixed and c in self._maker.nullable(table) and c in plan.givers
        }
        if section.once:
            return self._different(table, section, size, fixed)
        searched = [
            self._maker.draft(table, number, fixed, optional=True)
            for number in range(min(size, _SEARCHED))
        ]
        rows = [
            self._varied(plan, section, searched[number % len(searched)], number, fixed)
            for number in range(size)
        ]
        rows = (
            self._passing(table, [*searched, *rows], emptied)[len(searched) and -size :] or searched
        )
        rows += self._wanted(plan, section, rows, searched, fixed, emptied)
        return rows

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
            if all(not key or None in key or key not in s for key, s in zip(keys, seen, strict=True)):
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
        fixed: Content,
        emptied: Content,
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
            passing = self._passing(plan.table, some, emptied)
            found += passing or [self._searched(plan.table, wish, fixed)]
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

    def _passing(self, table: Table, rows: Sequence[Content], emptied: Content) -> list[Content]:
        """Return the rows that every CHECK lets through, optional references filled or not."""
        rules = self._maker.rules(table).rules
        if not rules or not rows:
            return list(rows)
        columns = tuple(dict.fromkeys(c for rule in rules for c in rule.columns))
        variants = [{}, emptied] if set(emptied) & set(columns) else [{}]
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

    def _shifted(
        self, plan: TablePlan, section: SectionPlan, computed: frozenset[str]
    ) -> frozenset[str]:
        """Return the times of the content that move with the time of birth."""
        if plan.birth is None or plan.birth.name not in computed:
            return frozenset()
        types = self._maker.types
        return frozenset(
            c.name
            for c in plan.table.columns
            if c is not plan.birth
            and c.generated is None
            and c.name not in computed
            and c.name not in section.spec.values
            and c.type.kind is TypeKind.BASE
            and types.base_type(c.type).base in TIMES
            and not c.type.array
        )

    def _offsets(
        self, plan: TablePlan, shifted: frozenset[str], written: Mapping[str, Sequence[Written]]
    ) -> dict[str, tuple[np.ndarray, np.ndarray | None]]:
        """Return how far each time is from the time of birth, none of them before it."""
        if not shifted or plan.birth is None:
            return {}
        table = plan.table
        born, _ = _times(plan.birth, written[plan.birth.name])
        found = {n: _times(table.column(n), written[n]) for n in shifted}
        distances = {n: np.where(nulls, 0, times - born) for n, (times, nulls) in found.items()}
        earliest = np.minimum.reduce([*distances.values(), np.zeros_like(born)])
        return {
            n: (
                np.where(
                    np.abs(distances[n]) > _FOREVER // 2, distances[n], distances[n] - earliest
                ),
                found[n][1] if found[n][1].any() else None,
            )
            for n in shifted
        }

    def _text(
        self, column: Column, written: Sequence[Written], digits: int
    ) -> tuple[pa.BinaryArray, pa.BinaryArray, np.ndarray | None]:
        length = self._maker.types.base_type(column.type).length
        parts = [head_and_tail(text or "", length, digits) for text, _ in written]
        nulls = np.asarray([text is None for text, _ in written])
        heads = pa.array([head.encode() for head, _ in parts], pa.binary())
        tails = pa.array([tail.encode() for _, tail in parts], pa.binary())
        return heads, tails, nulls if nulls.any() else None

    def _wishes(
        self, plan: TablePlan, section: SectionPlan, written: Mapping[str, Sequence[Written]]
    ) -> list[tuple[list[Value], dict[Value, float]]]:
        wishes: list[tuple[list[Value], dict[Value, float]]] = []
        for name, weights in section.spec.weights.items():
            own = self._wire.written({name: (plan.table.column(name), list(weights))})[name]
            shares: dict[Value, float] = {
                text: weight for (text, _), weight in zip(own, weights.values(), strict=True)
            }
            wishes.append(([text for text, _ in written[name]], shares))
        for name, share in section.spec.nulls.items():
            if name not in plan.givers:
                kinds: list[Value] = [None if t is None else "" for t, _ in written[name]]
                wishes.append((kinds, {None: share, "": 1 - share}))
        return wishes

    def _dealt(
        self, section: SectionPlan, written: Mapping[str, Sequence[Written]]
    ) -> Dealt | None:
        if not section.dealt:
            return None
        kinds = list(zip(*([t for t, _ in written[n]] for n in section.dealt), strict=True))
        numbers = {
            kind: i for i, kind in enumerate(dict.fromkeys(k for k in kinds if None not in k))
        }
        at = np.asarray([numbers.get(kind, -1) for kind in kinds])
        order = np.argsort(at, kind="stable")
        starts = np.searchsorted(at[order], np.arange(len(numbers) + 1))
        return Dealt(order=order, starts=starts, siblings=section.siblings)

    def _calm(
        self,
        plan: TablePlan,
        section: SectionPlan,
        rows: Sequence[Content],
        weights: np.ndarray,
    ) -> np.ndarray | None:
        """Return the rows that those after the first of a parent may have."""
        if not section.calm:
            return None
        table = plan.table
        quiet = np.ones(len(rows), np.bool_)
        for predicate in section.calm:
            rule = _as_rule(table, predicate)
            content = tuple(tuple(row.get(c) for c in rule.columns) for row in rows)
            bare = tuple(
                tuple(None if c in plan.givers else row.get(c) for c in rule.columns)
                for row in rows
            )
            for asked in (content, bare):
                question = Question(table=table, rules=(rule,), columns=rule.columns, rows=asked)
                (answers,) = self._judge.verdicts([question])
                quiet &= np.asarray([v[0] is not Verdict.TRUE for v in answers])
        if not quiet.any():
            raise ConfigError(
                f"all content satisfies {section.calm[0]}, which one row of a parent may",
                where=f"profile: {table.name}",
                expected="content that does not",
                fix="say which row may: columns.NAME = { first = 0.8 }",
            )
        return slots_of(weights * quiet if (weights * quiet).sum() else quiet.astype(np.float64))


def _leaves(table: Table, built: Catalog) -> list[Table]:
    found = []
    for child in built.partitions_of(table.name):
        if child.partition is not None and not child.partition.is_default:
            found += _leaves(child, built) if child.partition_key is not None else [child]
    return found


def _as_rule(table: Table, predicate: str) -> Rule:
    mentioned = names(predicate)
    columns = tuple(c.name for c in table.columns if c.name in mentioned and c.generated is None)
    constraint = Constraint(
        name="predicate",
        kind=ConstraintKind.CHECK,
        columns=columns,
        definition=predicate,
        expression=predicate,
    )
    return Rule(constraint=constraint, text=predicate, sql=f"({predicate})", columns=columns)


def _joined(columns: Sequence[Sequence[Written]], size: int) -> pa.BinaryArray:
    cells = [
        b"".join(
            NULL if octets is None else len(octets).to_bytes(4, "big") + octets
            for _, octets in (column[row] for column in columns)
        )
        for row in range(size)
    ]
    return pa.array(cells, pa.binary())


def _values(column: Column, written: Sequence[Written]) -> tuple[np.ndarray, int]:
    scale = scale_of(column)
    whole = [0 if text is None else int(Decimal(text).scaleb(scale)) for text, _ in written]
    return np.asarray(whole, np.int64), scale


def scale_of(column: Column) -> int:
    """Return how many decimals of a column are added up."""
    if column.type.base == "numeric":
        return 4 if column.type.precision is None else column.type.scale or 0
    return 4 if column.type.base.startswith("float") else 0


def _times(column: Column, written: Sequence[Written]) -> tuple[np.ndarray, np.ndarray]:
    factor = DAY if column.type.base == "date" else 1
    whole = [0 if o is None else int.from_bytes(o, "big", signed=True) for _, o in written]
    nulls = np.asarray([octets is None for _, octets in written])
    return np.asarray(
        [min(max(w, -_FOREVER), _FOREVER) * factor if abs(w) < _FOREVER else w for w in whole],
        np.int64,
    ), nulls
