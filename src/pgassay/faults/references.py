"""Foreign keys: each action swapped for each other, timing, match, target, enforcement.

PostgreSQL documentation: CREATE TABLE, REFERENCES; Foreign Keys.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Action, Catalog, Constraint, Match, Table
from pgassay.core.names import quote
from pgassay.faults.fault import Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMINGS = {
    "not deferrable": (False, False),
    "deferrable": (True, False),
    "initially deferred": (True, True),
}
_NULLING = frozenset({Action.SET_NULL, Action.SET_DEFAULT})
_CHECKED_LATER = "rows written from now on are checked all the same"
_ENFORCED_FROM = 18  # NOT ENFORCED on foreign keys


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each foreign key that a table declares itself."""
    for table in catalog.tables:
        for key in table.foreign_keys:
            yield from _actions(catalog, table, key)
            yield from _timing(table, key)
            yield from _match(table, key)
            yield from _targets(catalog, table, key)
            if catalog.major >= _ENFORCED_FROM and key.enforced:
                yield _changed("reference-not-enforced", table, key, replace(key, enforced=False))
            if key.validated and table.partition_key is None:
                yield _changed(
                    "reference-not-valid",
                    table,
                    key,
                    replace(key, validated=False),
                    explained=_CHECKED_LATER,
                )


def clause(key: Constraint) -> str:
    """Return a foreign key as ADD CONSTRAINT takes it."""
    assert key.references is not None
    parts = [
        f"FOREIGN KEY ({_columns(key.columns, key)}) REFERENCES {key.references.sql}",
        f"({_columns(key.referenced_columns, key)}) MATCH {key.match}",
    ]
    if key.on_update is not Action.NO_ACTION:
        parts.append(f"ON UPDATE {key.on_update}")
    if key.on_delete is not Action.NO_ACTION:
        parts.append(f"ON DELETE {key.on_delete}")
        if key.set_columns:
            parts.append(f"({', '.join(map(quote, key.set_columns))})")
    if key.deferrable:
        parts.append(
            f"DEFERRABLE INITIALLY {'DEFERRED' if key.initially_deferred else 'IMMEDIATE'}"
        )
    if not key.enforced:
        parts.append("NOT ENFORCED")
    elif not key.validated:
        parts.append("NOT VALID")
    return " ".join(parts)


def _columns(names: tuple[str, ...], key: Constraint) -> str:
    quoted = [quote(name) for name in names]
    if key.without_overlaps:
        quoted[-1] = f"PERIOD {quoted[-1]}"
    return ", ".join(quoted)


def _changed(  # noqa: PLR0917 - in the order in which a sentence would say them
    operator: str,
    table: Table,
    key: Constraint,
    other: Constraint,
    change: str = "",
    explained: str = "",
) -> Fault:
    name, on = quote(key.name), table.name.sql
    return planted(
        operator,
        table.name,
        key.name,
        f"ALTER TABLE {on} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {clause(other)}",
        change=change,
        explained=explained,
    )


def _actions(catalog: Catalog, table: Table, key: Constraint) -> Iterator[Fault]:
    for action in Action:
        if action is not key.on_delete:
            other = replace(key, on_delete=action, set_columns=())
            yield _changed(
                "reference-on-delete",
                table,
                key,
                other,
                f"{key.on_delete} to {action}",
                _same_effect(table, key, key.on_delete, action),
            )
        if action is not key.on_update:
            yield _changed(
                "reference-on-update",
                table,
                key,
                replace(key, on_update=action),
                f"{key.on_update} to {action}",
                _same_effect(table, key, key.on_update, action) or _never_updated(catalog, key),
            )
    if key.on_delete in _NULLING and len(key.columns) > 1:
        for column in key.columns:
            if key.set_columns != (column,):
                other = replace(key, set_columns=(column,))
                yield _changed("reference-set-columns", table, key, other, f"to {quote(column)}")


def _same_effect(table: Table, key: Constraint, one: Action, other: Action) -> str:
    without = all(table.column(name).default is None for name in key.columns)
    if {one, other} == _NULLING and without and not key.set_columns:
        return "the columns have no default: the default that is set is NULL"
    return ""


def _never_updated(catalog: Catalog, key: Constraint) -> str:
    assert key.references is not None
    parent = next((t for t in catalog.tables if t.name == key.references), None)
    if parent and any(parent.column(n).identity == "ALWAYS" for n in key.referenced_columns):
        return "the key is an identity that no UPDATE can change"
    return ""


def _timing(table: Table, key: Constraint) -> Iterator[Fault]:
    for timing, (deferrable, deferred) in _TIMINGS.items():
        if (key.deferrable, key.initially_deferred) != (deferrable, deferred):
            other = replace(key, deferrable=deferrable, initially_deferred=deferred)
            yield _changed("reference-timing", table, key, other, f"to {timing}")


def _match(table: Table, key: Constraint) -> Iterator[Fault]:
    match = Match.SIMPLE if key.match is Match.FULL else Match.FULL
    single = "a key of one column has no part that could be NULL by itself"
    known = all(table.column(name).not_null for name in key.columns)
    explained = single if len(key.columns) == 1 else ""
    if known and not explained:
        explained = "its columns are NOT NULL"
    yield _changed(
        "reference-match", table, key, replace(key, match=match), f"to {match}", explained
    )


def _targets(catalog: Catalog, table: Table, key: Constraint) -> Iterator[Fault]:
    """Yield the key pointing at another table that has a primary key of the same types."""
    wanted = [table.column(name).type.sql for name in key.columns]
    for other in catalog.roots():
        primary = other.primary_key
        if other.name in (key.references, table.name) or primary is None:
            continue
        if [other.column(name).type.sql for name in primary.columns] == wanted:
            pointed = replace(key, references=other.name, referenced_columns=primary.columns)
            yield _changed("reference-target", table, key, pointed, f"to {other.name}")
            return
