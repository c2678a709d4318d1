"""A foreign key sets a default that its columns do not have.

What it finds: ON DELETE SET DEFAULT or ON UPDATE SET DEFAULT of a foreign key one of whose columns
has no default, neither its own nor its domain's. Of ON DELETE SET DEFAULT (column, ...) those
columns are meant.

Why it hurts: a default that is not there is NULL. Where the column is NOT NULL, every delete of a
row that is referred to fails with not_null_violation (23502); elsewhere the rows lose their
parent, while the schema says they get another one.

Bad:
    create table shelf (id bigint primary key);
    create table book (
        id bigint primary key,
        shelf_id bigint not null references shelf on delete set default
    );
    create index on book (shelf_id);

Good:
    create table shelf (id bigint primary key);
    create table book (
        id bigint primary key,
        shelf_id bigint not null default 0 references shelf on delete set default
    );
    create index on book (shelf_id);

Fix: give the column the default that is meant. The statement given keeps what the database does
today and says so: SET NULL, or NO ACTION where a column takes no NULL.

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
    """Yield the actions whose default is not there."""
    for taken in ground.relations.that_set(Action.SET_DEFAULT):
        yield from _problem(ground, taken)


def _problem(ground: Ground, taken: ReferentialAction) -> Iterator[Problem]:
    known, table, key, event = ground.relations, taken.table, taken.key, taken.event
    there = [table.column(name) for name in taken.columns]
    bad = tuple(c.name for c in there if known.default_of(c) is None and c.identity is None)
    if not bad:
        return
    fails = any(known.not_null(c) for c in there)
    action = Action.NO_ACTION if fails else Action.SET_NULL
    fix = (
        with_action(table, key, on_update=action)
        if event == "UPDATE"
        else with_action(table, key, on_delete=action, columns=() if fails else key.set_columns)
    )
    yield Problem(
        subject=Subject(object=str(table.name), part=key.name),
        found=f"{quote(key.name)} says ON {event} SET DEFAULT, and {quote_all(bad)} of "
        f"{table.name} {'has' if len(bad) == 1 else 'have'} no default"
        + (" and takes no NULL" if fails else ""),
        expected="a default that refers to a row which stays",
        fix=fix,
        evidence=(f"{quote(key.name)} {key.definition}",),
        discriminator=taken.discriminator,
    )
