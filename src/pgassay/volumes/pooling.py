"""Makes the pool of each section from its rows of content, in the server's own binary form."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pgassay.core.catalog import Constraint, ConstraintKind, TypeKind
from pgassay.core.errors import ConfigError
from pgassay.rows.expression import names
from pgassay.rows.rules import Judge, Question, Rule, Verdict
from pgassay.volumes.calendar import DAY
from pgassay.volumes.cells import NULL
from pgassay.volumes.columns import TIMES
from pgassay.volumes.content import ContentMaker
from pgassay.volumes.draws import key_of
from pgassay.volumes.pool import Dealt, Pool, balanced, slots_of
from pgassay.volumes.shape import routing_columns
from pgassay.volumes.text_parts import head_and_tail
from pgassay.volumes.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.core.catalog import Catalog, Column, Table
    from pgassay.core.names import QualifiedName
    from pgassay.core.statement import Session, Value
    from pgassay.core.statistics import ColumnStatistics
    from pgassay.rows.maker import RowMaker, RowSource
    from pgassay.volumes.content import Content
    from pgassay.volumes.plan import SectionPlan, TablePlan
    from pgassay.volumes.wire import Written

_FOREVER = 1 << 62  # infinity, which no distance reaches


class PoolMaker:
    """Makes the pool of each section."""

    def __init__(
        self,
        maker: RowMaker,
        ask: Session,
        sources: Mapping[QualifiedName, RowSource],
        seed: int,
        built: Catalog,
    ) -> None:
        self._maker = maker
        self._judge = Judge(ask, maker.types)
        self.wire = Wire(ask)
        self._seed = seed
        self._content = ContentMaker(maker, self._judge, sources, built)

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
        rows = self._content.rows(plan, section, size, computed)
        names_ = [c.name for c in table.columns if c.generated is None]
        written = self.wire.written(
            {n: (table.column(n), [row.get(n) for row in rows]) for n in names_}
        )
        shifted = self._shifted(plan, section, computed)
        taken = [n for n in names_ if n not in computed | shifted | section.numbered | copied]
        dealt = self._dealt(section, written)
        wishes = [*self._divided(plan, rows), *self._wishes(plan, section, written)]
        weights = balanced(len(rows), wishes)
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

    def _divided(
        self, plan: TablePlan, rows: Sequence[Content]
    ) -> list[tuple[list[Value], dict[Value, float]]]:
        """Return how often rows should fall into each partition, where content decides it."""
        if not plan.partitions:
            return []
        leaves: list[Value] = [*self._content.leaves_of(plan, rows)]
        held = {name: share for name, share in plan.partitions.items() if name in leaves}
        shares: dict[Value, float] = {}
        shares.update(held)
        able = leaves and None not in leaves and sum(held.values())
        return [(leaves, shares)] if able else []

    def _wishes(
        self, plan: TablePlan, section: SectionPlan, written: Mapping[str, Sequence[Written]]
    ) -> list[tuple[list[Value], dict[Value, float]]]:
        wishes: list[tuple[list[Value], dict[Value, float]]] = []
        for name, weights in section.spec.weights.items():
            own = self.wire.written({name: (plan.table.column(name), list(weights))})[name]
            shares: dict[Value, float] = {
                text: weight for (text, _), weight in zip(own, weights.values(), strict=True)
            }
            wishes.append(([text for text, _ in written[name]], shares))
        routing = routing_columns(plan.table, self._maker.catalog) if plan.partitions else ()
        for name in section.yields:
            statistics = section.spec.statistics[name]
            if name in routing and not statistics.values:
                continue  # whose frequencies are whose is not known, and of partitions it is
            if name in written and name not in plan.givers and statistics.common:
                texts = [text for text, _ in written[name]]
                wishes.append((texts, _weighed(statistics, texts)))
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


def _weighed(statistics: ColumnStatistics, texts: Sequence[Value]) -> dict[Value, float]:
    """Return how often each value that there is should occur, by frequencies without values."""
    held = [value for value, _ in Counter(t for t in texts if t is not None).most_common()]
    named = [value for value in statistics.values if value in held]
    ranked = [*named, *(value for value in held if value not in named)]
    shares: dict[Value, float] = dict(zip(ranked, statistics.common, strict=False))
    rest = [value for value in ranked if value not in shares]
    left = max(1 - statistics.null - sum(shares.values()), 0.0)
    shares.update(dict.fromkeys(rest, left / max(len(rest), 1)))
    if statistics.null:
        shares[None] = statistics.null
    return shares


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
