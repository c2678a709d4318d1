"""Statements that mend what checks find, as they are run on a table in use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import TableKind
from pgassay.core.names import QualifiedName, quote, quote_all
from pgassay.drift.ddl.clauses import constraint_clause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgassay.core.catalog import Action, Constraint, Index, Table


def index_on(table: Table, columns: Iterable[str], *, unique: bool = False, tail: str = "") -> str:
    """Return the statement that makes an index; a partitioned table cannot have it concurrently."""
    online = "" if table.kind is TableKind.PARTITIONED else " concurrently"
    kind = "unique index" if unique else "index"
    return f"create {kind}{online} on {table.name.sql} ({quote_all(tuple(columns))}){tail};"


def without_index(table: Table, index: Index) -> str:
    """Return the statement that drops an index, or the constraint that owns it."""
    if index.constraint is not None:
        return f"alter table {table.name.sql} drop constraint {quote(index.constraint)};"
    online = "" if table.kind is TableKind.PARTITIONED else " concurrently"
    return f"drop index{online} {QualifiedName(table.name.schema, index.name).sql};"


def without_constraint(table: Table, constraint: Constraint) -> str:
    """Return the statement that drops a constraint."""
    return f"alter table {table.name.sql} drop constraint {quote(constraint.name)};"


def instead(table: Table, old: Constraint, new: Constraint) -> str:
    """Return the statement that puts one constraint in the place of another, in one step."""
    return (
        f"alter table {table.name.sql} drop constraint {quote(old.name)}, "
        f"add constraint {quote(new.name)} {constraint_clause(new, None)};"
    )


def with_action(
    table: Table,
    key: Constraint,
    *,
    on_delete: Action | None = None,
    on_update: Action | None = None,
    columns: tuple[str, ...] = (),
) -> str:
    """Return the statement that gives a foreign key other actions."""
    return instead(
        table,
        key,
        replace(
            key,
            on_delete=on_delete or key.on_delete,
            on_update=on_update or key.on_update,
            set_columns=columns if on_delete else key.set_columns,
        ),
    )


def altered(table: Table, column: str, what: str) -> str:
    """Return `alter table … alter column … WHAT;`."""
    return f"alter table {table.name.sql} alter column {quote(column)} {what};"
