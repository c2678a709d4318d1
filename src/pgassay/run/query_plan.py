"""Plans for tests that people write: one statement, explained where there are rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pgassay.core.errors import ConfigError, SchemaError, suggestion
from pgassay.core.statement import Statement
from pgassay.plans.effort import rows_returned
from pgassay.plans.measure import misses, spills, total_buffers, total_rows_read
from pgassay.plans.places import Places
from pgassay.plans.query import PlanMode, QueryParameter, SourceKind, ValueSource
from pgassay.plans.shape import indexes_of
from pgassay.plans.tree import tree
from pgassay.postgres.explain import Asked, Explainer, QueryRefusedError
from pgassay.run.query_files import numbered
from pgassay.run.query_values import Values

if TYPE_CHECKING:
    from pgassay.core.plan import Node, Plan
    from pgassay.core.statement import Value
    from pgassay.run.stand import Stand


@dataclass(frozen=True)
class QueryPlan:
    """What one statement's plan did. Printed, it is the tree.

    Args:
        plan: every node, as read.
        places: the names of the database.
    """

    plan: Plan
    places: Places

    def __str__(self) -> str:
        return "\n".join(tree(self.plan))

    @cached_property
    def indexes(self) -> frozenset[str]:
        """The indexes it uses; a partition's count as the table's."""
        return frozenset(indexes_of(self.plan, self.places))

    @cached_property
    def sequential_scans(self) -> frozenset[str]:
        """The tables that it reads from end to end."""
        return frozenset(str(self.places.root(n.relation)) for n in self.nodes("Seq Scan")
                         if n.relation)  # fmt: skip

    def nodes(self, *types: str) -> tuple[Node, ...]:
        """Return the nodes that ran, of these types if any are named."""
        return tuple(n for n in self.plan.nodes() if n.executed and (not types or n.type in types))

    def partitions(self, table: str) -> frozenset[str]:
        """Return the partitions of a table that it touches."""
        found = self.places.table_named(table)
        if found is None:
            raise ConfigError(
                f'there is no table "{table}"',
                expected=suggestion(table, self.places.table_names()),
            )
        touched = (n.relation for n in self.nodes() if n.relation and n.type != "ModifyTable")
        return frozenset(str(r) for r in touched if self.places.root(r) == found.name)

    @property
    def buffers(self) -> int:
        """Shared buffers touched."""
        return total_buffers(self.plan).shared

    @property
    def rows(self) -> float:
        """Rows returned, or written."""
        return rows_returned(self.plan)

    @property
    def rows_read(self) -> float:
        """Rows read, those thrown away among them."""
        return total_rows_read(self.plan)

    @property
    def spilled_kilobytes(self) -> int:
        """What went to temporary files."""
        return sum(spill.kilobytes for spill in spills(self.plan))

    @property
    def worst_guess(self) -> float:
        """By what factor the planner guessed the rows of some node wrong."""
        worst = misses(self.plan)
        return worst[0].factor if worst else 1.0


class Planner:
    """Explains statements on one populated database: `plan_of(statement, user="…")`."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        session = stand.session(stand.clone())
        self._places = Places(stand.catalogs[stand.proven])
        self._explainer = Explainer(session, kept=stand.request.system.settings)
        self._values = Values(session, self._places)

    def __call__(
        self,
        statement: object,
        /,
        *,
        generic: bool = False,
        parallel: bool = False,
        limit_ms: int = 10_000,
        **values: object,
    ) -> QueryPlan:
        """Execute a statement under EXPLAIN, roll back what it wrote, and return its plan.

        Args:
            statement: SQL with `:name` for its parameters, or what SQLAlchemy can compile.
            generic: the plan for any values, as a prepared statement gets it.
            parallel: whether parallel workers may be planned.
            limit_ms: it is cancelled after so many milliseconds.
            values: of the parameters; text, numbers, None, or whatever reads as SQL knows it.

        Raises:
            ConfigError: a parameter has no value.
            SchemaError: the server refuses the statement.
        """
        sql, given = self._compiled(statement, values)
        mode = PlanMode.GENERIC if generic else PlanMode.CUSTOM
        how = Asked(mode=mode, limit_ms=limit_ms, parallel=parallel)
        try:
            plan = self._explainer.plan(Statement(sql, given), how)
        except QueryRefusedError as error:
            raise SchemaError(
                str(error), where=f"line {error.line + 1} of the statement", expected="an answer"
            ) from error
        return QueryPlan(plan, self._places)

    def typical(self, column: str) -> Value:
        """Return an ordinary value of `table.column`."""
        return self._value(column, "typical")

    def heaviest(self, column: str) -> Value:
        """Return the most frequent value of `table.column`."""
        return self._value(column, "heaviest")

    def absent(self, column: str) -> Value:
        """Return a value that `table.column` does not have."""
        return self._value(column, "absent")

    def _value(self, column: str, run: str) -> Value:
        source = ValueSource(kind=SourceKind.COLUMN, text=column)
        found = self._values.first(source, run)
        if found is None:
            raise ConfigError(f"{column} has no {run} value", expected="a table with rows")
        return found

    def _compiled(
        self, statement: object, values: dict[str, object]
    ) -> tuple[str, tuple[Value, ...]]:
        if isinstance(statement, str):
            sql, names, _ = numbered(statement, "the statement")
            parameters = tuple(QueryParameter(name=name) for name in names)
        else:
            from pgassay.sqla.statements import compiled  # noqa: PLC0415 - only where one is given

            sql, parameters = compiled(statement, where="the statement")
        names = [parameter.name for parameter in parameters]
        for name in values:
            if name not in names:
                raise ConfigError(
                    f'the statement has no parameter "{name}"', expected=suggestion(name, names)
                )
        return sql, tuple(_given(parameter, values) for parameter in parameters)


def _given(parameter: QueryParameter, values: dict[str, object]) -> Value:
    if parameter.name in values:
        value = values[parameter.name]
        if isinstance(value, bool):
            return str(value).lower()
        return None if value is None else str(value)
    source = parameter.source("typical")
    if source is None:
        raise ConfigError(
            f"the parameter :{parameter.name} has no value",
            expected=f"plan_of(…, {parameter.name}=…)",
        )
    return source.text
