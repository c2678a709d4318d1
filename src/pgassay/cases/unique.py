"""Unique keys: what must not be there twice is refused, and what may be is not.

What it finds
    A unique constraint or index that is missing, covers more or fewer columns, has lost its
    predicate or its expression (lower(email)), treats NULLs in another way, or is checked at
    another time. A key that is too strict is found as well: rows that differ must be accepted.

Why it hurts
    A missing key lets duplicates in, and removing them later is a project. A key that is too
    strict refuses customers: the second user without a user name, the second archived address.

Bad example
    CREATE INDEX ON users (email), and a check in the application that two requests at once pass.

Good example
    CREATE UNIQUE INDEX ON users (lower(email)) WHERE deleted_at IS NULL

How to fix
    CREATE UNIQUE INDEX CONCURRENTLY ...; then, for a constraint, ALTER TABLE ... ADD CONSTRAINT
    ... UNIQUE USING INDEX ...

When to ignore
    Never: if the migration is right, the models are wrong.

Reference
    PostgreSQL documentation: Constraints, Unique Constraints; Unique Indexes; Partial Indexes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.cases.collision import Collision
from pgassay.cases.timing import timings
from pgassay.cases.unique_key import UniqueKey, unique_keys
from pgassay.core.case import Case, Subject, Unproven
from pgassay.core.catalog import ConstraintKind
from pgassay.rows.unsatisfiable import Unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.cases.derivation import Source

_KIND = "unique"
_WHY = "duplicates that were let in once cannot be told apart later, and rows that differ are lost"


def derive(source: Source) -> Iterator[Case | Unproven]:
    """Yield the cases of every unique constraint and unique index but the primary keys."""
    for table in source.contract.roots():
        for key in unique_keys(table):
            constraint = key.constraint
            if constraint is None or constraint.kind is not ConstraintKind.PRIMARY_KEY:
                yield from _of_key(source, key)


def _of_key(source: Source, key: UniqueKey) -> Iterator[Case | Unproven]:
    try:
        collision = Collision(source, _KIND, key, _WHY)
        duplicate = collision.duplicate()
    except Unsatisfiable as failure:
        subject = Subject(object=str(key.table.name), part=key.name)
        yield Unproven(kind=_KIND, subject=subject, title="duplicate refused", reason=str(failure))
        return
    yield duplicate
    yield from collision.differing()
    yield from collision.null()
    yield from collision.outside()
    yield from collision.spelling()
    if key.constraint:
        yield from timings(
            source.contract,
            _KIND,
            key.table,
            key.constraint,
            violating=duplicate,
            expect=collision.refused,
        )
