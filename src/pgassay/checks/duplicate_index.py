"""Two indexes of a table are one and the same.

What it finds: two usable indexes with the same keys in the same order, operator classes,
collations, included columns, predicate and method, both unique or both not; or one that is not
unique beside a unique one that has all of that.

Why it hurts: every insert, and every update that is not HOT, writes both; both take room in memory
and on disk, and the planner never needs the second.

Bad:
    create table users (id bigint primary key, email text not null);
    create index users_email on users (email);
    create index users_email_idx on users (email);

Good:
    create table users (id bigint primary key, email text not null);
    create index users_email on users (email);

Fix: drop one of them. The statement given drops the one that no constraint owns, and of two such
the one that is later by name. If the server refuses because a foreign key depends on it, drop the
other.

When to ignore: in the time in which one takes the place of the other.

Reference: PostgreSQL documentation, chapter Indexes; Examining Index Usage.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.likeness import is_identity, is_key, sorted_alike
from pgassay.checks.mending import without_index
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Index, Table

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield each index that another one makes needless, being the same."""
    for table in ground.catalog.tables:
        usable = sorted((i for i in table.indexes if i.valid), key=lambda i: _worth(table, i))
        for kept, index in combinations(usable, 2):
            if not _same(kept, index) or index.parent or is_identity(table, index):
                continue
            yield Problem(
                subject=Subject(object=str(table.name), part=index.name),
                found=f"{quote(index.name)} is what {quote(kept.name)} is",
                expected="one index",
                fix=without_index(table, index),
                evidence=(kept.definition, index.definition),
                discriminator=kept.name,
            )


def _worth(table: Table, index: Index) -> tuple[object, ...]:
    """Return by what indexes are kept, the most needed first."""
    return (
        index.parent is None,
        not is_key(table, index),
        not is_identity(table, index),
        index.constraint is None,
        not index.unique,
        not index.clustered,
        index.name,
    )


def _same(kept: Index, index: Index) -> bool:
    return (
        kept.method == index.method
        and kept.predicate == index.predicate
        and sorted_alike(kept.keys, index.keys)
        and set(index.include) == set(kept.include)
        and (not index.unique or kept.unique)
        and (not index.unique or kept.nulls_not_distinct == index.nulls_not_distinct)
    )
