"""Two foreign keys say the same.

What it finds: two foreign keys of one table with the same columns, referring to the same columns of
the same table.

Why it hurts: every write is checked twice. Where their actions differ, what a delete does depends
on which of them comes first by name.

Bad:
    create table author (id bigint primary key);
    create table book (
        author_id bigint references author,
        constraint book_author foreign key (author_id) references author on delete cascade
    );
    create index on book (author_id);

Good:
    create table author (id bigint primary key);
    create table book (author_id bigint references author on delete cascade);
    create index on book (author_id);

Fix: drop one of them. The statement given drops the one that is not validated, or else the one that
is later by name; if their actions differ, decide which is meant.

When to ignore: never.

Reference: PostgreSQL documentation, chapter Constraints, Foreign Keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import without_constraint
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Constraint

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield each foreign key that another one makes needless."""
    for table in ground.relations.by_name.values():
        kept: dict[tuple[object, ...], Constraint] = {}
        own = [key for key in table.foreign_keys if not key.inherited]
        for key in sorted(own, key=lambda k: (not k.enforced, not k.validated, k.name)):
            pairs = sorted(zip(key.columns, key.referenced_columns, strict=True))
            same = kept.setdefault((key.references, *pairs), key)
            if same is key:
                continue
            alike = (same.on_delete, same.on_update) == (key.on_delete, key.on_update)
            yield Problem(
                subject=Subject(object=str(table.name), part=key.name),
                found=f"{quote(key.name)} says what {quote(same.name)} says"
                + ("" if alike else ", with other actions"),
                expected="one foreign key",
                fix=without_constraint(table, key),
                evidence=tuple(f"{quote(k.name)} {k.definition}" for k in (same, key)),
            )
