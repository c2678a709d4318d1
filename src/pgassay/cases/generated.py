"""A generated column holds what the contract's expression computes, and takes nothing else.

What it finds: a generated column that became an ordinary one, or computes something else.

Why it hurts: an ordinary column keeps what somebody once wrote, while its sources move on; an
expression that differs gives every reader another number than the models promise.

Bad::

    total numeric generated always as (price + quantity) stored

Good::

    total numeric generated always as (price * quantity) stored

How to fix: `alter table t alter column total set expression as (price * quantity);` (PostgreSQL
17 and later), or drop and add the column; both rewrite the table.

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/ddl-generated-columns.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.confirmation import over_tables
from pgassay.cases.ground import Ground, accepted, refused, told
from pgassay.core.case import Accepted, Case, Unproven
from pgassay.core.names import quote
from pgassay.rows.expression import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Column
    from pgassay.core.statement import Value

KIND = "generated"
_WHY = "what is computed must follow its sources, and by the promised expression"
_NUMBERS = (1, 2, 3)


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield a refused explicit value, and computed ones, for each generated column."""
    return over_tables(KIND, source, _of_table)


def _of_table(ground: Ground) -> Iterator[Case | Unproven]:
    for column in ground.table.columns:
        if column.generated is None:
            continue
        explicit = ground.row.insert(written={column.name: "null"})
        yield ground.case(
            KIND, column, "explicit value refused", refused(explicit, "428C9"), why=_WHY
        )
        yield from _computed(ground, column, column.generated)


def _computed(ground: Ground, column: Column, expression: str) -> Iterator[Case]:
    """Yield the value from the sources of a valid row, from others, and from NULL."""
    sources = [
        c
        for c in ground.table.columns
        if c.generated is None and c.name in names(expression) and c.name not in ground.keys
    ]
    rows = ground.source.rows
    changes: list[dict[str, Value]] = [
        {c.name: rows.value(ground.table, c, number) for c in sources} for number in _NUMBERS
    ]
    changes += [{c.name: None} for c in sources if c.name in ground.nullable]
    tried = [dict(items) for items in dict.fromkeys(tuple(c.items()) for c in changes)]
    computed = f"(({expression})::{column.type.sql})::text"
    name = quote(column.name)
    read = told(f"{name}::text is not distinct from {computed}", "as promised", name)
    for change, expect in zip(tried, ground.expectations(tried), strict=True):
        if isinstance(expect, Accepted):
            insert = ground.having(change).insert(read)
            given = ", ".join(f"{quote(c)} {v or 'NULL'}" for c, v in change.items())
            title = f"computed from {given or 'nothing'}"
            yield ground.case(KIND, column, title, accepted(insert, "as promised"), why=_WHY)
