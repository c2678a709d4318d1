"""Whether an index finds the rows whose columns equal given values, as a foreign key asks for them.

The server asks `select 1 from ONLY t where a = $1 and b = $2` for each row of the other table that
is deleted or whose key changes (src/backend/utils/adt/ri_triggers.c).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgassay.core.catalog import TableKind
from pgassay.rows.conjuncts import conjuncts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.core.catalog import Catalog, Constraint, Index, Table

_NOT_NULL = re.compile(r'\(*(?P<name>[a-z_][\w$]*|"(?:[^"]|"")+") IS NOT NULL\)*')
_ONE_KEY = frozenset({"hash"})
_LEADING = frozenset({"btree", "gist", "spgist"})


def not_null_columns(predicate: str) -> frozenset[str] | None:
    """Return the columns that a predicate asks to be not null; None where it asks for more."""
    found = set()
    for part in conjuncts(predicate):
        match = _NOT_NULL.fullmatch(part)
        if match is None:
            return None
        name = match["name"]
        found.add(name[1:-1].replace('""', '"') if name.startswith('"') else name)
    return frozenset(found)


def finds(catalog: Catalog, table: Table, key: Constraint) -> bool:
    """Whether an index finds the rows that refer to one key of the other table.

    Some of the columns are enough where they alone tell a row of the other table. A partitioned
    table is asked as a whole: it may have the index itself, or each of its partitions one of its
    own.
    """
    enough = [set(key.columns), *_telling(catalog, key)]
    if any(_finds(index, key.columns, some) for index in table.indexes for some in enough):
        return True
    if table.kind is not TableKind.PARTITIONED:
        return False
    partitions = catalog.partitions_of(table.name)
    return bool(partitions) and all(finds(catalog, part, key) for part in partitions)


def _telling(catalog: Catalog, key: Constraint) -> Iterator[set[str]]:
    """Yield the columns of a key that refer to a narrower unique key of the other table."""
    other = next((one for one in catalog.tables if one.name == key.references), None)
    referring = dict(zip(key.referenced_columns, key.columns, strict=True))
    for index in other.indexes if other else ():
        columns = [part.column for part in index.keys]
        if index.unique and index.valid and index.predicate is None:
            some = {referring.get(column) for column in columns if column}
            if len(some) == len(columns) and None not in some:
                yield {column for column in some if column}


def _finds(index: Index, columns: tuple[str, ...], wanted: set[str]) -> bool:
    if not index.valid or not _holds_every_row(index, columns):
        return False
    # A key in a collation of its own is not what the foreign key compares by.
    keys = [None if k.collation else k.column for k in index.keys]
    if index.unique and None not in keys and set(keys) <= wanted:
        return True  # one row at most, whatever the other columns are
    if index.method in _ONE_KEY:
        return set(keys) == wanted
    return index.method in _LEADING and set(keys[: len(wanted)]) == wanted


def _holds_every_row(index: Index, columns: tuple[str, ...]) -> bool:
    """Whether every row that can be equal to something is in it: NULL equals nothing."""
    if index.predicate is None:
        return True
    asked = not_null_columns(index.predicate)
    return asked is not None and asked <= set(columns)
