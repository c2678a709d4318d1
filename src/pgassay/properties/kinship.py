"""Which tables a history is about, and which of their columns the model can answer for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.core.catalog import Catalog, Constraint, ConstraintKind, Table, TableKind
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgassay.cases.referential import Edge
    from pgassay.core.names import QualifiedName

_TABLES = 24  # in one history: its whole content is read after each statement


def related_tables(catalog: Catalog, known: Sequence[Edge]) -> list[list[Table]]:
    """Return groups of related tables; every reference between two tables is inside of one.

    A reference is left out where a row of its tables cannot be told from another, or needs too
    many parents.
    """
    eligible = {t.name: t for t in catalog.roots() if is_tellable(t)}
    needed = {t.name: _ancestors(t, eligible) for t in eligible.values()}
    closed = {name: group for name, group in needed.items() if group is not None}
    waiting = [
        edge
        for edge in known
        if edge.child.name in closed
        and edge.parent in closed
        and len(closed[edge.child.name] | closed[edge.parent]) <= _TABLES
    ]
    groups = []
    while waiting:
        chosen = _grown(waiting, closed)
        waiting = [e for e in waiting if not {e.child.name, e.parent} <= chosen]
        groups.append([eligible[name] for name in sorted(chosen)])
    return groups


def _grown(
    waiting: Sequence[Edge], closed: Mapping[QualifiedName, set[QualifiedName]]
) -> set[QualifiedName]:
    """Return the tables of as many references as go together; at least one reference."""
    chosen: set[QualifiedName] = set()
    left = list(waiting)
    while left:
        sizes = [len(chosen | closed[e.child.name] | closed[e.parent]) for e in left]
        least = min(range(len(left)), key=sizes.__getitem__)
        if sizes[least] > _TABLES:
            break
        edge = left.pop(least)
        chosen |= closed[edge.child.name] | closed[edge.parent]
    return chosen


def uncertain_columns(table: Table) -> frozenset[str]:
    """Return the columns whose change may meet a rule that the model does not know."""
    found = {c.name for c in table.columns if c.identity or c.generated}
    for kind in (ConstraintKind.CHECK, ConstraintKind.EXCLUSION):
        found |= {column for rule in table.of_kind(kind) for column in rule.columns}
    for key in keys_of(table):
        if key.nulls_not_distinct or key.deferrable:
            found |= set(key.columns)
    for index in table.indexes:
        texts = [index.predicate or "", *(key.expression or "" for key in index.keys)]
        if index.unique and any(texts):
            found |= {key.column for key in index.keys if key.column}
            found |= {c.name for c in table.columns if _named(c.name, texts)}
    return frozenset(found)


def is_open(table: Table) -> bool:
    """Whether the model knows all that an INSERT of a row of its maker's can meet."""
    keyed = {column for key in keys_of(table) for column in key.columns}
    special = any(
        index.unique and (index.predicate or any(key.expression for key in index.keys))
        for index in table.indexes
    )
    return table.kind is TableKind.ORDINARY and not (
        special
        or table.of_kind(ConstraintKind.EXCLUSION)
        or any(c.identity or c.generated for c in table.columns if c.name in keyed)
        or any(key.nulls_not_distinct or key.deferrable for key in keys_of(table))
    )


def is_tellable(table: Table) -> bool:
    """Whether a row of it can be told from every other."""
    kinds = (TableKind.ORDINARY, TableKind.PARTITIONED)
    return table.kind in kinds and table.primary_key is not None


def keys_of(table: Table) -> tuple[Constraint, ...]:
    """Return the primary key and the unique constraints."""
    return table.of_kind(ConstraintKind.PRIMARY_KEY) + table.of_kind(ConstraintKind.UNIQUE)


def _named(column: str, texts: Sequence[str]) -> bool:
    """Whether an expression may mention a column; too often rather than not."""
    return any(column in text or quote(column) in text for text in texts)


def _ancestors(table: Table, eligible: Mapping[QualifiedName, Table]) -> set[QualifiedName] | None:
    """Return the table and all that a row of it needs; None if one of them is not eligible."""
    found: set[QualifiedName] = set()
    queue = [table]
    while queue:
        current = queue.pop()
        if current.name in found:
            continue
        found.add(current.name)
        for fk in current.foreign_keys:
            if all(current.column(c).not_null for c in fk.columns):
                if fk.references is None or fk.references not in eligible:
                    return None
                queue.append(eligible[fk.references])
    return found
