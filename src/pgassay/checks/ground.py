"""The ground that checks stand on: the catalog with its lookups, and what else there may be.

A check is a function of a `Ground` and of nothing else. What it declares as its need is there when
it is called; what is not there is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pgassay.core.catalog import TableKind, TypeKind
from pgassay.core.check import Need

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pgassay.core.catalog import Action, Catalog, Column, Constraint, Domain, Index, Table
    from pgassay.core.config import PartitionRule
    from pgassay.core.models import ModelFacts
    from pgassay.core.names import QualifiedName
    from pgassay.core.plan import Plan
    from pgassay.core.statement import Session
    from pgassay.core.statistics import DatabaseStatistics


class Relations:
    """The tables of a catalog, each found by what others know of it."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @cached_property
    def by_name(self) -> Mapping[QualifiedName, Table]:
        """Every table, partitions and foreign ones as well."""
        return {table.name: table for table in self.catalog.tables}

    @cached_property
    def own(self) -> tuple[Table, ...]:
        """The tables that a person made: partitions and foreign tables left out."""
        return tuple(
            table
            for table in self.catalog.tables
            if table.partition is None and table.kind is not TableKind.FOREIGN
        )

    @cached_property
    def _referring(self) -> Mapping[QualifiedName, tuple[tuple[Table, Constraint], ...]]:
        found: dict[QualifiedName, list[tuple[Table, Constraint]]] = {}
        for table, key in self.foreign_keys:
            assert key.references is not None
            found.setdefault(key.references, []).append((table, key))
        return {name: tuple(keys) for name, keys in found.items()}

    @cached_property
    def foreign_keys(self) -> tuple[tuple[Table, Constraint], ...]:
        """Every foreign key that a table has of its own, with the table.

        A partition's copy of its parent's key is left out, a key that stands on the partition
        alone is not.
        """
        return tuple(
            (table, key)
            for table in self.catalog.tables
            for key in table.foreign_keys
            if not key.inherited
        )

    def referring_to(self, name: QualifiedName) -> tuple[tuple[Table, Constraint], ...]:
        """Return the foreign keys that refer to a table, each with the table that has it."""
        return self._referring.get(name, ())

    @cached_property
    def _domains(self) -> Mapping[QualifiedName, Domain]:
        return {domain.name: domain for domain in self.catalog.domains}

    def that_set(self, action: Action) -> Iterator[ReferentialAction]:
        """Yield where the foreign keys that are enforced take an action that sets columns."""
        for table, key in self.foreign_keys:
            if key.enforced and key.on_delete is action:
                columns = key.set_columns or key.columns
                yield ReferentialAction(table=table, key=key, event="DELETE", columns=columns)
            if key.enforced and key.on_update is action:
                yield ReferentialAction(table=table, key=key, event="UPDATE", columns=key.columns)

    def not_null(self, column: Column) -> bool:
        """Whether a column takes no NULL, its domains considered."""
        if column.not_null:
            return True
        kind, name = column.type.kind, column.type.name
        while kind is TypeKind.DOMAIN and not column.type.array and name in self._domains:
            domain = self._domains[name]
            if domain.not_null:
                return True
            kind, name = domain.type.kind, domain.type.name
        return False

    def default_of(self, column: Column) -> str | None:
        """Return the default of a column, or that of its domain."""
        if column.default is not None or column.type.array:
            return column.default
        kind, name = column.type.kind, column.type.name
        while kind is TypeKind.DOMAIN and name in self._domains:
            domain = self._domains[name]
            if domain.default is not None:
                return domain.default
            kind, name = domain.type.kind, domain.type.name
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferentialAction:
    """What a foreign key does to its own rows when the row that they refer to goes or changes.

    Args:
        table: the table that has the key.
        key: the key.
        event: `DELETE` or `UPDATE`.
        columns: those that it sets: all of the key, or those of ON DELETE SET … (column, ...).
    """

    table: Table
    key: Constraint
    event: str
    columns: tuple[str, ...]

    @property
    def discriminator(self) -> str:
        """What tells the findings of one key apart: nothing for the more common DELETE."""
        return "" if self.event == "DELETE" else "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class HotPlan:
    """The plan of a hot query.

    Args:
        query: its name.
        asked: with which values, for which kind of plan.
        source: its file.
    """

    query: str
    asked: str
    source: str
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a check may look at.

    Args:
        relations: the tables of the catalog, and the catalog.
        options: what this check is told, its defaults among it.
        today: the date by which rules about time judge.
        partitions: which partitions exist, by rule.
        session: on a database with this catalog, for questions that only a server can answer and
            for checks written in SQL; it may be one that only reads.
        rows: on a database with this catalog and with rows.
        statistics: what the planner knows of a database with rows.
        models: what the models say that no table shows.
        plans: of the hot queries, executed on a database with rows.
        live: whether it is a database that lives, and not one made a moment ago; then `rows` looks
            at what the server counts and knows, and reads no table.
    """

    relations: Relations
    options: Mapping[str, Any] = field(default_factory=dict)
    today: date | None = None
    partitions: tuple[PartitionRule, ...] = ()
    session: Session | None = None
    rows: Session | None = None
    statistics: DatabaseStatistics | None = None
    models: ModelFacts | None = None
    plans: tuple[HotPlan, ...] | None = None
    live: bool = False

    @property
    def catalog(self) -> Catalog:
        """What the database is."""
        return self.relations.catalog

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that a person made: partitions and foreign tables left out."""
        return self.relations.own

    @property
    def offers(self) -> frozenset[Need]:
        """Which needs it meets."""
        known = {
            Need.CATALOG: True,
            Need.DATA: self.rows is not None,
            Need.STATISTICS: self.statistics is not None,
            Need.QUERIES: self.plans is not None,
            Need.MODELS: self.models is not None,
            Need.LIVE: self.live,
            Need.DEPLOYED: self.live and self.models is not None,
        }
        return frozenset(need for need, there in known.items() if there)

    def columns(self) -> Iterator[tuple[Table, Column]]:
        """Yield every column of those tables, with its table, where the table declares it.

        A parent declares what is inherited, a composite type what a typed table has.
        """
        return (
            (table, column)
            for table in self.tables
            if table.of_type is None
            for column in table.columns
            if not column.inherited
        )

    def indexes(self) -> Iterator[tuple[Table, Index]]:
        """Yield every index of those tables, with its table."""
        return ((table, index) for table in self.tables for index in table.indexes)
