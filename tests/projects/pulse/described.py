"""A catalog in the terms of `facts.json`, and where the two differ.

Whatever a table, column, key or index has beyond what the facts can say (a predicate, an opclass,
a CHECK, a key that is not validated, …) is described too, so it is told as something extra instead
of passing unseen.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from pgassay.core.catalog import (
    Catalog,
    Column,
    Constraint,
    ConstraintKind,
    Index,
    IndexKey,
    Table,
)

Json = dict[str, Any]

TOLD = {
    # `comment` is ours to write, `position` says nothing, the rest is in the description itself.
    Column: {"name", "position", "type", "not_null", "default", "comment"},
    Constraint: {
        "name",
        "kind",
        "columns",
        "definition",
        "references",
        "referenced_columns",
        "on_delete",
        "on_update",
        "index",
        "comment",
    },
    Index: {"name", "keys", "definition", "comment"},
    IndexKey: {"column", "descending", "nulls_first"},
    Table: {"name", "columns", "constraints", "indexes", "comment"},
    Catalog: {"major", "schemas", "extensions", "enums", "tables"},
}
USUAL = {"method": "btree"}  # of fields without a default


def described(catalog: Catalog) -> Json:
    """What a database is, in the terms of the facts."""
    extensions = [e.name for e in catalog.extensions if e.name != "plpgsql"]
    return {
        **({"extensions": extensions} if extensions else {}),
        "enums": {enum.name.name: list(enum.labels) for enum in catalog.enums},
        "tables": {table.name.name: of_table(table) for table in catalog.tables},
        **unusual(catalog),
    }


def of_table(table: Table) -> Json:
    kinds = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE, ConstraintKind.FOREIGN_KEY)
    primary, unique, foreign = (table.of_kind(kind) for kind in kinds)
    others = [c for c in table.constraints if c.kind not in kinds]
    return {
        "columns": {column.name: of_column(column) for column in table.columns},
        "primary_key": {key.name: of_key(key) for key in primary},
        "uniques": {key.name: of_key(key) for key in unique},
        "indexes": {i.name: of_index(i) for i in table.indexes if i.constraint is None},
        "foreign_keys": {key.name: of_foreign_key(key) for key in foreign},
        **({"constraints": {c.name: c.definition for c in others}} if others else {}),
        **unusual(table),
    }


def of_column(column: Column) -> Json:
    facts: Json = {"type": column.type.sql, "nullable": not column.not_null}
    if column.default is not None:
        facts["default"] = column.default
    return facts | unusual(column)


def of_key(key: Constraint) -> list[Any]:
    return [*key.columns, *unusual(key).items()]


def of_index(index: Index) -> list[Any]:
    keys: list[Any] = []
    for key in index.keys:
        # An ascending key has NULLs last, a descending one first, unless somebody said otherwise.
        order = " desc" if key.descending else ""
        nulls = "" if key.nulls_first == key.descending else " nulls elsewhere"
        keys += [f"{key.column}{order}{nulls}", *unusual(key).items()]
    return [*keys, *unusual(index).items()]


def of_foreign_key(key: Constraint) -> Json:
    assert key.references is not None
    return {
        "columns": list(key.columns),
        "references": key.references.name,
        "referenced_columns": list(key.referenced_columns),
        "on_delete": key.on_delete.value,
        "on_update": key.on_update.value,
        **unusual(key),
    }


def unusual(part: Any) -> Json:
    """The fields that the description does not tell and that say something."""
    return {
        field.name: value
        for field in fields(part)
        if field.name not in TOLD[type(part)]
        and (value := getattr(part, field.name)) != USUAL.get(field.name, field.default)
    }


def differences(facts: Any, found: Any, path: str = "") -> Iterator[str]:
    """Everything that only one side has or that the two say differently, as paths."""
    if not (isinstance(facts, dict) and isinstance(found, dict)):
        if facts != found:
            yield f"{path}: {found} instead of {facts}"
        return
    for name in sorted({*facts, *found}):
        if name == "client":
            continue  # what the application fills in; no database knows it
        inner = f"{path}.{name}".removeprefix(".")
        if name not in found:
            yield f"{inner} is missing"
        elif name not in facts:
            yield f"{inner} is not in the facts"
        else:
            yield from differences(facts[name], found[name], inner)
