"""The aftermath: what only the server can say of the database that a revision has left.

Which rows, and which defaults, a new rule would refuse; which tables were analysed since the
revision began; what of the new objects a superuser alone can make. The questions are made here from
the two catalogs, `postgres.tracing.aftermath` asks them.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a field's default factory reads it
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgassay.core.catalog import ConstraintKind, TableKind
from pgassay.core.names import QualifiedName, quote, quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Column, Constraint, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedWrites:
    """What a new rule refuses that its table takes so far.

    Args:
        table: the table, by its name behind the revision.
        rule: the name of the CHECK or the foreign key.
        rows: rows that have a value which it refuses: NOT VALID has let them be.
        default: the defaults of its columns, where it refuses those; None where not.
        query: finds such rows; empty where none are asked for.
    """

    table: QualifiedName
    rule: str
    rows: int = 0
    default: str | None = None
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What the server said.

    Args:
        refused: rules that refuse what is written so far.
        analyzed: tables that ANALYZE has read since the revision began, autovacuum's left out.
        without_statistics: indexes on expressions of which the planner knows nothing.
        filled: rows of the partitioned tables that are new.
        untrusted: languages and extensions that only a superuser can use or create.
    """

    refused: tuple[RefusedWrites, ...] = ()
    analyzed: frozenset[QualifiedName] = frozenset()
    without_statistics: frozenset[QualifiedName] = frozenset()
    filled: Mapping[QualifiedName, int] = field(default_factory=dict)
    untrusted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleQuestion:
    """A new rule, and what to ask of it.

    Args:
        table: the table.
        rule: the constraint.
        rows: counts the rows that have a value which it refuses; None where none can be there.
        query: shows them.
        default: says whether it refuses the defaults of its columns; None where one has none.
        defaults: these, in words.
    """

    table: QualifiedName
    rule: str
    rows: str | None = None
    query: str = ""
    default: str | None = None
    defaults: str = ""


def rule_questions(before: Catalog, after: Catalog) -> Iterator[RuleQuestion]:
    """Yield what to ask of each CHECK and foreign key that a table of before has got.

    A column without a default, and the NULL in a row, are left out: a rule that asks for a value
    is how NOT NULL is begun, and whether running code gives one is tried by the part `rolling`.
    Rows of a foreign key are left out as well: it is asked of a row only when its columns change.
    """
    there = {table.name: table for table in before.tables}
    for table in after.tables:
        old = there.get(table.name)
        if old is None or table.kind is TableKind.FOREIGN:
            continue
        known = {_said(constraint) for constraint in old.constraints}
        for rule in table.constraints:
            own = rule.enforced and not rule.inherited and rule.columns
            if not own or _said(rule) in known:
                continue
            if rule.kind is ConstraintKind.CHECK and rule.expression:
                yield _of_check(table, rule, rule.expression)
            elif rule.kind is ConstraintKind.FOREIGN_KEY and rule.references is not None:
                yield _of_key(table, rule, rule.references)


def _said(rule: Constraint) -> str:
    """Return what a constraint asks for, whether old rows have to keep to it or not."""
    return rule.definition.removesuffix(" NOT VALID")


def _of_check(table: Table, rule: Constraint, expression: str) -> RuleQuestion:
    refused = f"({expression}) is false and num_nonnulls({quote_all(rule.columns)}) > 0"
    source = f"from {table.name.sql} where {refused}"
    values = _defaults(table, rule.columns)
    given = ", ".join(f"{value} as {quote(name)}" for name, value in values.items())
    return RuleQuestion(
        table=table.name,
        rule=rule.name,
        rows=None if rule.validated else f"select count(*) {source}",
        query=f"select * {source} limit 20;",
        default=f"select ({expression}) is false from (select {given}) as t" if values else None,
        defaults=_told(table, values),
    )


def _of_key(table: Table, rule: Constraint, parent: QualifiedName) -> RuleQuestion:
    values = _defaults(table, rule.columns)
    pairs = zip(values.values(), rule.referenced_columns, strict=False)
    met = " and ".join(f"p.{quote(name)} = {value}" for value, name in pairs)
    given = " and ".join(f"{value} is not null" for value in values.values())
    return RuleQuestion(
        table=table.name,
        rule=rule.name,
        default=f"select {given} and exists (select from {parent.sql}) "
        f"and not exists (select from {parent.sql} p where {met})"
        if values
        else None,
        defaults=_told(table, values),
    )


def _defaults(table: Table, names: tuple[str, ...]) -> dict[str, str]:
    """Return the default of each column as an expression of its type; nothing if one has none."""
    columns = [table.column(name) for name in names]
    if not all(map(_says_a_default, columns)):
        return {}
    return {column.name: f"({column.default})::{column.type.sql}" for column in columns}


def _says_a_default(column: Column) -> bool:
    """Whether leaving the column out is meant, and gives a value without a number being drawn."""
    default = column.default
    return default is not None and "nextval(" not in default and not default.startswith("NULL")


def _told(table: Table, values: Mapping[str, str]) -> str:
    return ", ".join(f"{quote(name)} default {table.column(name).default}" for name in values)


def new_partitioned(before: Catalog, after: Catalog) -> Iterator[Table]:
    """Yield the partitioned tables that were not there, or were plain tables, before."""
    there = {table.name for table in before.tables if table.partition_key is not None}
    for table in after.roots():
        if table.partition_key is not None and table.name not in there:
            yield table


def new_expression_indexes(
    before: Catalog, after: Catalog
) -> Iterator[tuple[Table, QualifiedName]]:
    """Yield the indexes on expressions that tables of before have got, each with its table."""
    there = {table.name: {index.name for index in table.indexes} for table in before.tables}
    for table in after.tables:
        for index in table.indexes if table.name in there else ():
            computed = any(key.expression is not None for key in index.keys)
            if computed and index.valid and index.name not in there[table.name]:
                yield table, QualifiedName(table.name.schema, index.name)
