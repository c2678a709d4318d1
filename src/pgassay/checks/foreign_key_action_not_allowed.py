"""A foreign key has an action that the team has ruled out.

What it finds: a foreign key whose ON DELETE is not among the option `on_delete`, or whose ON UPDATE
is not among `on_update`. Without these options it finds nothing.

Why it hurts: a team that has decided how deletes travel wants to hear of the key that does it
otherwise before a delete does.

Bad:
    create table author (id bigint primary key);
    create table book (author_id bigint references author on delete cascade);
    create index on book (author_id);

Good:
    create table author (id bigint primary key);
    create table book (author_id bigint references author on delete restrict);
    create index on book (author_id);

Fix: one of the actions that are allowed; the statement given takes the first.

When to ignore: the exception has been talked over; then accept it, with the reason.

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
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Constraint, Table

NEED = Need.CATALOG
SEVERITY = Severity.WARNING
PROFILE = Profile.ALL
OPTIONS: dict[str, tuple[str, ...]] = {"on_delete": (), "on_update": ()}


def find(ground: Ground) -> Iterator[Problem]:
    """Yield the keys with other actions than those."""
    deletes = [Action(word.upper()) for word in ground.options["on_delete"]]
    updates = [Action(word.upper()) for word in ground.options["on_update"]]
    for table, key in ground.relations.foreign_keys:
        if deletes and key.on_delete not in deletes:
            fix = with_action(table, key, on_delete=deletes[0])
            yield _problem(table, key, f"ON DELETE {' or '.join(deletes)}", fix)
        if updates and key.on_update not in updates:
            fix = with_action(table, key, on_update=updates[0])
            yield _problem(table, key, f"ON UPDATE {' or '.join(updates)}", fix)


def _problem(table: Table, key: Constraint, expected: str, fix: str) -> Problem:
    return Problem(
        subject=Subject(object=str(table.name), part=key.name),
        found=f"{quote(key.name)} says ON DELETE {key.on_delete} ON UPDATE {key.on_update}",
        expected=expected,
        fix=fix,
        discriminator=expected[3:9].lower(),
    )
