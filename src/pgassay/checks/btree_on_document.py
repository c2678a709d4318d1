"""A B-tree index is on a document, an array or a text search vector as a whole.

What it finds: a B-tree index that is not unique and whose only key is a column of type jsonb,
tsvector or an array.

Why it hurts: a B-tree answers only whether the whole value is equal, greater or less. What is asked
of such columns (does it contain, has it the key, does it match) reads the whole table, and values
of more than about 2,700 bytes are refused (54000).

Bad:
    create table item (id bigint primary key, tags text[], attributes jsonb);
    create index item_tags on item (tags);

Good:
    create table item (id bigint primary key, tags text[], attributes jsonb);
    create index item_tags on item using gin (tags);

Fix: a GIN index in its place.

When to ignore: values are short and compared as a whole.

Reference: PostgreSQL documentation, chapter Indexes, Index Types; GIN Indexes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import key_columns
from pgassay.checks.mending import without_index
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote
from pgassay.drift.ddl.clauses import index_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED
_DOCUMENTS = frozenset({"jsonb", "tsvector"})


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the B-trees on what is asked for its parts."""
    for table, index in ground.indexes():
        columns = key_columns(index)
        if index.method != "btree" or index.unique or columns is None or len(columns) != 1:
            continue
        column = table.column(columns[0])
        if not column.type.array and column.type.base not in _DOCUMENTS:
            continue
        changed = replace(
            index,
            method="gin",
            keys=(
                replace(
                    index.keys[0], opclass=None, descending=False, nulls_first=False, collation=None
                ),
            ),
            include=(),
            options=(),
        )
        yield Problem(
            subject=Subject(object=str(table.name), part=index.name),
            found=f"{quote(index.name)} is a B-tree on {quote(column.name)}, {column.type.sql}",
            expected="a GIN index",
            fix=f"{without_index(table, index)}\n{index_statement(changed, table.name)}",
            evidence=(index.definition,),
        )
