"""NOT NULL is kept, and NULL is taken where the contract allows it.

What it finds: a column that lost its NOT NULL, or got one that nobody promised.

Why it hurts: a NULL that slips in breaks the code that trusts the model, long after the row was
written; a NOT NULL that the models do not know makes correct inserts fail in production.

Bad::

    email varchar(255)             -- the model says: Mapped[str]

Good::

    email varchar(255) not null

How to fix: `alter table users alter column email set not null;` after the rows that hold NULL
are mended (a CHECK that is NOT VALID, validated first, keeps the lock short).

When to ignore: never; change the contract instead.

Reference: https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.confirmation import over_tables
from pgassay.cases.ground import Ground, accepted, refused
from pgassay.core.case import Accepted, Case, Unproven
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Column
    from pgassay.rows.row import Row

KIND = "not_null"
_REFUSED = "code that trusts the column meets a NULL long after it was written"
_ACCEPTED = "a row that the contract allows would be turned away"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield a refused NULL for each NOT NULL column, an accepted one for each other."""
    return over_tables(KIND, source, _of_table)


def _of_table(ground: Ground) -> Iterator[Case | Unproven]:
    columns = [c for c in ground.table.columns if c.generated is None and c.identity is None]
    for column in columns:
        if column.name not in ground.nullable:
            yield _refused(ground, column)
    free = [c for c in columns if c.name in ground.nullable and ground.alone(c)]
    changes = [{column.name: None} for column in free]
    for column, (row, expected) in zip(free, ground.tried(changes) if free else (), strict=True):
        if isinstance(expected, Accepted):  # otherwise a CHECK never lets NULL in
            yield _taken(ground, column, row)


def _refused(ground: Ground, column: Column) -> Case | Unproven:
    title = "NULL refused"
    if column.name in ground.unplaced:
        reason = "no default partition: NULL finds no partition before NOT NULL is looked at"
        return ground.unproven(KIND, column, title, reason)
    # A domain's own NOT NULL is reported with the domain, not with the column.
    named = not any(d.not_null for d in ground.source.rows.types.domains(column.type))
    statement = ground.having({column.name: None}).insert()
    step = refused(statement, "23502", column=column.name if named else None)
    return ground.case(KIND, column, title, step, why=_REFUSED)


def _taken(ground: Ground, column: Column, row: Row) -> Case:
    statement = row.insert(f"{quote(column.name)}::text")
    return ground.case(KIND, column, "NULL accepted", accepted(statement, None), why=_ACCEPTED)
