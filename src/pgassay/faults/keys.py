"""Primary keys, unique and exclusion constraints: loosened, tightened, NULLs, timing, added.

A key that others refer to is rebuilt between dropping those references and adding them again, so
that nothing but the key itself differs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.catalog import Catalog, Constraint, ConstraintKind, Index, Table
from pgassay.core.names import quote, quote_all
from pgassay.faults.fault import Fault, planted
from pgassay.faults.references import clause as reference_clause

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = {ConstraintKind.PRIMARY_KEY: "PRIMARY KEY", ConstraintKind.UNIQUE: "UNIQUE"}
_TIMINGS = {
    "not deferrable": (False, False),
    "deferrable": (True, False),
    "initially deferred": (True, True),
}
_NO_EQUALITY = frozenset(
    {"json", "xml", "point", "polygon", "box", "path", "circle", "line", "lseg"}
)


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each key, and a key too many on each column."""
    for table in catalog.tables:
        for key in table.constraints:
            if key.kind in _WORDS:
                yield from _of_key(catalog, table, key)
            elif key.kind is ConstraintKind.EXCLUSION:
                yield from _of_exclusion(table, key)
        yield from _added(table)


def _of_key(catalog: Catalog, table: Table, key: Constraint) -> Iterator[Fault]:
    if key.without_overlaps:
        return
    for timing, (deferrable, deferred) in _TIMINGS.items():
        if (key.deferrable, key.initially_deferred) != (deferrable, deferred):
            other = replace(key, deferrable=deferrable, initially_deferred=deferred)
            yield _changed("key-timing", catalog, table, key, other, f"to {timing}")
    if key.kind is ConstraintKind.UNIQUE:
        known = all(table.column(name).not_null for name in key.columns)
        other = replace(key, nulls_not_distinct=not key.nulls_not_distinct)
        explained = "its columns are NOT NULL" if known else ""
        yield _changed("key-nulls", catalog, table, key, other, "toggled", explained)
    if len(key.columns) > 1:
        for column in key.columns:
            rest = tuple(name for name in key.columns if name != column)
            change = f"without {quote(column)}"
            yield _changed("key-narrowed", catalog, table, key, replace(key, columns=rest), change)
        swapped = replace(key, columns=key.columns[::-1])
        yield _changed(
            "key-order", catalog, table, key, swapped, "reversed",
            "the same rows are refused; only the index reads in another order",
        )  # fmt: skip
    spare = _spare(table, key.columns)
    if spare is not None:
        wider = replace(key, columns=(*key.columns, spare))
        yield _changed("key-widened", catalog, table, key, wider, f"by {quote(spare)}")
        yield _changed(
            "key-include", catalog, table, key, key, f"{quote(spare)} included",
            "one more column in the leaves of its index", f"INCLUDE ({quote(spare)})",
        )  # fmt: skip


def _spare(table: Table, used: tuple[str, ...]) -> str | None:
    for column in table.columns:
        if column.name not in used and column.type.base not in _NO_EQUALITY and column.not_null:
            return column.name
    return None


def _clause(key: Constraint, index: Index | None, addition: str) -> str:
    nulls = " NULLS NOT DISTINCT" if key.nulls_not_distinct else ""
    parts = [f"{_WORDS[key.kind]}{nulls} ({quote_all(key.columns)})"]
    included = f"INCLUDE ({quote_all(index.include)})" if index and index.include else ""
    parts += [addition or included]
    if key.deferrable:
        parts.append(
            f"DEFERRABLE INITIALLY {'DEFERRED' if key.initially_deferred else 'IMMEDIATE'}"
        )
    return " ".join(filter(None, parts))


def _changed(  # noqa: PLR0917 - in the order in which a sentence would say them
    operator: str,
    catalog: Catalog,
    table: Table,
    key: Constraint,
    other: Constraint,
    change: str,
    explained: str = "",
    addition: str = "",
) -> Fault:
    name, on = quote(key.name), table.name.sql
    index = next((i for i in table.indexes if i.constraint == key.name), None)
    dropped, again = _around(catalog, table, key)
    clause = _clause(other, index, addition)
    return planted(
        operator,
        table.name,
        key.name,
        *dropped,
        f"ALTER TABLE {on} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {clause}",
        *again,
        change=change,
        explained=explained,
    )


def _around(catalog: Catalog, table: Table, key: Constraint) -> tuple[list[str], list[str]]:
    dropped, again = [], []
    for child in catalog.tables:
        for reference in child.foreign_keys:
            same = sorted(reference.referenced_columns) == sorted(key.columns)
            if reference.references == table.name and same and not reference.inherited:
                on, name = child.name.sql, quote(reference.name)
                dropped.append(f"ALTER TABLE {on} DROP CONSTRAINT {name}")
                again.append(
                    f"ALTER TABLE {on} ADD CONSTRAINT {name} {reference_clause(reference)}"
                )
    return dropped, again


def _of_exclusion(table: Table, key: Constraint) -> Iterator[Fault]:
    name, on = quote(key.name), table.name.sql
    for at, operator in enumerate(key.operators):
        if operator.endswith("=") or len(key.operators) == 1:
            continue
        index = next((i for i in table.indexes if i.constraint == key.name), None)
        if index is None:
            continue
        keys = [(k.column and quote(k.column)) or f"({k.expression})" for k in index.keys]
        kept = [
            f"{k} WITH {o}"
            for n, (k, o) in enumerate(zip(keys, key.operators, strict=True))
            if n != at
        ]
        where = f" WHERE ({index.predicate})" if index.predicate else ""
        text = f"EXCLUDE USING {index.method} ({', '.join(kept)}){where}"
        yield planted(
            "exclusion-narrowed", table.name, key.name,
            f"ALTER TABLE {on} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {text}",
            change=f"without {keys[at]}",
        )  # fmt: skip


def _added(table: Table) -> Iterator[Fault]:
    keyed = {c.columns for c in table.constraints if c.kind in _WORDS}
    for column in table.columns:
        if (column.name,) in keyed or column.type.base in _NO_EQUALITY:
            continue
        yield planted(
            "key-added", table.name, column.name,
            f"ALTER TABLE {table.name.sql} ADD UNIQUE ({quote(column.name)})",
        )  # fmt: skip
