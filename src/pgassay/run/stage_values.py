"""The values of hot queries on a stage: from the snapshot's statistics, as the header asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pgassay.core.names import QualifiedName
from pgassay.core.statement import Statement
from pgassay.plans.places import parts_of
from pgassay.plans.query import SourceKind
from pgassay.postgres.explain import Asked, QueryRefusedError
from pgassay.run.query_files import column_of, numbered
from pgassay.staging.values import value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgassay.core.plan import Plan
    from pgassay.core.snapshot import Snapshot
    from pgassay.core.statement import Value
    from pgassay.plans.places import Places
    from pgassay.plans.query import HotQuery, ValueSource
    from pgassay.postgres.explain import Explainer

Elsewhere = dict[tuple[str, str, str], "Value"]
"""Values by query, run and parameter."""
_NAME = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_COLUMN = re.compile(rf"(?:(?P<alias>{_NAME})\.)?(?P<column>{_NAME})")


class Asker(Protocol):
    """Finds values, and tells what it finds none for."""

    @property
    def unknown(self) -> Mapping[str, str]:
        """Queries that cannot be asked, and the parameters that no value was found for."""
        ...

    def of(self, query: HotQuery, run: str) -> tuple[Value, ...] | None:
        """Return the values of a run, in the order of the parameters; None if one has none."""
        ...


@dataclass(frozen=True, slots=True)
class KnownValues:
    """Values that were found in an earlier run, by query and run."""

    known: dict[tuple[str, str], tuple[Value, ...] | None]
    unknown: dict[str, str]

    def of(self, query: HotQuery, run: str) -> tuple[Value, ...] | None:
        """Return the values of a run."""
        return self.known[query.name, run]


class StageValues:
    """Finds values without a row.

    A column's value comes from its statistics. A query for a value is not executed: where what it
    returns is a column, the value is one of that column; otherwise it is what the query returned
    on another database, if there is one.

    Args:
        snapshot: with values, its own or stand-ins.
        places: the names in the database.
        explainer: of the stage; of what it is held against, in a comparison.
        elsewhere: values that queries returned elsewhere, by query, run and parameter.

    Attributes:
        unknown: queries that cannot be asked, and the parameters that no value was found for.
        known: what was found, by query and run.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        places: Places,
        explainer: Explainer,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._snapshot, self._places, self._explainer = snapshot, places, explainer
        self._elsewhere = elsewhere or {}
        self.unknown: dict[str, str] = {}
        self.known: dict[tuple[str, str], tuple[Value, ...] | None] = {}

    def of(self, query: HotQuery, run: str) -> tuple[Value, ...] | None:
        """Return the values of a run, in the order of the parameters; None if one has none."""
        if (query.name, run) not in self.known:
            self.known[query.name, run] = self._of(query, run)
        return self.known[query.name, run]

    def _of(self, query: HotQuery, run: str) -> tuple[Value, ...] | None:
        found: dict[str, Value] = {}
        for parameter in query.parameters:
            source = parameter.source(run) or parameter.source("typical")
            assert source is not None
            own = run if source.kind is SourceKind.COLUMN or parameter.source(run) else "typical"
            value = self._value(query, source, own, found)
            if value is None:
                value = self._elsewhere.get((query.name, run, parameter.name))
            if value is None:
                if run == "typical":
                    self.unknown.setdefault(query.name, parameter.name)
                return None
            found[parameter.name] = value
        return tuple(found.values())

    def _value(
        self,
        query: HotQuery,
        source: ValueSource,
        run: str,
        before: dict[str, Value],
    ) -> Value:
        if source.kind is SourceKind.CONSTANT:
            return source.text
        if source.kind is SourceKind.COLUMN:
            table, name = column_of(source, self._places, query.file)
            (schema, _), (relation, _) = parts_of(table)
            return self._of_column(QualifiedName(schema, relation), name, run)
        sql, names, _ = numbered(source.text, f"{query.file}:{source.line}")
        statement = Statement(sql, tuple(before.get(name) for name in names))
        try:
            plan = self._explainer.plan(statement, Asked(analyze=False))
        except QueryRefusedError:
            return None
        return self._returned(plan, run)

    def _of_column(self, table: QualifiedName, name: str, run: str) -> Value:
        relation = self._snapshot.relation(table)
        column = relation.column(name) if relation else None
        return None if relation is None or column is None else value_of(relation, column, run)

    def _returned(self, plan: Plan, run: str) -> Value:
        """Return a value of the column that a plan returns first, if it is one."""
        read = {n.alias: n.relation for n in plan.nodes() if n.alias and n.relation}
        found = _COLUMN.fullmatch(next(iter(plan.root.lists.get("Output", ())), ""))
        if found is None or not read:
            return None
        ((column, _),) = parts_of(found["column"])
        if found["alias"] is None:
            relation = next(iter(read.values())) if len(set(read.values())) == 1 else None
        else:
            ((alias, _),) = parts_of(found["alias"])
            relation = read.get(alias)
        if relation is None:
            return None
        return self._of_column(self._places.root(relation), column, run)
