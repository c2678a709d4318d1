"""The values of hot queries on a stage: from the snapshot's statistics, as the header asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName
from pgassay.core.statement import Statement
from pgassay.plans.places import parts_of
from pgassay.plans.query import SourceKind
from pgassay.postgres.explain import Asked, QueryRefusedError
from pgassay.run.query_files import column_of, numbered
from pgassay.staging.values import value_of

if TYPE_CHECKING:
    from pgassay.core.plan import Plan
    from pgassay.core.snapshot import Snapshot
    from pgassay.core.statement import Value
    from pgassay.plans.places import Places
    from pgassay.plans.query import HotQuery, QueryParameter, ValueSource
    from pgassay.postgres.stage.stage import StageExplainer

_COLUMN = re.compile(r'(?P<alias>"(?:[^"]|"")+"|[\w$]+)\.(?P<column>"(?:[^"]|"")+"|[\w$]+)')


class StageValues:
    """Finds values without a row.

    A column's value comes from its statistics. A query for a value is not executed: it is
    explained, and what it would return is taken for a value of the column that its plan names.

    Attributes:
        unknown: parameters that no value was found for, and why.
    """

    def __init__(self, snapshot: Snapshot, places: Places, explainer: StageExplainer) -> None:
        self._snapshot, self._places, self._explainer = snapshot, places, explainer
        self.unknown: dict[str, None] = {}

    def of(self, query: HotQuery, run: str) -> tuple[Value, ...] | None:
        """Return the values of a run, in the order of the parameters; None if one has none."""
        found: dict[str, Value] = {}
        for parameter in query.parameters:
            source = parameter.source(run) or parameter.source("typical")
            assert source is not None
            own = run if source.kind is SourceKind.COLUMN or parameter.source(run) else "typical"
            value = self._value(query, parameter, source, own, found)
            if value is None:
                if run == "typical":
                    self.unknown[f"{query.name} is not asked: no value for :{parameter.name}"] = (
                        None
                    )
                return None
            found[parameter.name] = value
        return tuple(found.values())

    def _value(
        self,
        query: HotQuery,
        parameter: QueryParameter,
        source: ValueSource,
        run: str,
        before: dict[str, Value],
    ) -> Value:
        del parameter
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
        """Return a value of the column that a plan's first output is, or is made of."""
        aliases = {n.alias: n.relation for n in plan.nodes() if n.alias and n.relation}
        outputs = [n.lists["Output"] for n in plan.nodes() if n.lists.get("Output")]
        for texts in outputs:
            for text in texts[:1]:
                for found in _COLUMN.finditer(text):
                    alias, column = (parts_of(found[key])[0][0] for key in ("alias", "column"))
                    relation = aliases.get(alias)
                    if relation is not None:
                        value = self._of_column(self._places.root(relation), column, run)
                        if value is not None:
                            return value
        return None
