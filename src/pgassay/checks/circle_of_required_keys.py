"""Tables need each other's rows first, so that none can get its first row.

What it finds: a circle of foreign keys over two or more tables, none of which can be deferred and
all of whose columns are NOT NULL. A table that refers to itself is no such circle: its first row
can refer to itself.

Why it hurts: no INSERT into one of these tables can be the first. ORMs, loaders of test data and
restores of single tables fail with foreign_key_violation (23503); only one statement that writes
all of the tables (WITH ... INSERT) gets past the keys, or somebody who switches them off.

Bad:
    create table team (id bigint primary key, captain_id bigint not null);
    create table player (
        id bigint primary key,
        team_id bigint not null references team
    );
    create index on player (team_id);
    create index on team (captain_id);
    alter table team add foreign key (captain_id) references player;

Good:
    create table team (id bigint primary key, captain_id bigint not null);
    create table player (
        id bigint primary key,
        team_id bigint not null references team
    );
    create index on player (team_id);
    create index on team (captain_id);
    alter table team add foreign key (captain_id) references player
        deferrable initially deferred;

Fix: let one key of the circle wait for the end of the transaction, or let its column take NULL
until the other row is there.

When to ignore: the tables are filled by one statement on purpose.

Reference: PostgreSQL documentation, CREATE TABLE, DEFERRABLE; SET CONSTRAINTS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgassay.checks.check import Problem
from pgassay.checks.circles import circles
from pgassay.core.case import Subject
from pgassay.core.check import Need, Profile
from pgassay.core.finding import Severity
from pgassay.core.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgassay.checks.ground import Ground
    from pgassay.core.catalog import Constraint, Table
    from pgassay.core.names import QualifiedName

NEED = Need.CATALOG
SEVERITY = Severity.ERROR
PROFILE = Profile.RECOMMENDED


def find(ground: Ground) -> Iterator[Problem]:
    """Yield one problem a circle, at the key of it that is first by name."""
    required = [(t, k) for t, k in ground.relations.foreign_keys if _required(ground, t, k)]
    edges: dict[QualifiedName, set[QualifiedName]] = {}
    for table, key in required:
        assert key.references is not None
        edges.setdefault(table.name, set()).add(key.references)
    for circle in circles(edges):
        keys = [(t, k) for t, k in required if t.name in circle and k.references in circle]
        keys.sort(key=lambda pair: (pair[0].name, pair[1].name))
        table, key = keys[0]
        names = ", ".join(sorted(map(str, circle)))
        yield Problem(
            subject=Subject(object=str(table.name), part=key.name),
            found=f"{names} need each other's rows, and no key among them can be deferred",
            expected="a key that waits for the end of the transaction, or a column that takes NULL",
            fix=f"alter table {table.name.sql} alter constraint {quote(key.name)} "
            "deferrable initially deferred;",
            evidence=tuple(f"{t.name}: {quote(k.name)} {k.definition}" for t, k in keys),
        )


def _required(ground: Ground, table: Table, key: Constraint) -> bool:
    return (
        key.enforced
        and not key.deferrable
        and key.references != table.name
        and all(ground.relations.not_null(table.column(name)) for name in key.columns)
    )
