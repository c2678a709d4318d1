"""Primary keys: every row has one, and no two rows have the same.

What it finds
    A primary key that is missing, that covers other columns than promised, or that is checked at
    another time (DEFERRABLE).

Why it hurts
    Without it the same row can be stored twice, and no UPDATE, DELETE or foreign key can name one
    of the two any more. Logical replication stops at such a table.

Bad example
    CREATE TABLE orders (id bigint NOT NULL, ...) with an index on id, built by hand.

Good example
    CREATE TABLE orders (id bigint PRIMARY KEY, ...)

How to fix
    Find the rows that are there twice, then CREATE UNIQUE INDEX CONCURRENTLY and
    ALTER TABLE ... ADD CONSTRAINT ... PRIMARY KEY USING INDEX ...

When to ignore
    Never.

Reference
    PostgreSQL documentation: Constraints, Primary Keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.collision import Collision
from pgassay.cases.timing import timings
from pgassay.cases.unique_key import unique_keys
from pgassay.core.case import Case, Refused, Subject, Unproven
from pgassay.core.catalog import ConstraintKind, PartitionStrategy
from pgassay.core.names import quote
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source
    from pgassay.core.catalog import Table

_KIND = "primary_key"
_WHY = "a row that is stored twice can no longer be named, changed or referred to as one"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the cases of every primary key."""
    for table in source.contract.roots():
        for key in unique_keys(table):
            constraint = key.constraint
            if constraint is None or constraint.kind is not ConstraintKind.PRIMARY_KEY:
                continue
            try:
                collision = Collision(source, _KIND, key, _WHY)
                duplicate = collision.duplicate()
            except Unsatisfiable as failure:
                subject = Subject(object=str(table.name), part=constraint.name)
                yield Unproven(
                    kind=_KIND, subject=subject, title="duplicate refused", reason=str(failure)
                )
                continue
            yield duplicate
            yield from collision.differing()
            yield from _null(source, collision)
            yield from timings(
                source.contract,
                _KIND,
                table,
                constraint,
                violating=duplicate,
                expect=collision.refused,
            )


def _null(source: Source, collision: Collision) -> Iterator[Case | Unproven]:
    table = collision.key.table
    for column in collision.key.columns:
        fork = collision.base.fork()
        title = f"NULL in {quote(column)} refused"
        try:
            row = fork.add(table)
        except Unsatisfiable as failure:
            yield collision.unproven(title, str(failure))
            continue
        fork.rows[-1] = row.with_values({column: None})
        expect = (
            Refused(sqlstate="23514")
            if _has_no_partition(source, table, column)
            else Refused(sqlstate="23502", column=column)
        )
        needs, steps = fork.trial(expect)
        yield Case(
            kind=_KIND,
            subject=collision.subject,
            title=title,
            needs=needs,
            steps=steps,
            why=_WHY,
            promise=collision.key.definition,
        )


def _has_no_partition(source: Source, table: Table, column: str) -> bool:
    """Whether NULL finds no partition: that is looked for before NOT NULL is."""
    key = table.partition_key
    if key is None or column not in key.columns or key.strategy is PartitionStrategy.HASH:
        return False
    return not any(
        part.partition and (part.partition.is_default or "NULL" in part.partition.bound)
        for part in source.built.partitions_of(table.name)
    )
