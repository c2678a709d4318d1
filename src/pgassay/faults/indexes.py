"""Indexes: gone, invalid, another order, direction, predicate, method, uniqueness.

An index is rebuilt from the fields of the catalog. That of a constraint is left to its constraint,
save that it can be invalid.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.core.names import QualifiedName, literal, quote, quote_all
from pgassay.faults.fault import OF_ITS_OWN, Fault, planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Column, Index, IndexKey, Table

_TEXTS = frozenset({"text", "varchar"})
_PLANS = "plans only: no answer differs"
_READ_BOTH_WAYS = "a btree of one key is read both ways"
_INVALID = (
    "UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = {}::pg_catalog.regclass"
)


def faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what can be wrong with each index."""
    for table in catalog.tables:
        for index in table.indexes:
            name = QualifiedName(table.name.schema, index.name).sql
            invalid = _INVALID.format(literal(name))
            yield planted("index-invalid", table.name, index.name, invalid)
            yield planted(
                "index-option", table.name, index.name,
                f"ALTER INDEX {name} SET (fillfactor = 71)", explained="storage",
            )  # fmt: skip
            yield planted(
                "index-comment", table.name, index.name,
                f"COMMENT ON INDEX {name} IS 'other'", explained="a comment",
            )  # fmt: skip
            if index.constraint is None:
                yield planted("index-dropped", table.name, index.name, f"DROP INDEX {name}")
                yield planted(
                    "index-renamed", table.name, index.name,
                    f"ALTER INDEX {name} RENAME TO pgassay_other",
                    explained=OF_ITS_OWN if index.parent else "" if index.unique else "a name",
                )  # fmt: skip
                if index.parent is None:
                    yield from _rebuilt(table, index)
        yield from _added(table)


def create(table: Table, index: Index) -> str:
    """Return the CREATE INDEX of an index as its fields tell."""
    unique = "UNIQUE " if index.unique else ""
    keys = ", ".join(_key(key) for key in index.keys)
    parts = [f"CREATE {unique}INDEX {quote(index.name)} ON {table.name.sql}"]
    parts.append(f"USING {quote(index.method)} ({keys})")
    if index.include:
        parts.append(f"INCLUDE ({quote_all(index.include)})")
    if index.nulls_not_distinct:
        parts.append("NULLS NOT DISTINCT")
    if index.options:
        parts.append(f"WITH ({', '.join(index.options)})")
    if index.predicate is not None:
        parts.append(f"WHERE ({index.predicate})")
    return " ".join(parts)


def _key(key: IndexKey) -> str:
    parts = [quote(key.column) if key.column else f"({key.expression})"]
    if key.collation:
        parts.append(f"COLLATE {key.collation.sql}")
    if key.opclass:
        options = f" ({', '.join(key.opclass_options)})" if key.opclass_options else ""
        parts.append(key.opclass + options)
    if key.descending:
        parts.append("DESC")
    if key.nulls_first != key.descending:
        parts.append("NULLS FIRST" if key.nulls_first else "NULLS LAST")
    return " ".join(parts)


def _changed(  # noqa: PLR0917 - in the order in which a sentence would say them
    operator: str, table: Table, index: Index, other: Index, change: str = "", explained: str = ""
) -> Fault:
    name = QualifiedName(table.name.schema, index.name).sql
    drop = f"DROP INDEX {name}"
    return planted(
        operator, table.name, index.name, drop, create(table, other),
        change=change, explained=explained,
    )  # fmt: skip


def _rebuilt(table: Table, index: Index) -> Iterator[Fault]:
    yield _changed("index-unique", table, index, replace(index, unique=not index.unique))
    if index.unique:
        nulls = replace(index, nulls_not_distinct=not index.nulls_not_distinct)
        keys = [key.column for key in index.keys]
        known = all(name and _is_known(table, index, name) for name in keys)
        explained = "none of its keys can be NULL" if known else ""
        yield _changed("index-nulls", table, index, nulls, "toggled", explained)
    if index.predicate is not None:
        yield _changed("index-predicate", table, index, replace(index, predicate=None), "dropped")
    column = index.keys[0].column
    if column is not None:
        present = f"({index.predicate}) AND " if index.predicate else ""
        null = f"{present}{quote(column)} IS NULL"
        yield _changed("index-predicate", table, index, replace(index, predicate=null), "added")
    if len(index.keys) > 1:
        reverse = replace(index, keys=index.keys[::-1])
        yield _changed("index-order", table, index, reverse, "reversed")
        for at, _ in enumerate(index.keys):
            fewer = replace(index, keys=index.keys[:at] + index.keys[at + 1 :])
            yield _changed("index-key-lost", table, index, fewer, f"key {at + 1}")
    yield from _shape(table, index)


def _is_known(table: Table, index: Index, column: str) -> bool:
    never = f"({quote(column)} IS NOT NULL)"
    return table.column(column).not_null or never in (index.predicate or "")


def _shape(table: Table, index: Index) -> Iterator[Fault]:
    spare = next((c for c in table.columns if _is_spare(c, index)), None)
    if spare is not None and index.method in ("btree", "gist"):
        more = replace(index, include=(*index.include, spare.name))
        yield _changed("index-include", table, index, more, f"{quote(spare.name)} added", _PLANS)
    if index.include:
        yield _changed("index-include", table, index, replace(index, include=()), "dropped", _PLANS)
    if index.method == "btree":
        for at, key in enumerate(index.keys):
            yield from _of_key(table, index, at, key)
        brin = replace(index, method="brin", unique=False)
        yield _changed("index-method", table, index, brin, "to brin")


def _is_spare(column: Column, index: Index) -> bool:
    used = {key.column for key in index.keys} | set(index.include)
    return column.name not in used and column.type.base in ("uuid", "int4", "int8", "timestamp")


def _of_key(table: Table, index: Index, at: int, key: IndexKey) -> Iterator[Fault]:
    def with_key(other: IndexKey) -> Index:
        return replace(index, keys=(*index.keys[:at], other, *index.keys[at + 1 :]))

    single = len(index.keys) == 1
    flipped = replace(key, descending=not key.descending, nulls_first=not key.descending)
    explained = _READ_BOTH_WAYS if single else _PLANS
    yield _changed("index-direction", table, index, with_key(flipped), f"key {at + 1}", explained)
    nulls = replace(key, nulls_first=not key.nulls_first)
    yield _changed("index-nulls-first", table, index, with_key(nulls), f"key {at + 1}", _PLANS)
    column = table.column(key.column) if key.column else None
    if column and column.type.base in _TEXTS and not column.type.array and not key.opclass:
        opclass = f"{column.type.base}_pattern_ops"
        yield _changed(
            "index-opclass", table, index, with_key(replace(key, opclass=opclass)),
            f"key {at + 1} to {opclass}", _PLANS,
        )  # fmt: skip


def _added(table: Table) -> Iterator[Fault]:
    column = table.columns[0]
    yield planted(
        "index-added", table.name, "pgassay_added",
        f"CREATE INDEX pgassay_added ON {table.name.sql} ({quote(column.name)})",
        explained=_PLANS,
    )  # fmt: skip
