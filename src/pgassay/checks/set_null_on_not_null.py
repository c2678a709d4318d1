"""A foreign key sets NULL in a column that takes none.

What it finds: ON DELETE SET NULL or ON UPDATE SET NULL of a foreign key one of whose columns is
NOT NULL, itself or by its domain. Of ON DELETE SET NULL (column, ...) those columns are meant.

Why it hurts: the action can never succeed. Every delete of a row that is referred to fails with
not_null_violation (23502), which names the wrong table and the wrong rule to whoever sees it.

Bad:
    create table author (id bigint primary key);
    create table book (
        id bigint primary key,
        author_id bigint not null references author on delete set null
    );
    create index on book (author_id);

Good:
    create table author (id bigint primary key);
    create table book (
        id bigint primary key,
        author_id bigint references author on delete set null
    );
    create index on book (author_id);

Fix: decide what was meant. The statement given keeps what the database does today and says so: NO
ACTION, or SET NULL of those columns alone that take NULL. If rows are to lose their parent, drop
the NOT NULL instead.

When to ignore: never.

Reference: PostgreSQL documentation, CREATE TABLE, REFERENCES.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.mending import with_action
from pgassay.core.case import Subject
from pgassay.core.catalog import Action
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote, quote_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground, ReferentialAction

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the actions that cannot succeed."""
    for taken in ground.relations.that_set(Action.SET_NULL):
        yield from _problem(ground, taken)


def _problem(ground: Ground, taken: ReferentialAction) -> Iterator[Problem]:
    table, key, columns, event = taken.table, taken.key, taken.columns, taken.event
    bad = tuple(c for c in columns if ground.relations.not_null(table.column(c)))
    if not bad:
        return
    rest = tuple(c for c in columns if c not in bad)
    if event == "UPDATE":
        fix = with_action(table, key, on_update=Action.NO_ACTION)
    elif rest:
        fix = with_action(table, key, on_delete=Action.SET_NULL, columns=rest)
    else:
        fix = with_action(table, key, on_delete=Action.NO_ACTION)
    yield Problem(
        subject=Subject(object=str(table.name), part=key.name),
        found=f"{quote(key.name)} says ON {event} SET NULL, and {quote_all(bad)} of {table.name} "
        f"{'is' if len(bad) == 1 else 'are'} NOT NULL",
        expected="an action that can succeed",
        fix=fix,
        evidence=(f"{quote(key.name)} {key.definition}",),
        discriminator=taken.discriminator,
    )
